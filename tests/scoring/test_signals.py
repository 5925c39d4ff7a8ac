import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from connectors.registry import CONNECTORS
from connectors.types import Kind
from scoring.core.params import CURRENT
from scoring.signals import (
    CATALOGUE,
    KIND_MEASURE,
    Role,
    SignalFamily,
    State,
    by_id,
    carries_weight,
    counted,
    network_name,
    networks,
    signals_for,
    unknown_measures,
)
from scoring.signals.recipes import Level, PostCount
from scoring.signals_page import page

# What people do on this site itself, of no network.
OWN = {"klout"}
MEASURES = {measure.name for measure in CURRENT.measures} | {"plus_k"}
# What the mission names, network by network.
NAMED = {
    "facebook": "likes comments wall_posts friends",
    "x": "followers reshares mentions lists",
    "instagram": "followers likes comments photos",
    "googleplus": "comments likes reshares",
    "linkedin": "connections recommendations comments",
    "foursquare": "tips_saved tips_liked friends checkins likes mayorships",
    "wikipedia": "inlinks inlink_ratio pagerank",
    "klout": "plus_k",
    "bluesky": "followers likes reshares comments quotes",
    "mastodon": "followers likes reshares comments quotes mentions",
    "threads": "followers likes_best comments reshares quotes",
    "youtube": "followers likes comments views_best",
    "tiktok": "followers likes comments shares_best",
    "github": "followers stars forks likes",
    "reddit": "link_karma comment_karma comments",
    "twitch": "followers viewers clips",
    "pinterest": "followers saves_best month_views",
    "tumblr": "likes reshares notes_best",
    "stackexchange": "reputation accepted_answers gold_badges",
    "hackernews": "karma comments",
    "yammer": "followers likes comments",
    "bing": "results",
}


def test_ids_are_unique_and_lead_back_to_their_signal() -> None:
    assert len({signal.id for signal in CATALOGUE}) == len(CATALOGUE)
    assert all(by_id(signal.id) is signal for signal in CATALOGUE)
    with pytest.raises(KeyError):
        by_id("nowhere.likes")


def test_more_than_four_hundred_signals_are_declared_over_the_networks_of_the_mission() -> None:
    assert len(CATALOGUE) >= 400
    assert set(networks()) == {"sample", *NAMED}
    for network, measures in NAMED.items():
        assert {f"{network}.{measure}" for measure in measures.split()} <= {
            signal.id for signal in signals_for(network)
        }


def test_every_weighted_signal_feeds_a_measure_of_the_model() -> None:
    for signal in CATALOGUE:
        if signal.role is Role.WEIGHTED:
            assert signal.measure in MEASURES, signal.id
        elif signal.measure in MEASURES and signal.role is not Role.RETIRED:
            # The count beside the people: how many stand behind it is estimated in `anonymous`.
            assert not signal.named, signal.id
            assert f"{signal.network}.anonymous" in {s.id for s in signals_for(signal.network)}


def test_what_the_person_does_never_carries_weight() -> None:
    for signal in CATALOGUE:
        if not signal.received:
            assert signal.role is not Role.WEIGHTED, signal.id
            assert signal.family is SignalFamily.ACTIVITY, signal.id


def test_every_signal_is_one_sentence_with_a_source_and_a_unit() -> None:
    for signal in CATALOGUE:
        assert re.fullmatch(r"[A-Z].*[^.]\.", str(signal.sentence)), signal.id
        assert all((signal.source, signal.unit, str(signal.name))), signal.id
        for text in (str(signal.name), str(signal.sentence), signal.source):
            assert "|" not in text, signal.id
            assert "%" not in text, signal.id


def test_every_connector_has_its_signals_and_every_network_its_name() -> None:
    assert set(CONNECTORS) <= set(networks())
    assert all(network_name(network) != network for network in networks())


def test_no_two_signals_of_a_network_are_measured_in_the_same_way() -> None:
    recipes = Counter((signal.network, signal.recipe) for signal in CATALOGUE)
    assert [key for key, number in recipes.items() if number > 1] == []


def test_no_count_of_posts_is_told_in_more_than_three_ways() -> None:
    counts = Counter(
        (signal.network, signal.recipe.count)
        for signal in CATALOGUE
        if isinstance(signal.recipe, PostCount)
    )
    assert max(counts.values()) <= 3


def test_nothing_has_weight_on_a_network_without_a_connector() -> None:
    for signal in CATALOGUE:
        if signal.network not in {*CONNECTORS, *OWN}:
            assert signal.state is not State.COUNTED, signal.id
            assert not signal.carries_weight, signal.id
    # How an article stands is told, and not weighed: nothing says yet what it is worth.
    weighted = {signal.network for signal in carries_weight()}
    assert weighted == set(CONNECTORS) - {"wikipedia"} | OWN
    for network in set(networks()) - set(CONNECTORS):
        assert unknown_measures(network, is_owner=True) == frozenset()


def test_rows_begin_to_count_when_a_connector_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Under the id of a network that has none; what it does not give keeps waiting."""
    monkeypatch.delitem(CONNECTORS, "tumblr")
    before = {signal.id for signal in counted()}
    assert {signal.state for signal in signals_for("tumblr")} == {State.WAITING}
    monkeypatch.setitem(CONNECTORS, "tumblr", CONNECTORS["bluesky"])
    states = {signal.measure: signal.state for signal in signals_for("tumblr")}
    assert states["likes"] is states["responses_people"] is State.COUNTED
    assert states["notes_best"] is states["likes_given"] is State.WAITING
    assert by_id("tumblr.likes").carries_weight
    assert unknown_measures("tumblr", is_owner=True) == {"lists", "quotes", "mentions"}
    assert {signal.network for signal in counted() if signal.id not in before} == {"tumblr"}


def test_what_is_retired_stays_so_whatever_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONNECTORS, "googleplus", CONNECTORS["bluesky"])
    assert {signal.state for signal in signals_for("googleplus")} == {State.RETIRED}


def test_every_signal_of_the_networks_that_are_read_is_counted() -> None:
    for network in ("sample", "mastodon", "bluesky"):
        assert {signal.state for signal in signals_for(network)} == {State.COUNTED}


def test_every_count_that_a_connector_yields_is_a_signal() -> None:
    for network, connector in CONNECTORS.items():
        recipes = [signal.recipe for signal in signals_for(network)]
        levels = {recipe.count for recipe in recipes if isinstance(recipe, Level)}
        counts = {recipe.count for recipe in recipes if isinstance(recipe, PostCount)}
        weighted = {signal.measure for signal in signals_for(network) if signal.carries_weight}
        assert connector.NETWORK.snapshot_counts <= levels | weighted, network
        assert connector.NETWORK.post_counts <= counts, network


def test_named_reactions_are_of_kinds_that_the_connector_names() -> None:
    for network, connector in CONNECTORS.items():
        named = {
            KIND_MEASURE[kind]
            for kind in connector.NETWORK.capabilities.named
            if kind is not Kind.FOLLOW
        }
        weighted = {s.measure for s in carries_weight() if s.network == network and s.named}
        assert weighted - {"quality", "top_posts"} == named, network


def test_plus_k_is_counted_without_a_connector_and_is_no_network() -> None:
    assert by_id("klout.plus_k").carries_weight
    # What nobody reads yet, such as answers, waits.
    waiting = {s.measure for s in signals_for("klout") if s.state is State.WAITING}
    assert waiting == {"topics", "answers_valued", "given"}
    measured_on = {s.network for s in counted()} - OWN
    assert f"on {len(measured_on)} networks that have a connector" in page().replace("\n", " ")


def test_what_a_network_cannot_give_is_unknown() -> None:
    assert unknown_measures("sample", is_owner=True) == frozenset()
    assert unknown_measures("bluesky", is_owner=False) == {"lists", "mentions"}
    assert unknown_measures("mastodon", is_owner=True) == {"lists"}
    assert unknown_measures("mastodon", is_owner=False) == {"lists", "mentions", "quotes"}


def test_the_page_of_signals_is_the_one_in_the_documents() -> None:
    path = Path(settings.BASE_DIR) / "docs" / "signals.md"
    assert path.read_text(encoding="utf-8") == page()


def test_the_command_writes_the_page_and_notices_an_old_one(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("signals_doc", "--check")
    call_command("signals_doc")
    call_command("signals_doc", "--check")
    assert f"{len(CATALOGUE)} signals" in capsys.readouterr().out
