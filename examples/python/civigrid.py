"""Asks a Civigrid server, with the standard library alone.

`SERVER` is the server's address (the demonstration's unless set), `TOKEN` the caller's token.
"""

import json
import os
import time
import urllib.error
import urllib.request

BUSY = {429, 503}
ATTEMPTS = 6


class Refused(Exception):
    """The server refused the question, or a part of it; `code` is one of docs/errors.md."""

    def __init__(self, error: dict):
        extensions = error.get("extensions", {})
        self.code = extensions.get("code", "UNKNOWN")
        hint, request = extensions.get("hint", "no hint"), extensions.get("requestId")
        super().__init__(f"{self.code}: {error['message']} ({hint}; request {request})")


def ask(query: str, variables: dict) -> dict:
    """Gives the whole answer: `data`, and `extensions` with what was withheld. Raises Refused where it holds an error."""
    answer = _send_patiently(_request(query, variables))
    if answer.get("errors"):
        raise Refused(answer["errors"][0])
    return answer


def _request(query: str, variables: dict) -> urllib.request.Request:
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['TOKEN']}"}
    return urllib.request.Request(os.environ.get("SERVER", "http://127.0.0.1:8080") + "/graphql", body, headers)


def _send_patiently(request: urllib.request.Request) -> dict:
    """Sends again while the server is busy: after the seconds it names, else after longer and longer pauses."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _send(request)
        except urllib.error.HTTPError as error:
            if error.code not in BUSY or attempt == ATTEMPTS:
                raise
            time.sleep(float(error.headers.get("Retry-After") or 2**attempt / 4))
    raise AssertionError("the last attempt returns or raises")


def _send(request: urllib.request.Request) -> dict:
    """Gives the answer, which a refusal over HTTP carries too. Raises HTTPError where the server is busy."""
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code in BUSY or "json" not in error.headers.get("Content-Type", ""):
            raise
        return json.load(error)
