"""Each person with a story, as the API serves it."""

import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from connectors.samplenet import stories
from connectors.samplenet.serving import Serving
from tests.connectors.samplenet.conftest import day_of, make_app, make_state

DAYS = 120


@pytest.fixture(scope="session")
def story_app() -> Flask:
    return make_app(make_state(people=600))


class Served:
    """Reads whole listings of the application."""

    def __init__(self, app: Flask) -> None:
        self._web: FlaskClient = app.test_client()
        parts: Serving = app.extensions["samplenet"]
        self.days = parts.net.people.days
        self.first = parts.net.people.start

    def id(self, handle: str) -> str:
        return str(self._json(f"/api/v1/accounts/lookup?handle={handle}")["id"])

    def profile(self, handle: str) -> dict[str, Any]:
        return self._json(f"/api/v1/accounts/{self.id(handle)}")

    def rows(self, handle: str, part: str) -> list[dict[str, Any]]:
        name = {"audience": "days", "posts": "posts"}.get(part, "interactions")
        rows, cursor = [], ""
        while True:
            page = self._json(f"/api/v1/accounts/{self.id(handle)}/{part}?cursor={cursor}")
            rows += page[name]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return rows

    def by_day(self, rows: list[dict[str, Any]]) -> Counter[int]:
        return Counter(
            day_of(datetime.fromisoformat(row["created_at"]), self.first) for row in rows
        )

    def _json(self, path: str) -> dict[str, Any]:
        answer = self._web.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        data: dict[str, Any] = answer.get_json()
        return data


@pytest.fixture(scope="session")
def served(story_app: Flask) -> Served:
    return Served(story_app)


def _reactions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["kind"] != "follow"]


def test_the_reference_is_steady(served: Served) -> None:
    per_day = served.by_day(_reactions(served.rows("vera.lindqvale", "interactions")))
    full = [per_day[day] for day in range(3, DAYS - 1)]
    assert min(full) >= 4
    weeks = [sum(full[start : start + 7]) / 7 for start in range(0, 105, 7)]
    assert max(weeks) - min(weeks) < 7
    assert 11 < sum(full) / len(full) < 19


def test_a_month_offline_brings_nothing_at_all(served: Served) -> None:
    first, after = served.days.offline_from, served.days.offline_until
    assert after - first == 30
    received = served.by_day(served.rows("otto.brandvik", "interactions"))
    posted = served.by_day(served.rows("otto.brandvik", "posts"))
    sent = served.by_day(served.rows("otto.brandvik", "sent"))
    for per_day in (received, posted, sent):
        assert not any(per_day[day] for day in range(first, after))
    before = sum(received[day] for day in range(first - 30, first)) / 30
    back = sum(received[day] for day in range(after + 2, DAYS - 1)) / (DAYS - 3 - after)
    assert before > 15
    assert back == pytest.approx(before, rel=0.25)


def test_one_post_goes_viral(served: Served) -> None:
    posts = served.rows("pia.moreno", "posts")
    sums = sorted((sum(post["counts"].values()) for post in posts), reverse=True)
    assert sums[0] > 300
    assert sums[0] > 10 * sums[1]
    per_day = served.by_day(served.rows("pia.moreno", "interactions"))
    assert max(per_day, key=lambda day: per_day[day]) in {served.days.viral, served.days.viral + 1}


def test_six_good_mornings_a_day_move_nobody(served: Served) -> None:
    posts = served.rows("gus.goodmorning", "posts")
    per_day = served.by_day(posts)
    assert {per_day[day] for day in range(1, DAYS - 1)} == {6}
    assert {post["text"] for post in posts} == {"Good morning! #goodmorning"}
    assert served.rows("gus.goodmorning", "interactions") == []


def test_the_idle_second_account_does_nothing(served: Served) -> None:
    assert served.profile("nina.okafjord")["followers"] > 1_000
    assert served.profile("nina.okafjord.idle")["followers"] == 4
    assert served.rows("nina.okafjord.idle", "posts") == []
    assert served.rows("nina.okafjord.idle", "interactions") == []
    assert len(served.rows("nina.okafjord", "interactions")) > 400


def test_the_celebrity_has_millions_of_followers_and_hundreds_of_reactions(
    served: Served,
) -> None:
    assert served.profile("stella.nova")["followers"] > 4_000_000
    per_day = served.by_day(served.rows("stella.nova", "interactions"))
    full = [per_day[day] for day in range(3, DAYS - 1)]
    assert min(full) > 80
    assert sum(full) / len(full) > 250
    assert served.profile("stella.nova")["lists"] > 500


def test_the_brand_says_that_it_is_one(served: Served) -> None:
    brand = served.profile("fjordkaffe")
    assert brand["kind"] == "brand"
    assert brand["followers"] > 50_000


def test_the_pod_acts_on_its_members_every_day_from_its_first(served: Served) -> None:
    members = [story.handle for story in stories.named(600) if story.word == "pod"]
    assert len(members) == 20
    rows = served.rows(members[0], "interactions")
    inside = [row for row in rows if row["actor"]["handle"] in members]
    assert {row["actor"]["handle"] for row in inside} == set(members[1:])
    per_day = served.by_day(inside)
    start = served.days.pod_from
    assert sum(per_day[day] for day in range(start)) < 30
    assert min(per_day[day] for day in range(start + 1, DAYS - 2)) > 10


def test_friends_of_the_circle_have_most_of_their_reactors_outside_it(served: Served) -> None:
    members = {story.handle for story in stories.named(600) if story.word == "circle"}
    assert len(members) == 20
    for handle in sorted(members):
        rows = served.rows(handle, "interactions")
        reactors = {row["actor"]["handle"] for row in rows}
        assert reactors & members == members - {handle}
        assert len(reactors - members) >= len(reactors) / 2
        outside = [row for row in rows if row["actor"]["handle"] not in members]
        assert len(outside) >= len(rows) / 2


def test_the_fleet_likes_every_day_and_has_no_audience(served: Served) -> None:
    rows = served.rows("rex.falkner", "interactions")
    bots = [row for row in rows if row["actor"]["handle"].startswith("user")]
    assert len({row["actor"]["handle"] for row in bots}) == 1_000
    assert {row["kind"] for row in bots} == {"like"}
    assert max(row["actor"]["followers"] for row in bots) < 4
    per_day = served.by_day(bots)
    start = served.days.fleet_from
    assert not any(per_day[day] for day in range(start))
    assert min(per_day[day] for day in range(start + 1, DAYS - 1)) > 900
    assert len(rows) - len(bots) < 300


def test_bought_followers_are_a_step_without_reactions(served: Served) -> None:
    followers = [row["followers"] for row in reversed(served.rows("bela.storm", "audience"))]
    step = served.days.bought
    assert followers[step] - followers[step - 1] == 8_000
    assert abs(followers[-1] - followers[step]) < 100
    rows = served.rows("bela.storm", "interactions")
    per_day = served.by_day(_reactions(rows))
    before = sum(per_day[day] for day in range(step)) / step
    after = sum(per_day[day] for day in range(step, DAYS)) / (DAYS - step)
    assert after < before + 1


def test_the_newcomer_has_fourteen_days_and_fifteen_reactors(served: Served) -> None:
    audience = served.rows("nora.nyland", "audience")
    assert len(audience) == 15
    assert audience[0]["followers"] == 60
    rows = _reactions(served.rows("nora.nyland", "interactions"))
    assert len({row["actor"]["handle"] for row in rows}) == 15
    assert min(served.by_day(rows)) >= DAYS - 15
    counts = [row["actor"]["followers"] for row in rows]
    assert min(counts) > 100
    assert max(counts) < 250


def test_the_specialist_moves_influential_people_of_one_topic(served: Served) -> None:
    rows = served.rows("sami.reefdal", "interactions")
    known = [row for row in rows if int(row["actor"]["id"]) <= 600]
    assert len(known) > len(rows) / 2
    mean = sum(row["actor"]["followers"] for row in known) / len(known)
    assert served.profile("sami.reefdal")["followers"] < 1_000
    assert mean > 1_500
    posts = served.rows("sami.reefdal", "posts")
    tags = Counter(tag for post in posts for tag in post["hashtags"])
    own = tags["science"] + tags["ocean"] + tags["marinebiology"]
    assert own > sum(tags.values()) / 2


def test_stories_stay_on_their_days_when_time_passes() -> None:
    kept = make_state(people=60)
    app = make_app(kept)
    before = Served(app)
    offline = before.days.offline_from
    web = app.test_client()
    assert web.post("/control/advance", json={"days": 10}).status_code == 200
    after = Served(app)
    assert after.days.offline_from == offline
    received = after.by_day(after.rows("otto.brandvik", "interactions"))
    assert not any(received[day] for day in range(offline, after.days.offline_until))
    assert max(received) == DAYS - 1 + 10
    moved = web.get("/healthz").get_json()
    assert moved["today"] == (before.first + timedelta(days=DAYS + 9)).isoformat()


@pytest.mark.parametrize("days", [7, 8, 20, 29, 61, 730])
def test_stories_have_room_in_every_length_of_history(days: int) -> None:
    when = stories.timeline(days)
    assert 0 < when.offline_from < when.offline_until < days
    for day in (when.viral, when.pod_from, when.bought, when.fleet_from):
        assert 0 < day < days
    assert 0 <= when.newcomer < days


def test_the_document_names_each_story_and_option() -> None:
    root = Path(__file__).resolve().parents[3]
    text = (root / "docs" / "sample-network.md").read_text(encoding="utf-8")
    for story in (*stories.SINGLES, *stories.HIDDEN):
        assert f"`{story.handle}`" in text, story.handle
    command = [sys.executable, "-m", "connectors.samplenet", "--help"]
    usage = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z][a-z-]+", usage)) - {"--help"}
    assert len(options) > 8
    for option in options:
        assert f"`{option}`" in text or f"{option}`" in text, option
