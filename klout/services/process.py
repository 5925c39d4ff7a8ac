"""One service: a child process in a session of its own, whose output becomes lines of ours."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from klout.services import privileges
from klout.services.pids import forget, remember

# Delay before the first restart and the longest one; it doubles while the service dies young.
FIRST_BACKOFF_SECONDS = 0.4
LONGEST_BACKOFF_SECONDS = 10.0
# A one-shot step that failed so often in a row has a reason that waiting does not remove.
ONE_SHOT_TRIES = 6
# A service that lived so long was well: its next death starts the back-off anew.
HEALTHY_AFTER_SECONDS = 30.0


def tie_to_this_thread(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a preexec_fn: the kernel sends the child that signal when the starting thread dies."""
    return privileges.before_exec(privileges.RunAs("same"), death_signal)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a service is started, ended and judged."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    # Sent by the kernel when the supervisor itself is killed.
    death_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    run_as: privileges.RunAs = field(default_factory=lambda: privileges.RunAs("same"))
    # True: it does its work and ends; only a failure starts it again.
    one_shot: bool = False
    # Ended before the servers that it uses, side by side with the others that use them.
    leaves_first: bool = True
    # Runs before each start (removes a stale socket).
    before_start: Callable[[], None] | None = None


class Service:
    """A planned service and its present process.

    Everything but the reading of its output happens in the thread that made it: the kernel ties
    the child's life to the thread that started it.
    """

    def __init__(self, plan: Plan, *, say: Callable[[str, str], None], pid_folder: Path) -> None:
        self.plan = plan
        self.process: subprocess.Popen[bytes] | None = None
        self._say = say
        self._pid_file = pid_folder / f"{plan.name}.pid"
        self._started_at = 0.0
        self._deaths = 0
        self._pump: threading.Thread | None = None
        # Monotonic time of the next start after a death; None while it runs or is not wanted.
        self.restart_at: float | None = None

    def start(self) -> None:
        """Start the process and the thread that passes its lines on."""
        if self.plan.before_start:
            self.plan.before_start()
        self.restart_at = None
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(
            list(self.plan.command),
            cwd=self.plan.folder,
            env=dict(self.plan.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=privileges.before_exec(self.plan.run_as, self.plan.death_signal),
        )
        remember(self._pid_file, self.process.pid)
        self._pump = threading.Thread(target=self._pass_on, args=(self.process,), daemon=True)
        self._pump.start()

    def _pass_on(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._say(self.plan.name, line.decode(errors="replace").rstrip())

    @property
    def is_running(self) -> bool:
        """True while its process lives."""
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> None:
        """Note a death, and start the service again when its time has come."""
        if self.process is None or self.is_running:
            return
        now = time.monotonic()
        if self.restart_at is not None:
            if now >= self.restart_at:
                self.start()
            return
        code = self.process.returncode
        # Its own children outlive it otherwise: they would keep the port, or keep ticking.
        self._kill_group()
        forget(self._pid_file)
        if self.plan.one_shot and code == 0:
            self.process = None
            return
        self._deaths = self._deaths + 1 if now - self._started_at < HEALTHY_AFTER_SECONDS else 1
        if self.plan.one_shot and self._deaths >= ONE_SHOT_TRIES:
            self._say("up", f"{self.plan.name} failed {self._deaths} times; not trying again")
            self.process = None
            return
        wait = backoff_seconds(self._deaths)
        self.restart_at = now + wait
        self._say("up", f"{self.plan.name} {how_it_ended(code)}; starting it again in {wait:.1f} s")

    def ask_to_stop(self) -> None:
        """Send the signal that ends the service in good order."""
        self.restart_at = None
        if self.process is not None and self.is_running:
            self.process.send_signal(self.plan.stop_signal)

    def end(self) -> int:
        """Wait for an end that was asked for, kill what is left of its group, return its exit."""
        if self.process is None:
            return 0
        try:
            self.process.wait(self.plan.grace_seconds)
        except subprocess.TimeoutExpired:
            self._say("up", f"{self.plan.name} did not stop in time; ending its processes")
        self._kill_group()
        self.process.wait()
        if self._pump is not None:
            self._pump.join(2)
        forget(self._pid_file)
        code = self.process.returncode
        self.process = None
        return code

    def _kill_group(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def backoff_seconds(deaths: int) -> float:
    """Return the pause before the start after that many deaths in a row."""
    # The exponent is bounded: a service that dies for days must not overflow a float.
    return min(FIRST_BACKOFF_SECONDS * 2.0 ** min(deaths - 1, 10), LONGEST_BACKOFF_SECONDS)


def how_it_ended(code: int) -> str:
    """Return words for an exit code: "ended (exit 1)" or "was ended by SIGKILL"."""
    if code >= 0:
        return f"ended (exit {code})"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
