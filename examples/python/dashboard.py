#!/usr/bin/env python3
"""Asks the eight statistics of a city's dashboard in one request, several times, and says how long the answers took.

    TOKEN=… python3 dashboard.py --times 40

The token is that of a secretary: members by organisation and minutes by kind of team are not for everyone.
"""

import argparse
import time

from civigrid import Failed, ask, run

DASHBOARD = """
query Dashboard {
  people: personStats(groupBy: [{ region: DISTRICT }, { field: AGE_BAND }], first: 500) {
    nodes { key { region { name } ageBand } count }
  }
  firms: businessStats(groupBy: [{ field: INDUSTRY_DIVISION }], first: 200) { nodes { key { industryDivision } count } }
  cases: caseStats(groupBy: [{ field: CATEGORY }, { time: { field: OPENED_AT, by: MONTH } }], first: 1000) {
    nodes { key { category { name } period } count }
  }
  onTime: caseStats(filter: { closedAt: { isNull: false } }, groupBy: [{ region: STREET }, { field: ON_TIME }], first: 1000) {
    nodes { key { region { name } onTime } count }
  }
  members: partyMemberStats(
    filter: { fullyVisible: [ORGANIZATION] }, groupBy: [{ field: ORGANIZATION }], orderBy: [{ by: COUNT, direction: DESC }], first: 500
  ) { nodes { key { organization { name } } count } }
  hours: serviceRecordStats(
    filter: { fullyVisible: [ACTIVITY] }, groupBy: [{ of: { activity: { of: { team: { field: KIND } } } } }]
  ) { nodes { key { of { activity { of { team { kind } } } } } sum { minutes } } }
  enrollments: enrollmentStats(filter: { fullyVisible: [PROJECT] }, groupBy: [{ field: PROJECT }], first: 100) {
    nodes { key { project { title } } count }
  }
  riders: newOccupationWorkerStats(filter: { fullyVisible: [PLATFORM] }, groupBy: [{ field: PLATFORM }], first: 100) {
    nodes { key { platform { name } } count }
  }
}
"""


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="TOKEN in the environment is the caller's token. SERVER=http://… names another server than http://127.0.0.1:8080.",
    )
    arguments.add_argument("--times", type=int, default=5, help="how often to ask")
    times = arguments.parse_args().times
    took = []
    for _ in range(max(times, 1)):
        begun = time.monotonic()
        answer = ask(DASHBOARD, {})
        took.append(1000 * (time.monotonic() - begun))
        if answer.get("errors"):
            raise Failed(answer["errors"][0]["message"])
    for name, statistic in answer["data"].items():
        print(f"{name}: {len(statistic['nodes'])} groups")
    later = sorted(took[2:]) or took
    at = lambda share: later[min(int(share * len(later)), len(later) - 1)]
    print(f"first {took[0]:.0f} ms, then half within {at(0.5):.0f} ms and 95 of 100 within {at(0.95):.0f} ms")


if __name__ == "__main__":
    run(main)
