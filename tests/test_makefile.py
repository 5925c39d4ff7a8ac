"""The Makefile takes a Python that runs, and says what to do where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers import ROOT


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with two names that do not help: a shim without its version, and an old Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, lines in {"python3.13": "exit 127", "python3": "exit 1"}.items():
        _program(folder / name, lines)
    return folder


def _program(path: Path, lines: str) -> None:
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(0o755)


def make(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    assert program, "make is needed to run the project and its tests"
    return subprocess.run(
        [program, "--no-print-directory", *arguments],
        cwd=ROOT,
        env={"PATH": str(path), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_runs_is_taken(programs: Path) -> None:
    _program(programs / "python3.12", f'exec "{sys.executable}" "$@"')
    found = make("which-python", path=programs)
    assert found.returncode == 0, found.stderr
    assert found.stdout == "python3.12\n"


def test_a_named_python_comes_first(programs: Path) -> None:
    _program(programs / "python3.12", f'exec "{sys.executable}" "$@"')
    found = make("which-python", f"WITH_PYTHON={sys.executable}", path=programs)
    assert found.stdout == f"{sys.executable}\n"


def test_without_one_it_says_what_to_install(programs: Path) -> None:
    found = make("which-python", path=programs)
    assert found.returncode != 0
    assert "No Python 3.11" in found.stderr
    assert "WITH_PYTHON=" in found.stderr


def test_help_lists_the_commands() -> None:
    listed = make("help", path=Path(os.defpath.split(":")[-1]))
    assert listed.returncode == 0, listed.stderr
    for command in ("run", "test", "test-all", "lint", "bench", "shots", "lock", "clean"):
        assert f"make {command} " in listed.stdout
