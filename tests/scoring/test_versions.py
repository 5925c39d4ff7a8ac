"""Versions of the model: previewed, published, both computed on the day of the change."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from connectors import registry
from connectors.models import Account, Snapshot
from connectors.types import Kind
from scoring import daily, previews, publishing, queries, versions, why
from scoring.core.explain import ChangeKind
from scoring.core.params import CURRENT, VERSIONS
from scoring.models import Explanation, ModelVersion, Moment, Score, ScoreRun
from scoring.moved import Moved
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=6)
# The new version's first day, and the last one that is scored.
CHANGE = TODAY + timedelta(days=1)
END = TODAY + timedelta(days=3)
OLD, NEW = "2026.11", "2026.12"
NOTES = ("Reactions weigh a little less.", "Reaksjoner teller litt mindre.")

pytestmark = pytest.mark.django_db


def clock(day: date) -> time_machine.travel:
    """Return a clock that stands still at noon of the day."""
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock(TODAY):
        yield


@pytest.fixture
def people() -> list[Account]:
    """Three people whose posts are acted on each day, by strangers, one another and a fleet."""
    days = world.days(START, (END - START).days + 1)
    accounts = [
        world.account(world.person(f"P{n}"), synced=START, followers=30 * 9**n) for n in range(3)
    ]
    strangers = world.reactors(8)
    known = [world.reactor_of(account) for account in accounts]
    for n, account in enumerate(accounts):
        posts = [world.post(account, START), world.post(account, TODAY)]
        for day in days:
            world.fetched(account, day)
            world.react(account, strangers[: 3 + n], [day], on=posts[day > TODAY])
            world.react(account, known[n - 1 : n], [day], on=posts[0], kind=Kind.RESHARE)
    world.react(accounts[0], world.reactors(60, followers=8), days)
    return accounts


def changed(people: list[Account]) -> None:
    """Score everybody up to END, the new version being shown from CHANGE on."""
    daily.backfill(START, YESTERDAY)
    previews.preview(NEW)
    publishing.publish(NEW, CHANGE, *NOTES)
    with clock(END + timedelta(days=1)):
        daily.backfill(START, END)


def versions_of(account: Account, day: date) -> dict[str, bool]:
    """Return the versions of the person's rows of a day, and whether they are shown."""
    rows = Score.objects.filter(person_id=account.person_id, day=day)
    return dict(rows.values_list("model_version", "shown"))


def value_under(version: str, account: Account, day: date) -> float:
    return Score.objects.get(person_id=account.person_id, day=day, model_version=version).value


# --- The day of the change ----------------------------------------------------------------------
def test_law_14_both_versions_are_computed_on_the_day_of_the_change(people: list[Account]) -> None:
    changed(people)
    for account in people:
        assert versions_of(account, TODAY) == {OLD: True}
        assert versions_of(account, CHANGE) == {OLD: False, NEW: True}
        assert versions_of(account, CHANGE + timedelta(days=1)) == {NEW: True}
    days = {(run.day, run.model_version) for run in ScoreRun.objects.filter(day__gte=TODAY)}
    assert (TODAY, OLD) in days
    assert {version for day, version in days if day >= CHANGE} == {NEW}
    keys = ("day", "person_id", "model_version")
    assert set(Explanation.objects.values_list(*keys)) == set(Score.objects.values_list(*keys))
    row = ModelVersion.objects.get(version=OLD)
    assert (row.published_from, row.computed_until) == (versions.BEGINNING, CHANGE)


def test_law_14_the_models_part_of_a_change_is_shown_apart(
    people: list[Account], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    changed(people)
    for account in people:
        with django_assert_num_queries(1):
            change = why.change_between(account.person_id, START, END)
        total = world.value(account, END) - world.value(account, START)
        assert change.points == pytest.approx(total, abs=1e-9)
        assert sum(part.points for part in change.parts) == pytest.approx(total, abs=1e-9)
        new, old = (value_under(version, account, CHANGE) for version in (NEW, OLD))
        assert new != old
        model = [part.points for part in change.parts if part.kind is ChangeKind.MODEL]
        assert model == pytest.approx([new - old], abs=1e-9)
        assert [(v.day, v.version) for v in change.new_versions] == [(CHANGE, NEW)]
        assert change.new_versions[0].points == pytest.approx(new - old, abs=1e-9)
        assert len({part.kind for part in change.parts}) > 1


def test_a_change_within_a_version_has_no_part_of_the_model(people: list[Account]) -> None:
    changed(people)
    ada = people[0].person_id
    for first, last in ((START, TODAY), (CHANGE, END)):
        change = why.change_between(ada, first, last)
        assert change.new_versions == []
        assert ChangeKind.MODEL not in {part.kind for part in change.parts}
        total = world.value(people[0], last) - world.value(people[0], first)
        assert sum(part.points for part in change.parts) == pytest.approx(total, abs=1e-9)
    shares = why.network_shares(ada, CHANGE)
    assert sum(row.share for row in shares) == pytest.approx(1, abs=1e-9)


def test_days_before_the_change_stay_what_they_were(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    changed(people)
    for table, rows in before.items():
        if table not in ("scoring_moment", "scoring_discount"):
            assert [row for row in world.rows(table) if row[0] < TODAY] == rows  # type: ignore[operator]


def test_scoring_again_over_the_change_comes_to_the_same_rows(people: list[Account]) -> None:
    # On a server of their own.
    world.account(world.person("Cy"), synced=TODAY, native_id="cy@own.example")
    changed(people)
    before = world.everything()
    assert all(rows for table, rows in before.items() if table != "scoring_serverstanding")
    with clock(END + timedelta(days=1)):
        daily.score_day(CHANGE)
        again = world.everything()
        for rows in (again, before):
            # How many people acted on a post so far: as of the day that was scored last.
            people_count = 6
            moments = rows["scoring_moment"]
            rows["moments"] = [row[:people_count] + row[people_count + 1 :] for row in moments]
        moments = before.pop("scoring_moment")
        again.pop("scoring_moment")
        assert again == before
        before.pop("moments")
        before["scoring_moment"] = moments
        daily.recompute(YESTERDAY, END)
        assert world.everything() == before
        for table in world.TABLES:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        for day in world.days(START, (END - START).days + 1):
            daily.score_day(day)
    assert world.everything() == before


def test_a_post_that_moved_people_under_two_versions_is_one_moment(people: list[Account]) -> None:
    changed(people)
    ada = people[2]
    rows = Moment.objects.filter(person_id=ada.person_id)
    by_post: dict[int, list[Moment]] = {}
    for row in rows:
        by_post.setdefault(row.post_id, []).append(row)
    assert {len(found) for found in by_post.values()} == {1, 2}
    found = {row.post_id: row.points for row in queries.moments_for(ada.person_id)}
    assert len(found) == len(queries.moments_for(ada.person_id))
    for post_id, points in found.items():
        assert points == pytest.approx(sum(row.points for row in by_post[post_id]))
    for row in rows:
        days = {date.fromisoformat(day) for day in row.days}
        assert all((day >= CHANGE) == (row.model_version == NEW) for day in days)


def test_who_links_after_the_change_has_both_versions_in_the_first_history(
    people: list[Account],
) -> None:
    changed(people)
    before = world.everything()
    with clock(END + timedelta(days=1)):
        late = world.account(world.person("Late"), synced=END + timedelta(days=1), followers=500)
        post = world.post(late, START)
        world.react(late, world.reactors(6), world.days(START, 9), on=post)
        daily.first_scores(late.person_id)
        once = world.everything()
        daily.first_scores(late.person_id)
    assert world.everything() == once
    assert versions_of(late, TODAY) == {OLD: True}
    assert versions_of(late, CHANGE) == {OLD: False, NEW: True}
    assert versions_of(late, END + timedelta(days=1)) == {NEW: True}
    history = queries.score_history(late.person_id, END - timedelta(days=80), END)
    assert all(row.value is not None for row in history)
    change = why.change_between(late.person_id, START, END)
    total = world.value(late, END) - world.value(late, START)
    assert sum(part.points for part in change.parts) == pytest.approx(total, abs=1e-9)
    model = value_under(NEW, late, CHANGE) - value_under(OLD, late, CHANGE)
    assert [(v.day, v.version) for v in change.new_versions] == [(CHANGE, NEW)]
    assert change.new_versions[0].points == pytest.approx(model, abs=1e-9)
    others = [row for row in once["scoring_score"] if row[1] != late.person_id]
    assert others == before["scoring_score"]


def test_who_was_scored_early_on_the_day_of_the_change_is_shown_one_version(
    people: list[Account],
) -> None:
    """First scores may be there, of the old version, before the new one is published."""
    daily.backfill(START, YESTERDAY)
    early = world.account(world.person("Early"), synced=TODAY, followers=500)
    world.react(early, world.reactors(9), [TODAY], on=world.post(early, TODAY))
    daily.first_scores(early.person_id)
    assert versions_of(early, TODAY) == {OLD: True}
    previews.preview(NEW)
    publishing.publish(NEW, TODAY, *NOTES)
    with clock(TODAY + timedelta(days=1)):
        daily.score_day(TODAY)
    assert versions_of(early, TODAY) == {OLD: False, NEW: True}
    moments = Moment.objects.filter(person_id=early.person_id)
    assert [row.model_version for row in moments if TODAY.isoformat() in row.days] == [NEW]


# --- Previews -----------------------------------------------------------------------------------
def test_previewing_the_shown_version_moves_nobody(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    found = previews.preview(OLD)
    assert found.moved.people_count == 3
    assert (found.moved.largest_up, found.moved.largest_down) == (0, 0)
    assert found.moved.changed_since_count == 0
    assert (found.movers, found.stored) == ([], False)
    assert world.everything() == before


def test_a_preview_is_what_publishing_on_that_day_gives(people: list[Account]) -> None:
    with clock(CHANGE + timedelta(days=1)):
        daily.backfill(START, CHANGE)
        before = world.everything()
        found = previews.preview(NEW, CHANGE)
        assert world.everything() == before
    expected = {mover.person_id: (mover.before, mover.after) for mover in found.movers}
    assert set(expected) == {account.person_id for account in people}
    Score.objects.filter(day=CHANGE).delete()
    Explanation.objects.filter(day=CHANGE).delete()
    ScoreRun.objects.filter(day=CHANGE).delete()
    publishing.publish(NEW, CHANGE, *NOTES)
    with clock(CHANGE + timedelta(days=1)):
        daily.score_day(CHANGE)
    for account in people:
        under = tuple(value_under(version, account, CHANGE) for version in (OLD, NEW))
        assert under == pytest.approx(expected[account.person_id], abs=1e-9)


def test_a_preview_counts_who_moves_and_is_kept(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    found = previews.preview(NEW)
    moved = [mover.after - mover.before for mover in found.movers]
    told = found.moved
    assert sorted(moved, key=abs, reverse=True) == moved
    assert told.mean_points == pytest.approx(sum(moved) / 3)
    assert (told.largest_up, told.largest_down) == (max(*moved, 0), min(*moved, 0))
    for limit, count in ((1, told.over_1_count), (3, told.over_3_count), (5, told.over_5_count)):
        assert count == sum(abs(points) > limit for points in moved)
    assert told.over_1_count > 0
    assert sum(row.people_count for row in told.ranges) == told.people_count == 3
    assert told.rank_correlation == pytest.approx(1)
    row = ModelVersion.objects.get(version=NEW)
    assert Moved.from_json(row.preview) == told
    assert row.digest == found.digest == versions.digest_of(VERSIONS[NEW])
    assert row.published_from is None


def test_what_came_in_since_is_no_part_of_what_a_version_moves(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    Snapshot.objects.create(account=people[0], day=YESTERDAY, counts={"followers": 35})
    found = previews.preview(OLD)
    assert found.moved.changed_since_count == 1
    assert found.movers == []


def test_a_network_that_a_version_leaves_out_is_kept_apart(
    people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.account(people[0].person, synced=START, followers=3_000, network="bluesky")
    daily.backfill(START, YESTERDAY)
    apart = replace(CURRENT, version="2030.01", networks=("mastodon",))
    monkeypatch.setitem(VERSIONS, apart.version, apart)
    found = previews.preview(apart.version)
    assert [mover.person_id for mover in found.movers] == [people[0].person_id]
    assert found.movers[0].after < found.movers[0].before - 1


def test_every_network_that_may_be_combined_is_part_of_the_current_version() -> None:
    """Add a new one to the newest version that is not published yet, or it counts apart."""
    may = {name for name, c in registry.CONNECTORS.items() if c.NETWORK.policy.may_combine}
    assert may - {"sample"} <= set(CURRENT.networks)


# --- Publishing ---------------------------------------------------------------------------------
def test_a_version_is_published_only_after_a_preview_of_the_same_numbers(
    people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.backfill(START, YESTERDAY)
    with pytest.raises(publishing.Refused, match="was not previewed"):
        publishing.publish(NEW, CHANGE, *NOTES)
    previews.preview(NEW)
    monkeypatch.setitem(VERSIONS, NEW, replace(VERSIONS[NEW], carried_days=8))
    with pytest.raises(publishing.Refused, match="changed after its preview"):
        publishing.publish(NEW, CHANGE, *NOTES)
    assert versions.timeline().shown_on(CHANGE) is CURRENT


def test_a_version_is_published_for_days_that_nobody_has_seen(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    previews.preview(NEW)
    for day in (YESTERDAY, START):
        with pytest.raises(publishing.Refused, match="is past"):
            publishing.publish(NEW, day, *NOTES)
    ScoreRun.objects.create(day=CHANGE, model_version=OLD, status="started")
    with pytest.raises(publishing.Refused, match="scored already"):
        publishing.publish(NEW, TODAY, *NOTES)
    with pytest.raises(publishing.Refused, match="plain words"):
        publishing.publish(NEW, CHANGE, NOTES[0], " ")
    with pytest.raises(ValueError, match="no model version"):
        publishing.publish("2031.01", CHANGE, *NOTES)
    assert ModelVersion.objects.filter(published_from__isnull=False).count() == 1


def test_a_version_is_published_once_and_compared_with_what_it_replaces(
    people: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.backfill(START, YESTERDAY)
    third = replace(CURRENT, version="2030.01", beta=CURRENT.beta * 1.01)
    monkeypatch.setitem(VERSIONS, third.version, third)
    previews.preview(third.version)
    previews.preview(NEW)
    publishing.publish(NEW, CHANGE, *NOTES)
    with pytest.raises(publishing.Refused, match="published already"):
        publishing.publish(NEW, END, *NOTES)
    with pytest.raises(publishing.Refused, match="choose a later day"):
        publishing.publish(third.version, CHANGE, *NOTES)
    with pytest.raises(publishing.Refused, match=f"compares with {OLD}"):
        publishing.publish(third.version, END, *NOTES)


def test_what_is_published_cannot_be_edited_or_removed(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    previews.preview(NEW)
    publishing.publish(NEW, CHANGE, *NOTES)
    row = ModelVersion.objects.filter(version=NEW)
    for edit in (
        lambda: row.update(note_en="Nothing changed."),
        lambda: row.update(published_from=END),
        lambda: row.update(digest="0" * 64),
        lambda: ModelVersion.objects.filter(version=OLD).update(computed_until=END),
        row.delete,
    ):
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            edit()
    again = previews.preview(NEW)
    assert not again.stored


def test_the_check_finds_a_published_version_that_was_edited(
    people: list[Account], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    daily.backfill(START, YESTERDAY)
    settings.DEBUG = False

    def found() -> list[tuple[str, bool]]:
        messages = run_checks(databases=["default"])
        return [(m.id or "", m.is_serious()) for m in messages if m.id == "scoring.E001"]

    assert found() == []
    monkeypatch.setitem(VERSIONS, OLD, replace(CURRENT, provisional_under_days=13.0))
    assert found() == [("scoring.E001", True)]
    settings.DEBUG = True
    assert found() == [("scoring.E001", False)]
    monkeypatch.delitem(VERSIONS, OLD)
    assert len(found()) == 1


# --- Days under any version ---------------------------------------------------------------------
def test_days_are_recomputed_under_any_version_from_their_pair_rows(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    found = previews.preview(NEW, START)
    daily.recompute_under(NEW, START, YESTERDAY)
    after = world.everything()
    for table in before:
        place = {"scoring_score": 2, "scoring_explanation": 2}.get(table)
        kept = [row for row in after[table] if place is None or row[place] == OLD]
        assert kept == before[table]
    for mover in found.movers:
        row = Score.objects.get(person_id=mover.person_id, day=START, model_version=NEW)
        assert row.value == pytest.approx(mover.after, abs=1e-9)
        assert not row.shown
    for account in people:
        assert versions_of(account, YESTERDAY) == {OLD: True, NEW: False}
    # A day alone comes to the same as within the range.
    daily.recompute_under(NEW, YESTERDAY, YESTERDAY)
    assert world.everything() == after
    change = why.change_between(people[0].person_id, START, YESTERDAY)
    assert change.new_versions == []


def test_recomputing_under_each_version_over_the_change_changes_no_row(
    people: list[Account],
) -> None:
    changed(people)
    before = world.everything()
    with clock(END + timedelta(days=1)):
        daily.recompute_under(OLD, START, CHANGE)
        assert world.everything() == before
        daily.recompute_under(NEW, CHANGE, END)
    assert world.everything() == before


# --- The commands -------------------------------------------------------------------------------
def printed(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def test_the_commands_preview_publish_and_recompute(people: list[Account]) -> None:
    daily.backfill(START, YESTERDAY)
    text = printed("preview_version", NEW)
    assert f"beside {OLD} on {YESTERDAY}" in text
    assert "3 people with a score under both" in text
    assert f"person {people[0].person_id}: " in text
    assert people[0].handle not in text
    assert f"{OLD} on" in printed("preview_version", OLD, "--day", START.isoformat())
    text = printed("recompute", START.isoformat(), "2026-02-24", "--model-version", NEW)
    assert "3 people scored again" in text
    notes = ("--note", NOTES[0], "--note-nb", NOTES[1])
    text = printed("publish_version", NEW, "--from", CHANGE.isoformat(), *notes)
    assert f"shown from {CHANGE} on" in text
    row = ModelVersion.objects.get(version=NEW)
    assert (row.note_en, row.note_nb, row.published_at) == (*NOTES, world.at(TODAY))


@pytest.mark.parametrize(
    "arguments",
    [
        ("preview_version", "2031.01"),
        ("preview_version", NEW),
        ("preview_version", NEW, "--day", "2026-03-01"),
        ("publish_version", NEW, "--from", "2026-03-09", "--note", "A", "--note-nb", "B"),
        ("recompute", "2026-02-20", "2026-02-21", "--model-version", "2031.01"),
        ("recompute", "2026-02-20", "2026-02-21", "--model-version", NEW),
    ],
)
def test_what_cannot_be_done_ends_with_one_sentence(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        printed(*arguments)
    assert refused.value.returncode == 1
    assert not Score.objects.exists()


# --- The timeline -------------------------------------------------------------------------------
def test_days_are_parted_by_their_version() -> None:
    new = VERSIONS[NEW]
    line = versions.Timeline(((versions.BEGINNING, CURRENT), (CHANGE, new)))
    spans = line.spans(world.days(TODAY, 4))
    assert [(s.params.version, s.days, s.replaced) for s in spans] == [
        (OLD, [TODAY], None),
        (NEW, world.days(CHANGE, 3), CURRENT),
    ]
    assert line.spans(world.days(CHANGE, 2))[0].replaced is CURRENT
    assert line.spans(world.days(CHANGE + timedelta(days=1), 1))[0].replaced is None
    assert line.spans([]) == []
    assert line.yesterdays_version(CHANGE, new) == OLD
    assert line.yesterdays_version(END, new) == NEW


def test_before_anything_was_scored_the_current_version_is_in_use(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert versions.in_use() is CURRENT
    assert versions.timeline().replaced_on(TODAY) is None
    assert versions.begun() == versions.begun() == versions.timeline()
    assert ModelVersion.objects.get().digest == versions.digest_of(CURRENT)
