#!/usr/bin/env python3
"""Writes all pages of one list, or of one statistic, as CSV for a spreadsheet.

    TOKEN=… python3 export_csv.py question.graphql --output answer.csv

The question is one operation with `$after: String` and one root field that takes `after: $after` and selects `nodes` and
`pageInfo { hasNextPage endCursor }`. What was withheld is told on standard error: an empty cell alone does not tell.
"""

import argparse
import csv
import os
import sys
from pathlib import Path
from typing import TextIO

from civigrid import Failed, ask, run


def columns(row: dict, prefix: str = "") -> dict:
    """Nested values by dotted names: `{"key": {"board": "PARTY"}}` is the column `key.board`."""
    flat = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update(columns(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = " ".join(str(plain(one)) for one in value) if isinstance(value, list) else plain(value)
    return flat


def plain(value: object) -> object:
    """Truth as the graph spells it, not as Python does."""
    return str(value).lower() if isinstance(value, bool) else value


def harmless(value: object) -> object:
    """Free text that a spreadsheet would take for a formula gets an apostrophe."""
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def pages(question: str):
    """Gives the rows page by page, and tells once what of them is withheld."""
    after = None
    while True:
        answer = ask(question, {"after": after})
        if after is None:
            tell(answer["extensions"].get("access", {}))
        try:
            ((_, found),) = answer["data"].items()
            rows, page = [columns(node) for node in found["nodes"]], found["pageInfo"]
            more, after = page["hasNextPage"], page["endCursor"]
        except (KeyError, TypeError, ValueError):
            raise Failed("the question needs one root field that selects `nodes` and `pageInfo { hasNextPage endCursor }`") from None
        yield rows
        if not more:
            return


def tell(access: dict) -> None:
    for field in access.get("withheld", []):
        print(f"withheld: {field['type']}.{field['field']} ({field['reason']})", file=sys.stderr)
    for name in access.get("withoutRows", []):
        print(f"no row of {name} is in your scope", file=sys.stderr)


def write(rows: list, file: TextIO) -> None:
    # The names of all rows together, in the order they come; a related row that is null has no columns of its own.
    names = list(dict.fromkeys(name for row in rows for name in row))
    names = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
    writer = csv.DictWriter(file, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="TOKEN in the environment is the caller's token. SERVER=http://… names another server than http://127.0.0.1:8080.",
    )
    arguments.add_argument("question", type=argparse.FileType(encoding="utf-8"), help="the file that holds it; - for standard input")
    arguments.add_argument("--output", type=Path, help="the file to write; it appears when it is whole. Standard output if absent")
    chosen = arguments.parse_args()
    with chosen.question as file:
        question = file.read()
    rows = [row for page in pages(question) for row in page]
    if chosen.output is None:
        sys.stdout.reconfigure(encoding="utf-8-sig", newline="")
        write(rows, sys.stdout)
        return
    part = chosen.output.with_name(f"{chosen.output.name}.part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            write(rows, file)
        os.replace(part, chosen.output)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    run(main)
