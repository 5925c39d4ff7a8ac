"""Whether our own processes answer, asked over loopback."""

import socket
import urllib.error
import urllib.request

# No proxy of the environment may stand between two processes of one machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str, timeout_seconds: float = 1.0) -> bool:
    """Return True where the address answers 200."""
    try:
        with _direct.open(url, timeout=timeout_seconds) as answer:
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
