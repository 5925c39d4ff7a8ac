"""A Redis-protocol server of our own, reached by socket, its data in an append-only file."""

import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from klout.services.binaries import broker_program

LONGEST_SOCKET_FOLDER = 90


class BrokerFailed(RuntimeError):
    """The broker ended or did not answer."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker's program, data and socket are."""

    program: Path
    data: Path
    socket_path: Path

    def url(self, database: int = 0) -> str:
        """Return the REDIS_URL of one of its numbered databases."""
        return f"unix://{self.socket_path}?db={database}"

    def command(self) -> list[str]:
        """Return the command line of the server."""
        return [
            str(self.program),
            *("--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "700"),
            *("--dir", str(self.data), "--appendonly", "yes", "--save", ""),
            *("--loglevel", "warning", "--maxmemory-policy", "noeviction", "--databases", "64"),
        ]


def prepare(data: Path) -> Broker:
    """Return the broker whose data folder is `data`; a socket left by a killed one is removed."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = data
    if len(str(data)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.gettempdir()) / f"klout-broker-{data.stat().st_ino}"
        folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / "s"
    path.unlink(missing_ok=True)
    return Broker(broker_program(), data, path)


def wait_until_ready(
    broker: Broker, process: "subprocess.Popen[bytes]", timeout_seconds: float = 20
) -> None:
    """Return when the broker answers PING; raise BrokerFailed when it ends or takes too long."""
    until = time.monotonic() + timeout_seconds
    while not _answers(broker.socket_path):
        if process.poll() is not None:
            raise BrokerFailed(f"The broker stopped at its start (exit {process.returncode}).")
        if time.monotonic() > until:
            raise BrokerFailed(f"The broker did not answer within {timeout_seconds:.0f} s.")
        time.sleep(0.02)


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            # LOADING is an answer too, but not yet a ready one.
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
