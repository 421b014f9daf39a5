"""Asks a Civigrid server, with the standard library alone.

`SERVER` is the server's address (the demonstration's unless set), `TOKEN` the caller's token.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

BUSY = {429, 503}
LONGEST_WAIT = 60
ATTEMPTS = 6


class Failed(Exception):
    """What went wrong, in one line for whoever started the program."""


def run(main: Callable[[], None]) -> None:
    """Runs a program. What goes wrong is told in one line and not by a traceback; the exit code is then 1."""
    try:
        main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would write what is left once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _give_up("whoever reads the output has closed it; the rest is not written")
    except (Failed, Refused, OSError) as error:
        _give_up(error)
    except KeyboardInterrupt:
        _give_up("stopped")


def _give_up(reason: object) -> None:
    sys.exit(f"{Path(sys.argv[0]).name}: {reason}")


class Refused(Exception):
    """The server refused the question, or a part of it; `code` is one of docs/errors.md."""

    def __init__(self, error: dict):
        extensions = error.get("extensions", {})
        self.code = extensions.get("code", "UNKNOWN")
        hint, request = extensions.get("hint", "no hint"), extensions.get("requestId")
        super().__init__(f"{self.code}: {error['message']} ({hint}; request {request})")


def server() -> str:
    """The server's address."""
    return os.environ.get("SERVER", "http://127.0.0.1:8080").rstrip("/")


def ask(query: str, variables: dict) -> dict:
    """Gives the whole answer: `data`, and `extensions` with what was withheld. Raises Refused where it holds an error."""
    answer = _send_patiently(_request(query, variables))
    if answer.get("errors"):
        raise Refused(answer["errors"][0])
    return answer


def _request(query: str, variables: dict) -> urllib.request.Request:
    token = os.environ.get("TOKEN", "").strip()
    if not (token and token.isascii() and token.isprintable()):
        raise Failed("set TOKEN to the caller's token: export TOKEN=eyJ…")
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        return urllib.request.Request(server() + "/graphql", body, headers)
    except ValueError:
        raise Failed(f"SERVER is no address: {server()}") from None


def _send_patiently(request: urllib.request.Request) -> dict:
    """Sends again while the server is busy: after the seconds it names, else after longer and longer pauses."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _send(request)
        except urllib.error.HTTPError as error:
            if error.code not in BUSY or attempt == ATTEMPTS:
                raise Failed(f"{server()} answers {error.code} {error.reason}") from None
            wait = float(error.headers.get("Retry-After") or 2**attempt / 4)
            # A day's quota that is used up comes back at midnight: nobody waits here for that.
            if wait > LONGEST_WAIT:
                raise Failed(f"{server()} answers {error.code} {error.reason}: again in {wait:.0f} seconds") from None
            time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _send(request: urllib.request.Request) -> dict:
    """Gives the answer, which a refusal over HTTP carries too. Raises HTTPError where the server is busy or gives no JSON."""
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code in BUSY or "json" not in error.headers.get("Content-Type", ""):
            raise
        return json.load(error)
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise Failed(f"{server()} cannot be asked: {getattr(error, 'reason', error) or 'no answer'}") from None
    except ValueError:
        raise Failed(f"{server()} does not answer with JSON; is that the address of a Civigrid server?") from None
