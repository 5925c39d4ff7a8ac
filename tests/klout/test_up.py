"""`manage.py up` for real: starts, answers, refuses a second one, survives kills, stops cleanly.

The tests share one installation, which each of them finds running or stopped: any order works.
"""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.klout.installation import Installation, describe
from tests.workers import wait_until

pytestmark = pytest.mark.xdist_group("up")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may pass through, as a project's folder is."""
    folder = Path(tempfile.mkdtemp(prefix="klout-up-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def installation(folder: Path) -> Iterator[Installation]:
    made = Installation(folder)
    yield made
    made.end()


def test_pages_answer_after_the_first_start(installation: Installation) -> None:
    installation.ensure_running()
    assert installation.answers("/")
    assert installation.answers("/readyz")


def test_the_printed_log_in_shows_a_score_of_every_day(installation: Installation) -> None:
    installation.ensure_running()
    installation.wait_until_seeded()
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    login = f"{installation.address}/accounts/login/"
    with browser.open(login) as answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    assert token
    form = {
        "csrfmiddlewaretoken": token[1],
        "login": "demo@example.org",
        "password": installation.password(),
    }
    request = urllib.request.Request(
        login, urllib.parse.urlencode(form).encode(), headers={"Referer": login}
    )
    with browser.open(request) as answer:
        assert urllib.parse.urlsplit(answer.url).path == "/score/"
        assert answer.status == 200
    ((days, low, high),) = installation.query(
        "SELECT count(DISTINCT day), min(value), max(value) FROM scoring_score"
        " WHERE person_id = (SELECT person_id FROM connectors_account WHERE handle = 'pia.moreno')"
        " AND shown"
    )
    assert int(str(days)) >= 13
    assert 1 <= float(str(low)) <= float(str(high)) <= 100


def test_a_second_one_says_so_and_does_no_harm(installation: Installation) -> None:
    installation.ensure_running()
    before = {one.pid for one in installation.processes()}
    second = installation.run(*installation.up_command())
    assert second.returncode == 3
    assert "already running" in second.stderr
    assert "Traceback" not in second.stderr
    assert installation.answers("/readyz")
    started_before = {one.pid for one in installation.processes()} & before
    assert installation.service_pid("postgres") in started_before
    assert installation.service_pid("web") in started_before


def test_commands_talk_to_the_running_installation(installation: Installation) -> None:
    installation.ensure_running()
    shown = installation.run(*installation.command("showmigrations", "people", "--plan"))
    assert shown.returncode == 0, shown.stderr
    assert "[X]  people.0001_initial" in shown.stdout


def test_a_killed_web_server_is_started_again(installation: Installation) -> None:
    installation.ensure_running()
    killed = installation.service_pid("web")
    children = psutil.Process(killed).children()
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(killed), 20, "the end of the killed process")
    wait_until(
        lambda: (
            (installation.var / "run" / "web.pid").exists()
            and installation.service_pid("web") != killed
            and installation.answers("/readyz")
        ),
        30,
        "a new web server",
    )
    # The killed server's worker process would keep the port, and the old code.
    assert not {child.pid for child in children} & {one.pid for one in installation.processes()}
    assert "web was ended by SIGKILL; starting it again" in installation.output()


def test_a_killed_database_comes_back_with_its_rows(installation: Installation) -> None:
    installation.ensure_running()
    installation.wait_until_seeded()
    before = installation.query("SELECT count(*), sum(value) FROM scoring_score")
    killed = installation.service_pid("postgres")
    os.kill(killed, signal.SIGKILL)
    wait_until(
        lambda: (
            (installation.var / "run" / "postgres.pid").exists()
            and installation.service_pid("postgres") != killed
            and installation.answers("/readyz")
        ),
        60,
        "the database",
    )
    assert installation.query("SELECT count(*), sum(value) FROM scoring_score") == before


def test_ctrl_c_leaves_no_process_and_a_new_start_keeps_the_data(
    installation: Installation,
) -> None:
    installation.ensure_running()
    installation.wait_until_seeded()
    password = installation.password()
    before = installation.query("SELECT count(*) FROM connectors_post")
    assert installation.interrupt() == 0
    assert describe(installation.processes()) == []
    assert "every process has ended" in installation.output()
    assert not (installation.var / "up.env").exists()
    installation.ensure_running()
    assert installation.password() == password
    assert installation.query("SELECT count(*) FROM connectors_post") >= before
    assert "preparing PostgreSQL" not in installation.output()


def test_a_killed_one_takes_its_services_along_and_is_recovered(
    installation: Installation,
) -> None:
    installation.ensure_running()
    before = installation.query("SELECT count(*) FROM people_person")
    # At work, and with a heartbeat to send, it loses its broker in the moment that it has to end.
    worker = psutil.Process(installation.service_pid("worker"))
    wait_until(worker.children, what="a worker with its processes")
    installation.kill()
    installation.wait_until_gone()
    installation.ensure_running()
    assert installation.query("SELECT count(*) FROM people_person") >= before
    assert installation.answers("/readyz")


def test_secrets_are_this_installations_own_and_closed_to_others(
    installation: Installation,
) -> None:
    installation.ensure_running()
    for name in ("secrets.env", "up.env"):
        file = installation.var / name
        assert file.stat().st_mode & 0o077 == 0
        assert "development-only" not in file.read_text(encoding="utf-8")


def test_a_taken_port_is_named_with_its_option(folder: Path) -> None:
    other = Installation(folder / "ports", sample=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", other.port))
        taken.listen()
        refused = other.run(*other.up_command())
    assert refused.returncode == 4
    assert f"Port {other.port} is taken" in refused.stderr
    assert "--port" in refused.stderr
    assert describe(other.processes()) == []


def test_wrong_settings_stop_the_start_and_name_the_variable(folder: Path) -> None:
    other = Installation(folder / "wrong", sample=False)
    other.environment["SAMPLE_PEOPLE"] = "many"
    refused = other.run(*other.up_command())
    assert refused.returncode == 1
    assert "SAMPLE_PEOPLE must be a whole number" in refused.stderr


def test_an_ordinary_user_can_run_it(folder: Path) -> None:
    other = Installation(folder / "user", ordinary_user=True, sample=False)
    other.var.parent.mkdir(mode=0o711)
    try:
        other.ensure_running()
        assert "started by root" not in other.output()
        assert other.answers("/readyz")
        assert other.interrupt() == 0
        assert describe(other.processes()) == []
    finally:
        other.end()
