"""The laws that need the whole way: reactions through roll-up and walk, day by day."""

import itertools
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command

from scoring import daily, laws
from scoring.drawing import chart
from scoring.laws import Lines, Scenario, change, counting, explained, groups, open_servers
from scoring.management.commands.law_charts import file_name, title
from tests.scoring import world

DOCS = Path(__file__).parents[2] / "docs"


@cache
def played(name: str) -> Lines:
    """Return what a scenario comes to; each is played once."""
    return next(scenario for scenario in laws.SCENARIOS if scenario.name == name).play()


def most(first: list[float], second: list[float], since: int = 0) -> float:
    """Return the largest lead of the first over the second from a day on."""
    return max(a - b for a, b in zip(first[since:], second[since:], strict=True))


def test_law_01_a_score_is_from_1_to_100_and_rises_from_nothing_to_billions() -> None:
    for line in played("scale").values():
        assert line[0] == 1
        assert all(before < after < 100 for before, after in itertools.pairwise(line))
    assert played("scale")["everything doubles"][-1] > 98


def test_law_02_one_more_reactor_of_any_standing_never_lowers_the_score() -> None:
    lines = played("one_more")
    for name in ("and a nobody", "and a star"):
        gains = leads(lines[name], lines["as it is"])
        assert all(gain >= 0 for gain in gains)
        assert gains[counting.ONE_MORE_FROM] > 0
    assert most(lines["and a star"], lines["and a nobody"]) > 1


def test_law_03_linking_an_idle_account_never_lowers_the_score() -> None:
    lines = played("idle_network")
    both = zip(lines["with an idle second account"], lines["without"], strict=True)
    assert all(linked >= alone for linked, alone in both)
    assert most(lines["with an idle second account"], lines["without"]) < 0.5


def test_law_04_posts_that_nobody_reacts_to_change_nothing() -> None:
    one, six = played("silent_posts").values()
    assert six == one


@pytest.mark.django_db
def test_law_04_six_posts_a_day_without_a_reaction_leave_the_score_as_it_was() -> None:
    days = [date(2026, 3, day) for day in range(1, 11)]
    busy, quiet = (world.account(world.person(name), synced=days[0]) for name in ("Ada", "Bo"))
    fans = world.reactors(5)
    for author in (busy, quiet):
        heard = world.post(author, days[0])
        world.react(author, fans, days[:2], on=heard)
    for day in days:
        for _ in range(6):
            world.post(busy, day)
    daily.backfill(days[0], days[-1])
    for day in days:
        assert world.value(busy, day) == world.value(quiet, day)


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


def test_law_08_the_same_reshares_on_fewer_posts_count_more() -> None:
    lines = list(played("fewer_posts").values())
    for fewer, more in itertools.pairwise(lines):
        assert all(gain >= 0 for gain in leads(fewer, more))
    assert lines[0][-1] > lines[-1][-1] + 0.3


def test_law_09_who_is_more_influential_counts_more_and_who_reacts_to_everybody_less() -> None:
    lines = played("who_reacts")
    nobodies, ordinary, stars, choosy, busy = (line[-1] for line in lines.values())
    assert nobodies < ordinary - 0.5
    assert ordinary < stars - 1
    assert busy < choosy - 1


def test_law_10_a_hundred_reshares_by_three_people_are_worth_about_three() -> None:
    many, often, once = (line[-1] for line in played("people_not_events").values())
    assert often - once < 0.3
    assert many > often + 4


def test_law_11_a_day_not_fetched_is_carried_for_a_week_and_then_fades() -> None:
    lines = played("days_not_fetched")
    before = lines["fetched"][explained.MISSED_FROM - 1]
    start, short, long = explained.MISSED_FROM, explained.SHORT, explained.LONG
    carried = lines["5 days missed"][start : start + short]
    assert carried == pytest.approx([before] * short, abs=0.05)
    fading = lines["14 days missed"][start : start + long]
    assert fading[:7] == pytest.approx([before] * 7, abs=0.05)
    assert all(b < a for a, b in itertools.pairwise(fading[7:]))
    for line in lines.values():
        assert line[-1] == pytest.approx(lines["fetched"][-1], abs=0.1)


def test_law_11_a_signal_not_given_is_neither_zero_nor_more_than_usual() -> None:
    lines = played("signal_not_given")
    given, ungiven, none = (line[-1] for line in lines.values())
    assert none < ungiven < given


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


def test_law_12_plus_k_is_seen_and_traded_it_gains_next_to_nothing() -> None:
    lines = played("traded_plus_k")
    alone, given = lines["without"], lines["fifty people give it"]
    gain = leads(given, alone)
    assert max(gain) == pytest.approx(1.25)
    # It fades from its first day on.
    since = gain[groups.TRADED_FROM :]
    assert since == sorted(since, reverse=True)
    traded = leads(lines["fifty trade it"], alone)
    assert max(traded) < 0.3
    assert 0 < traded[-1] < 0.1
    # Nobody who gives or gets none is moved.
    assert set(alone) == {alone[0]}
    assert gain[: groups.TRADED_FROM] == [0.0] * groups.TRADED_FROM


def test_law_12_bought_followers_gain_little_until_reactions_follow() -> None:
    lines = played("bought_followers")
    before = lines["no reactions follow"][groups.BOUGHT_FROM - 1]
    after = lines["no reactions follow"][groups.BOUGHT_FROM :]
    assert max(after) - before < 1.5
    assert lines["no reactions follow, if all counted"][-1] - before > 3
    assert after == sorted(after)
    assert lines["reactions follow"][-1] > before + 5


def test_law_13_the_parts_of_each_day_add_up_to_the_score_that_is_stored() -> None:
    lines = played("parts_add_up")
    assert lines["its first value and all parts since"] == pytest.approx(
        lines["the score"], abs=1e-9
    )
    new, fading = lines["of which new"], lines["of which fading"]
    assert new == sorted(new)
    assert fading == sorted(fading, reverse=True)
    assert max(lines["the score"]) - min(lines["the score"]) > 3


def test_law_12_lone_server_gains_less_than_a_point_by_whatever_it_claims() -> None:
    lines = played("lone_server")
    own, honest = lines["its own account"], lines["an account of a hundred followers"]
    assert most(own, honest) < 1
    # It is worth one neutral account in all, from the first day on.
    assert own[0] > 25
    for fans in groups.CROWD_ON:
        helped, alone = lines[f"{fans} reactors and its bots"], lines[f"{fans} reactors"]
        assert 0 < most(helped, alone) < 1
        assert most(alone, helped) <= 0


def test_law_12_ring_of_servers_that_act_on_one_another_gains_nothing() -> None:
    lines = played("server_standing")
    assert lines["in a ring of ten servers"] == lines["nobody knows its server"]


def test_a_server_that_people_outside_act_on_gets_its_accounts_counted() -> None:
    lines = played("server_standing")
    found, alone = lines["people outside act on its server"], lines["nobody knows its server"]
    start = open_servers.KNOWN_FROM
    assert found[: start + 2] == alone[: start + 2]
    assert found[-1] > alone[-1] + 5
    assert found[-1] > found[start + 4] > alone[-1]


def test_law_14_another_version_takes_over_on_its_day_and_its_part_is_told() -> None:
    lines = played("another_version")
    old, new, shown = (lines[name] for name in ("2026.11", "2026.12, a candidate", "shown"))
    day = explained.CHANGED_ON
    assert shown == old[:day] + new[day:]
    assert old[day] != new[day]
    assert lines["first value and all parts since"] == pytest.approx(shown, abs=1e-9)


@pytest.mark.parametrize("scenario", laws.SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_charts_of_the_documents_are_those_of_the_model(scenario: Scenario) -> None:
    drawn = chart(title(scenario), played(scenario.name), scenario.across)
    path = DOCS.parent / "static/img/laws" / file_name(scenario)
    assert path.read_text(encoding="utf-8") == drawn, "run: manage.py law_charts"
    assert f"(../static/img/laws/{path.name})" in (DOCS / "scoring.md").read_text(encoding="utf-8")


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
    lines = played("traded_plus_k")
    start, names = groups.TRADED_FROM, ("fifty trade it, if all counted", "fifty trade it")
    whole, gain = (leads(lines[name], lines["without"]) for name in names)
    assert told["fifty who trade it, five a day"] == (
        f"{whole[start]:.2f} at first, {whole[-1]:.2f} later | "
        f"{gain[start]:.2f} at first, {gain[-1]:.2f} later"
    )
    liked = leads(lines["fifty people give it"], lines["without"])
    assert told["fifty ordinary people, on one day"] == f"{liked[start]:.2f} | {liked[start]:.2f}"
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
