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
    by_id,
    networks,
    signals_for,
    unknown_measures,
)
from scoring.signals_page import page

MEASURES = {measure.name for measure in CURRENT.measures}


def test_ids_are_unique_and_lead_back_to_their_signal() -> None:
    assert len({signal.id for signal in CATALOGUE}) == len(CATALOGUE)
    assert all(by_id(signal.id) is signal for signal in CATALOGUE)
    with pytest.raises(KeyError):
        by_id("nowhere.likes")


def test_every_weighted_signal_feeds_a_measure_of_the_model_and_no_other_does() -> None:
    for signal in CATALOGUE:
        assert (signal.role is Role.WEIGHTED) == (signal.measure in MEASURES), signal.id


def test_what_the_person_does_never_carries_weight() -> None:
    for signal in CATALOGUE:
        if not signal.received:
            assert (signal.role, signal.family) == (Role.SHOWN, SignalFamily.ACTIVITY)


def test_every_signal_is_one_sentence_with_a_source_and_a_unit() -> None:
    for signal in CATALOGUE:
        assert signal.sentence.endswith("."), signal.id
        assert all((signal.source, signal.unit, signal.name)), signal.id


def test_every_network_in_the_catalogue_is_a_connector_and_the_other_way_round() -> None:
    assert set(networks()) == set(CONNECTORS)


def test_levels_are_counts_that_the_connector_yields() -> None:
    for signal in CATALOGUE:
        if signal.measure in ("followers", "lists", "following", "posts"):
            counts = CONNECTORS[signal.network].NETWORK.snapshot_counts
            assert signal.measure in counts, signal.id


def test_named_reactions_are_of_kinds_that_the_connector_names() -> None:
    for network in networks():
        capabilities = CONNECTORS[network].NETWORK.capabilities
        named = {KIND_MEASURE[kind] for kind in capabilities.named if kind is not Kind.FOLLOW}
        reactions = [s for s in signals_for(network) if s.family is SignalFamily.REACTION]
        assert {s.measure for s in reactions if s.named} == named, network
        assert any(not s.named for s in reactions) == bool(capabilities.anonymous), network


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
