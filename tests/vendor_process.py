"""A fake vendor as a process of its own, for the pytest plugins that run one each."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from klout.services.process import tie_to_this_thread


@dataclass(frozen=True, slots=True)
class VendorServer:
    """The server's address, and the controls that tests need."""

    url: str

    def control(self, **change: Any) -> Any:
        """Change how it behaves; return what it was asked and what it holds."""
        request = Request(
            f"{self.url}/control",
            data=json.dumps(change).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def fault(self, match: str, **fault: Any) -> None:
        """Let requests whose path holds `match` fail once: status=… or mode=…, times=…."""
        self.control(faults=[{"match": match, **fault}])


@contextmanager
def running(module: str) -> Iterator[str]:
    """Yield the address of `python -m module`, which ends with the caller, even by kill -9."""
    process = subprocess.Popen(
        (sys.executable, "-m", module),
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tie_to_this_thread(signal.SIGTERM),
    )
    assert process.stdout is not None
    # Written once the port is open: nothing needs to be asked again and again.
    line = process.stdout.readline()
    if " at http" not in line:
        process.wait()
        raise RuntimeError(f"{module} did not start: {line!r}")
    try:
        yield line.rsplit(" at ", 1)[1].strip()
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
