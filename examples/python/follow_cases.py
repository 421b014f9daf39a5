#!/usr/bin/env python3
"""Keeps a copy of the cases that a contract covers, and brings it up to date each time it is run.

    SERVER=http://127.0.0.1:8080 TOKEN=… python3 follow_cases.py cases.sqlite

The copy is an SQLite file: one line a case, and the moment up to which it is complete. Only the standard library is used.
"""

import argparse
import json
import sqlite3
from datetime import datetime, timedelta

from civigrid import Failed, ask, run

QUERY = """
query FollowCases($since: DateTime!, $first: Int!, $after: String) {
  cases(filter: { updatedAt: { gte: $since } }, orderBy: [{ field: UPDATED_AT }], first: $first, after: $after) {
    nodes { id version updatedAt number state openedAt closedAt category { code } region(level: COMMUNITY) { code } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

BEGINNING = "2000-01-01T00:00:00.000000Z"
# A change that is written slowly may appear with a moment that has already been read past: read the last minutes again.
OVERLAP = timedelta(minutes=5)


def open_copy(path: str) -> sqlite3.Connection:
    copy = sqlite3.connect(path)
    copy.executescript(
        """
        CREATE TABLE IF NOT EXISTS cases (id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS complete_until (moment TEXT NOT NULL);
        """
    )
    return copy


def take(copy: sqlite3.Connection, rows: list) -> int:
    """Writes the rows that are new or newer, with the moment they reach, in one transaction. Gives how many there were."""
    changed = 0
    with copy:
        for row in rows:
            changed += copy.execute(
                """INSERT INTO cases VALUES (:id, :version, :row)
                   ON CONFLICT (id) DO UPDATE SET version = :version, row = :row WHERE version < :version""",
                {"id": row["id"], "version": row["version"], "row": json.dumps(row, ensure_ascii=False)},
            ).rowcount
        if rows:
            copy.execute("DELETE FROM complete_until")
            copy.execute("INSERT INTO complete_until VALUES (?)", (rows[-1]["updatedAt"],))
    return changed


def start_of(copy: sqlite3.Connection) -> str:
    """The moment to read from: a little before the one that the copy reaches."""
    reached = copy.execute("SELECT moment FROM complete_until").fetchone()
    if reached is None:
        return BEGINNING
    return (datetime.fromisoformat(reached[0].replace("Z", "+00:00")) - OVERLAP).isoformat()


def follow(copy: sqlite3.Connection, page: int, most_pages: int) -> dict:
    """Reads page after page. Killed at any moment, the next run goes on from the last page that was written."""
    since, after, pages, changed = start_of(copy), None, 0, 0
    while pages < most_pages:
        cases = ask(QUERY, {"since": since, "first": page, "after": after})["data"]["cases"]
        pages += 1
        changed += take(copy, cases["nodes"])
        if not cases["pageInfo"]["hasNextPage"]:
            break
        after = cases["pageInfo"]["endCursor"]
    (held,) = copy.execute("SELECT count(*) FROM cases").fetchone()
    return {"pages": pages, "changed": changed, "held": held}


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="TOKEN in the environment is the caller's token. SERVER=http://… names another server than http://127.0.0.1:8080.",
    )
    arguments.add_argument("copy", help="the SQLite file that holds the copy")
    arguments.add_argument("--page", type=int, default=500, help="rows a page, at most 1,000")
    arguments.add_argument("--pages", type=int, default=1_000_000, help="stop after so many pages; the next run goes on")
    chosen = arguments.parse_args()
    try:
        print(json.dumps(follow(open_copy(chosen.copy), chosen.page, chosen.pages)))
    except sqlite3.Error as error:
        raise Failed(f"{chosen.copy}: {error}") from None


if __name__ == "__main__":
    run(main)
