import os
from pathlib import Path

import pytest

from klout.services import pids
from tests.klout.services.conftest import Start
from tests.workers import wait_until

_STUBBORN = "from signal import *; signal(SIGTERM, SIG_IGN);"


def test_a_process_is_remembered_by_number_and_start(tmp_path: Path) -> None:
    file = tmp_path / "web.pid"
    pids.remember(file, os.getpid())
    assert pids.remembered(file) == os.getpid()
    pids.forget(file)
    assert pids.remembered(file) is None


def test_another_process_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "web.pid"
    pids.remember(file, os.getpid())
    number, start = file.read_text(encoding="ascii").splitlines()
    file.write_text(f"{number}\n{start}0\n", encoding="ascii")
    assert pids.remembered(file) is None
    assert pids.end_leftovers(tmp_path) == []


@pytest.mark.parametrize("text", ["", "x\ny\n", "-5\n\n", "99999999\nsome time\n"])
def test_a_broken_file_means_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "web.pid").write_text(text, encoding="ascii")
    assert pids.end_leftovers(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("program", ["", _STUBBORN])
def test_what_a_killed_start_left_is_ended(tmp_path: Path, start: Start, program: str) -> None:
    process = start(program)
    pids.remember(tmp_path / "worker.pid", process.pid)
    assert pids.end_leftovers(tmp_path, patience_seconds=1.0) == ["worker"]
    wait_until(lambda: process.poll() is not None, 10, "the end of the process")
