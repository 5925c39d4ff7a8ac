"""Keeps services running until it is told to stop; they are children and die with it."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from klout.services.guard import Guard
from klout.services.process import Plan, Service

# How often the services are looked after.
ROUND_SECONDS = 0.2


class Stopped(Exception):
    """Somebody asked to stop (Ctrl-C, SIGTERM, the terminal went away)."""


class Failed(RuntimeError):
    """A step of the start failed; the text says which."""


class Supervisor:
    """Starts services, watches them, and ends them in the reverse order of their start."""

    def __init__(self, say: Callable[[str, str], None], pid_folder: Path) -> None:
        self.say = say
        self._pid_folder = pid_folder
        self.services: list[Service] = []
        self._stop = threading.Event()
        pid_folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @contextmanager
    def until_stopped(self) -> Iterator[None]:
        """While the context lasts signals only ask to stop; at its end every service is ended."""

        def ask(number: int, frame: FrameType | None) -> None:
            self._stop.set()

        wanted = [signal.SIGINT, signal.SIGTERM]
        # Under nohup the end of the terminal is to be ignored.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            wanted.append(signal.SIGHUP)
        before = {number: signal.signal(number, ask) for number in wanted}
        guard = Guard(self._pid_folder)
        try:
            yield
        finally:
            self.end_all()
            guard.dismiss()
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self, plan: Plan) -> Service:
        """Start a service that is looked after from now on."""
        self.check()
        service = Service(plan, say=self.say, pid_folder=self._pid_folder)
        service.start()
        self.services.append(service)
        return service

    def check(self) -> None:
        """Raise Stopped where somebody asked to stop."""
        if self._stop.is_set():
            raise Stopped

    def pause(self, seconds: float = ROUND_SECONDS) -> None:
        """Look after all services once, then wait; a request to stop ends the wait at once."""
        for service in self.services:
            service.look_after()
        self._stop.wait(seconds)
        self.check()

    def wait_for(
        self, condition: Callable[[], bool], what: str, timeout_seconds: float = 60
    ) -> None:
        """Return when the condition is true; raise Failed when it takes too long."""
        waited = 0.0
        while not condition():
            if waited > timeout_seconds:
                raise Failed(f"{what} was not ready within {timeout_seconds:.0f} s.")
            self.pause(0.05)
            waited += 0.05

    def run(self, plan: Plan) -> None:
        """Run a one-shot step to its end; raise Failed where it fails."""
        step = Service(plan, say=self.say, pid_folder=self._pid_folder)
        step.start()
        try:
            while step.is_running:
                self.pause(0.02)
        except Stopped:
            step.ask_to_stop()
            raise
        finally:
            code = step.end()
        if code:
            raise Failed(f"{plan.name} failed (exit {code}); what it said is above.")

    def watch(self) -> None:
        """Look after the services until somebody asks to stop (raises Stopped)."""
        while True:
            self.pause()

    def end_all(self) -> None:
        """End all services, those last that the others need."""
        _end([service for service in self.services if service.plan.leaves_first])
        for service in reversed([s for s in self.services if not s.plan.leaves_first]):
            _end([service])
        self.services.clear()


def _end(services: Sequence[Service]) -> None:
    """Ask all of them first, so that they end side by side."""
    for service in services:
        service.ask_to_stop()
    for service in services:
        service.end()
