"""The servers that the tests run on are real ones, and a killed run leaves none behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.core.cache import cache
from django.db import connection

from klout.services.process import tie_to_this_thread
from tests.klout.installation import clean_environment
from tests.workers import ROOT, wait_until


@pytest.mark.django_db
def test_the_database_is_a_postgresql_of_this_worker_alone() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150_000
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    assert connection.settings_dict["NAME"].endswith(name)


def test_the_broker_keeps_what_it_is_given() -> None:
    cache.set("a", 1)
    assert cache.get("a") == 1


def test_a_killed_run_leaves_no_server(tmp_path: Path) -> None:
    """Beside this very run, which goes on."""
    probe = tmp_path / "test_probe.py"
    probe.write_text(
        "import pathlib, signal\n"
        "def test_waits():\n"
        f"    pathlib.Path({str(tmp_path / 'on')!r}).touch()\n"
        "    signal.pause()\n",
        encoding="utf-8",
    )
    temporary = tmp_path / "t"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-c", "pyproject.toml", str(probe)],
        cwd=ROOT,
        env=clean_environment(TMPDIR=str(temporary)),
        stdout=subprocess.DEVNULL,
        preexec_fn=tie_to_this_thread(signal.SIGKILL),
    ) as run:
        wait_until((tmp_path / "on").exists, 60, "the run's test")
        servers = psutil.Process(run.pid).children()
        assert len(servers) == 2
        run.kill()
    wait_until(
        lambda: (
            not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in servers)
        ),
        30,
        "the end of its servers",
    )
