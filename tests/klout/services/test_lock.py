from pathlib import Path

import pytest

from klout.services.lock import AlreadyRunning, Lock


def test_a_second_holder_is_refused_and_told_about_the_first(tmp_path: Path) -> None:
    with Lock(tmp_path / "up.lock") as lock:
        lock.tell("process 12, at http://127.0.0.1:8000")
        with pytest.raises(AlreadyRunning, match="process 12"), Lock(tmp_path / "up.lock"):
            pytest.fail("the lock was given twice")


def test_a_released_lock_is_free(tmp_path: Path) -> None:
    for _ in range(2):
        with Lock(tmp_path / "up.lock"):
            assert (tmp_path / "up.lock").read_text(encoding="ascii").startswith("process ")


def test_a_failed_holder_releases_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="boom"), Lock(tmp_path / "up.lock"):
        raise ValueError("boom")
    with Lock(tmp_path / "up.lock"):
        pass
