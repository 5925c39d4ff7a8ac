"""Whether our own processes answer, asked over loopback.

`python -m klout.services.http http://127.0.0.1:8000/readyz` ends with 0 where it answers 200.
"""

import os
import socket
import sys
import urllib.error
import urllib.request

# No proxy of the environment may stand between two processes of one machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str, timeout_seconds: float = 1.0, *, host: str = "") -> bool:
    """Return True where the address answers 200; `host` is the name to ask for, if another."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310
    try:
        with _direct.open(request, timeout=timeout_seconds) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return True where nobody listens on the port and we may."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of a server that just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def own_host() -> str:
    """Return a host name that this copy answers to, or "" where any will do."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return "" if first == "*" else first.removeprefix(".")


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1], 4.0, host=own_host()) else 1)
