import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from klout.services import privileges
from klout.services.process import (
    LONGEST_BACKOFF_SECONDS,
    ONE_SHOT_TRIES,
    Plan,
    Service,
    backoff_seconds,
    how_it_ended,
    tie_to_this_thread,
)
from klout.services.supervisor import Failed, Stopped, Supervisor
from tests.workers import wait_until

# A service with a child of its own that would outlive it.
_PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print('child', child.pid, flush=True)\n"
    "time.sleep(600)\n"
)


def plan(code: str, folder: Path, *, one_shot: bool = False, grace_seconds: float = 10) -> Plan:
    return Plan(
        name="probe",
        command=[sys.executable, "-c", code],
        environment=dict(os.environ),
        folder=folder,
        one_shot=one_shot,
        grace_seconds=grace_seconds,
    )


class Heard:
    """What services said, from whichever thread."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, text: str) -> None:
        self.lines.append((name, text))

    def child_pid(self) -> int:
        wait_until(lambda: any(text.startswith("child") for _, text in self.lines), 20)
        return [int(text.split()[1]) for _, text in self.lines if text.startswith("child")][-1]


def is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def watch_until(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    """Look after the services until the condition is true."""

    def is_true() -> bool:
        supervisor.pause(0.01)
        return condition()

    wait_until(is_true, 30)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_lines_are_passed_on_with_the_name(tmp_path: Path, heard: Heard) -> None:
    service = Service(plan("print('one'); print('two')", tmp_path), say=heard, pid_folder=tmp_path)
    service.start()
    wait_until(lambda: not service.is_running, 20)
    assert service.end() == 0
    assert heard.lines == [("probe", "one"), ("probe", "two")]
    assert list(tmp_path.glob("*.pid")) == []


def test_stopping_ends_the_children_of_a_service_too(tmp_path: Path, heard: Heard) -> None:
    service = Service(plan(_PARENT, tmp_path), say=heard, pid_folder=tmp_path)
    service.start()
    child = heard.child_pid()
    service.ask_to_stop()
    service.end()
    wait_until(lambda: not is_alive(child), 10, "the end of the child")


def test_a_service_that_does_not_listen_is_killed(tmp_path: Path, heard: Heard) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('child 0', flush=True); time.sleep(600)"
    )
    service = Service(plan(code, tmp_path, grace_seconds=0.2), say=heard, pid_folder=tmp_path)
    service.start()
    heard.child_pid()
    service.ask_to_stop()
    assert service.end() == -signal.SIGKILL
    assert ("up", "probe did not stop in time; ending its processes") in heard.lines


def test_a_dead_service_is_started_again_without_its_old_children(
    tmp_path: Path, heard: Heard
) -> None:
    supervisor = Supervisor(heard, tmp_path)
    with supervisor.until_stopped():
        service = supervisor.start(plan(_PARENT, tmp_path))
        first, child = service.process, heard.child_pid()
        assert first is not None
        first.kill()

        watch_until(supervisor, lambda: service.process is not first and service.is_running)
        assert not is_alive(child)
    assert not service.is_running
    assert any("was ended by SIGKILL; starting it again" in text for _, text in heard.lines)


def test_a_one_shot_step_that_worked_is_not_repeated(tmp_path: Path, heard: Heard) -> None:
    supervisor = Supervisor(heard, tmp_path)
    with supervisor.until_stopped():
        service = supervisor.start(plan("print('done')", tmp_path, one_shot=True))
        watch_until(supervisor, lambda: service.process is None)
    assert [text for name, text in heard.lines if name == "probe"] == ["done"]


def test_a_one_shot_step_that_keeps_failing_is_given_up(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klout.services.process.FIRST_BACKOFF_SECONDS", 0.001)
    supervisor = Supervisor(heard, tmp_path)
    with supervisor.until_stopped():
        service = supervisor.start(plan("raise SystemExit(7)", tmp_path, one_shot=True))
        watch_until(supervisor, lambda: service.process is None)
    assert ("up", f"probe failed {ONE_SHOT_TRIES} times; not trying again") in heard.lines


def test_a_failed_step_stops_the_start_and_says_which(tmp_path: Path, heard: Heard) -> None:
    supervisor = Supervisor(heard, tmp_path)
    with supervisor.until_stopped(), pytest.raises(Failed, match=r"probe failed \(exit 3\)"):
        supervisor.run(plan("print('because'); raise SystemExit(3)", tmp_path, one_shot=True))
    assert ("probe", "because") in heard.lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_good_order(
    tmp_path: Path, heard: Heard, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    supervisor = Supervisor(heard, tmp_path)
    with supervisor.until_stopped():
        service = supervisor.start(plan(_PARENT, tmp_path))
        child = heard.child_pid()
        os.kill(os.getpid(), number)
        with pytest.raises(Stopped):
            supervisor.watch()
        assert is_alive(child)
    assert not service.is_running
    wait_until(lambda: not is_alive(child), 10, "the end of the child")
    assert signal.getsignal(number) == before


def test_the_pause_between_starts_grows_and_has_an_end() -> None:
    pauses = [backoff_seconds(deaths) for deaths in (1, 2, 3, 10, 10_000)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_BACKOFF_SECONDS


def test_ends_are_told_in_words() -> None:
    assert how_it_ended(3) == "ended (exit 3)"
    assert how_it_ended(-9) == "was ended by SIGKILL"
    assert how_it_ended(-250) == "was ended by signal 250"


@pytest.mark.parametrize("ending", privileges.ENDING_SIGNALS)
def test_what_ends_a_service_ends_it_even_where_its_starter_ignored_the_signal(
    ending: signal.Signals,
) -> None:
    """As under a shell's `&`, before the service's program has handlers of its own."""
    before = signal.signal(ending, signal.SIG_IGN)
    try:
        child = subprocess.Popen(["sleep", "600"], preexec_fn=tie_to_this_thread(signal.SIGTERM))
    finally:
        signal.signal(ending, before)
    child.send_signal(ending)
    try:
        assert child.wait(20) == -ending
    finally:
        child.kill()


def test_a_service_whose_starter_died_meanwhile_does_not_begin() -> None:
    prepare = tie_to_this_thread(signal.SIGTERM)
    # Forked by a process that is not the one the service was meant to be tied to.
    code = os.waitpid(_fork(lambda: prepare()), 0)[1]
    assert os.waitstatus_to_exitcode(code) == 0
    grandchild = os.waitpid(_fork(lambda: _fork_and_pass_on(prepare)), 0)[1]
    assert os.waitstatus_to_exitcode(grandchild) == privileges.ORPHANED


def _fork(then: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        then()
        os._exit(0)
    return pid


def _fork_and_pass_on(then: Callable[[], None]) -> None:
    os._exit(os.waitstatus_to_exitcode(os.waitpid(_fork(then), 0)[1]))
