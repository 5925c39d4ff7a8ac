"""The commands for hands."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from connectors.models import Account
from scoring.models import Score
from scoring.progress import ProgressLine
from tests.scoring import world
from tests.workers import ROOT, process_environment

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def ada() -> Account:
    account = world.account(world.person("Ada"), synced=TODAY)
    world.react(account, world.reactors(3), world.days(TODAY - timedelta(days=5), 5))
    return account


def printed(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def test_score_day_says_what_it_scored(ada: Account) -> None:
    assert "1 people scored from 3 reactions" in printed("score_day", "2026-02-28")
    assert Score.objects.filter(day=YESTERDAY).exists()


def test_score_day_says_which_fetches_were_missing(ada: Account) -> None:
    Account.objects.filter(pk=ada.pk).update(first_synced_at=world.at(YESTERDAY, 1))
    with time_machine.travel(datetime(2026, 3, 5, tzinfo=UTC), tick=False):
        assert "1 accounts were not fetched" in printed("score_day", "2026-03-02")


@pytest.mark.parametrize(
    "arguments",
    [
        ("score_day", "2026-03-01"),
        ("backfill", "2026-02-20", "2026-03-01"),
        ("backfill", "2026-02-20", "2026-02-10"),
        ("backfill",),
        ("backfill", "2026-02-20"),
        ("backfill", "--days", "0"),
        ("backfill", "2026-02-20", "2026-02-21", "--days", "3"),
        ("recompute", "2026-02-20", "2026-03-02"),
    ],
)
def test_wrong_days_end_with_one_sentence(ada: Account, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        printed(*arguments)
    assert refused.value.returncode == 1
    assert str(refused.value).endswith(".")
    assert not Score.objects.exists()


def test_backfill_scores_a_range_or_the_last_days(ada: Account) -> None:
    text = printed("backfill", "2026-02-25", "2026-02-26")
    assert "2 of 2 days" in text
    assert "2026-02-25 to 2026-02-26: 1 people scored" in text
    printed("backfill", "--days", "4")
    assert Score.objects.count() == 4
    assert "scored already" in printed("backfill", "--days", "4")


def test_recompute_scores_again(ada: Account) -> None:
    printed("backfill", "--days", "4")
    before = world.everything()
    assert "1 people scored again" in printed("recompute", "2026-02-25", "2026-02-28")
    assert world.everything() == before


@pytest.mark.parametrize("command", ["score_day", "backfill", "recompute", "lookup"])
def test_each_command_explains_itself(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "manage.py", command, "--help"],
        cwd=ROOT,
        env=process_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shown.returncode == 0
    assert "Exit code 1" in " ".join(shown.stdout.split())


def test_a_terminal_sees_the_progress_in_place() -> None:
    class Terminal:
        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str, *, ending: str) -> None:
            self.text += text + ending

        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    line = ProgressLine(terminal, "days")
    line.tell(2, 2)
    line.end()
    assert terminal.text.startswith("\r2 of 2 days")
    assert terminal.text.endswith("\n")
