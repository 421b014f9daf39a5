#!/usr/bin/env python3
"""Writes all pages of one list, or of one statistic, as CSV for a spreadsheet.

    TOKEN=… python3 export_csv.py question.graphql > answer.csv

The question is one operation with `$after: String` and one root field that takes `after: $after` and selects `nodes` and
`pageInfo { hasNextPage endCursor }`. What was withheld is told on standard error: an empty cell alone does not tell.
"""

import argparse
import csv
import sys

from civigrid import ask


def columns(row: dict, prefix: str = "") -> dict:
    """Nested values by dotted names: `{"key": {"board": "PARTY"}}` is the column `key.board`."""
    flat = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update(columns(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = " ".join(map(str, value)) if isinstance(value, list) else value
    return flat


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
        ((_, found),) = answer["data"].items()
        yield [columns(node) for node in found["nodes"]]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def tell(access: dict) -> None:
    for field in access.get("withheld", []):
        print(f"withheld: {field['type']}.{field['field']} ({field['reason']})", file=sys.stderr)
    for name in access.get("withoutRows", []):
        print(f"no row of {name} is in your scope", file=sys.stderr)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("question", type=argparse.FileType(encoding="utf-8"), help="the file that holds it; - for standard input")
    with arguments.parse_args().question as file:
        question = file.read()
    rows = [row for page in pages(question) for row in page]
    # The names of all rows together, in the order they come; a related row that is null has no columns of its own.
    names = list(dict.fromkeys(name for row in rows for name in row))
    names = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
    sys.stdout.reconfigure(encoding="utf-8-sig", newline="")
    writer = csv.DictWriter(sys.stdout, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)


if __name__ == "__main__":
    main()
