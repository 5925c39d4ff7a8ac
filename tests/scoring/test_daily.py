"""The filling of days: new, run twice, killed, late, missing, at midnight, on a leap day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from scoring import daily
from scoring.models import Score, ScoreRun
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_a_day_is_scored_for_everybody_with_a_history() -> None:
    ada = world.account(world.person("Ada"), synced=TODAY)
    world.react(ada, world.reactors(5), world.days(TODAY - timedelta(days=10), 10))
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        outcome = daily.score_day(YESTERDAY)
    assert outcome.people_count == 1
    assert Score.objects.get(day=YESTERDAY, person_id=ada.person_id).value > 20
    assert ScoreRun.objects.get(day=YESTERDAY).status == "done"
