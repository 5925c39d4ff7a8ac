"""The laws that need the whole way: reactions through roll-up and walk, day by day."""

import itertools
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command

from scoring import laws
from scoring.drawing import chart
from scoring.laws import Lines, Scenario, change, groups
from scoring.management.commands.law_charts import file_name, title

DOCS = Path(__file__).parents[2] / "docs"


@cache
def played(name: str) -> Lines:
    """Return what a scenario comes to; each is played once."""
    return next(scenario for scenario in laws.SCENARIOS if scenario.name == name).play()


def most(first: list[float], second: list[float], since: int = 0) -> float:
    """Return the largest lead of the first over the second from a day on."""
    return max(a - b for a, b in zip(first[since:], second[since:], strict=True))


def test_law_03_linking_an_idle_account_never_lowers_the_score() -> None:
    lines = played("idle_network")
    both = zip(lines["with an idle second account"], lines["without"], strict=True)
    assert all(linked >= alone for linked, alone in both)
    assert most(lines["with an idle second account"], lines["without"]) < 0.5


def test_law_05_month_offline_takes_the_reference_person_from_67_to_57() -> None:
    line = played("month_offline")["a month offline"]
    away = change.AWAY_FROM
    assert line[away - 1] == pytest.approx(67, abs=0.5)
    assert line[away + 2] < line[away - 1] - 1
    assert line[away + change.AWAY_DAYS - 1] == pytest.approx(57, abs=2)
    assert line[away : away + 30] == sorted(line[away : away + 30], reverse=True)


def test_law_06_coming_back_regains_more_than_a_third_of_the_loss_within_two_weeks() -> None:
    line = played("month_offline")["a month offline"]
    back = change.AWAY_FROM + change.AWAY_DAYS
    lost = line[change.AWAY_FROM - 1] - line[back - 1]
    assert line[back + 13] - line[back - 1] > lost / 3


def test_law_07_a_popular_post_raises_by_six_points_a_day_and_fades_over_weeks() -> None:
    lines = played("viral_post")
    shown, wanted, day = lines["shown"], lines["before the daily limit"], change.VIRAL_DAY
    assert shown[day] == pytest.approx(shown[day - 1] + 6)
    assert wanted[day] > shown[day] + 1
    assert all(b - a <= 6 + 1e-9 for a, b in itertools.pairwise(shown[1:]))
    # What was held back counts on the next day.
    assert shown[day + 1] > shown[day] + 3
    assert shown[day + 2] == pytest.approx(wanted[day + 2])
    assert shown[day + 7] > shown[day - 1] + 4
    assert shown[-1] < shown[day - 1] + 2


def test_law_07_nothing_of_a_popular_post_is_discounted() -> None:
    """Two thousand strangers on one day are a burst, and true."""
    lines = played("viral_post")
    assert lines["if all counted"] == lines["before the daily limit"]


def test_law_12_crowd_of_a_thousand_empty_accounts_raises_nobody_by_a_point() -> None:
    lines = played("crowd")
    for fans in groups.CROWD_ON:
        crowded, alone = lines[f"{fans} reactors and the crowd"], lines[f"{fans} reactors"]
        assert 0 < most(crowded, alone) < 1


def test_law_12_pod_of_twenty_gains_a_member_less_than_two_points() -> None:
    lines = played("pod")
    for outside in (6, 0):
        inside = lines[f"{outside} reactors outside, in a pod"]
        alone = lines[f"{outside} reactors outside, alone"]
        assert 0 < most(inside, alone) < 2
        # Without the rule it would be more than two.
        whole = lines[f"{outside} reactors outside, in a pod, if all counted"]
        assert most(whole, alone) > 2


def test_law_12_circle_of_friends_with_half_of_their_reactors_outside_loses_less_than_two() -> None:
    lines = played("circle_of_friends")
    assert most(lines["if all counted"], lines["shown"]) < 2


def test_law_12_newcomer_with_fifteen_reactors_is_between_20_and_35_within_14_days() -> None:
    line = played("newcomer")["a newcomer with fifteen reactors"]
    assert all(20 <= value <= 35 for value in line[13:])


def test_law_12_fleet_of_very_small_accounts_gains_less_than_three_points() -> None:
    lines = played("fleet")
    assert most(lines["with a fleet"], lines["without"]) < 3
    assert most(lines["with a fleet, if all counted"], lines["without"]) > 5


def test_law_12_bought_followers_gain_little_until_reactions_follow() -> None:
    lines = played("bought_followers")
    before = lines["no reactions follow"][groups.BOUGHT_FROM - 1]
    after = lines["no reactions follow"][groups.BOUGHT_FROM :]
    assert max(after) - before < 1.5
    assert lines["no reactions follow, if all counted"][-1] - before > 3
    assert after == sorted(after)
    assert lines["reactions follow"][-1] > before + 5


@pytest.mark.parametrize("scenario", laws.SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_charts_of_the_documents_are_those_of_the_model(scenario: Scenario) -> None:
    drawn = chart(title(scenario), played(scenario.name))
    path = DOCS / "laws" / file_name(scenario)
    assert path.read_text(encoding="utf-8") == drawn, "run: manage.py law_charts"
    assert f"(laws/{path.name})" in (DOCS / "scoring.md").read_text(encoding="utf-8")


def leads(first: list[float], second: list[float]) -> list[float]:
    """Return by how much the first is above the second on each day."""
    return [a - b for a, b in zip(first, second, strict=True)]


def test_the_gains_that_the_document_tells_are_those_of_the_scenarios() -> None:
    text = (DOCS / "scoring.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([^|]+) \(scenario[^|]*\) \| (.+) \|$", text, re.MULTILINE))
    lines = played("pod")
    for outside, name in ((6, "six reactors outside"), (0, "nobody outside")):
        alone = lines[f"{outside} reactors outside, alone"]
        inside = f"{outside} reactors outside, in a pod"
        gain = leads(lines[inside], alone)
        whole = leads(lines[f"{inside}, if all counted"], alone)
        row = f"{whole[groups.GROUP_FROM]:.1f} at first, {whole[-1]:.1f} later | {max(gain):.1f}"
        assert told[f"a pod of twenty, {name}"].startswith(row)
    lines = played("fleet")
    whole = leads(lines["with a fleet, if all counted"], lines["without"])
    gain = leads(lines["with a fleet"], lines["without"])
    assert told["a thousand accounts of ten followers, daily"] == (
        f"{whole[-1]:.1f} | {gain[-1]:.1f}"
    )
    lines = played("bought_followers")
    before = lines["no reactions follow"][groups.BOUGHT_FROM - 1]
    after = lines["no reactions follow"][groups.BOUGHT_FROM :]
    whole = lines["no reactions follow, if all counted"]
    assert told["8,000 bought followers"] == (
        f"{whole[-1] - before:.1f} | {after[0] - before:.1f} at once, "
        f"{after[-1] - before:.1f} after six weeks"
    )
    lines = played("crowd")
    for fans in groups.CROWD_ON:
        crowded, alone = lines[f"{fans} reactors and the crowd"], lines[f"{fans} reactors"]
        assert (
            f"{crowded[-1] - alone[-1]:.1f} each"
            in told["a thousand accounts of no followers, daily"]
        )


def test_the_command_finds_its_own_chart_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("law_charts", "--check", "--only", "newcomer")
    assert "1 charts, 0 new or changed" in capsys.readouterr().out
