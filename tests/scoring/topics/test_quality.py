"""What is measured of the matcher, on labelled posts of the sample network."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from connectors.samplenet import texts
from scoring.topics import quality
from scoring.topics.matcher import Entry, Matcher
from scoring.topics.own import own_topics


def measured(*posts: quality.Labelled) -> dict[str, float | None]:
    return {row.measure: row.value for row in quality.table(posts, 0)}


def post(text: str, true: str, found: str, count: int = 1) -> quality.Labelled:
    return quality.Labelled(text, frozenset(true.split()), frozenset(found.split()), "en", count)


def test_precision_and_recall_are_those_of_the_counts() -> None:
    rows = measured(
        post("a", "chess", "chess", 6),
        post("b", "chess", "", 2),
        post("c", "opera", "opera chess", 2),
        post("d", "", "", 3),
        post("e", "", "wine", 1),
    )
    # Right 8, wrong 2 (chess) and 1 (wine); missed 2.
    assert rows["precision, micro"] == pytest.approx(8 / 11)
    assert rows["recall, micro"] == pytest.approx(8 / 10)
    assert rows["precision, macro"] == pytest.approx((6 / 8 + 1) / 2)
    assert rows["recall, macro"] == pytest.approx((6 / 8 + 1) / 2)
    assert rows["share without any find"] == pytest.approx(3 / 4)


def test_a_matcher_that_finds_nothing_has_no_recall() -> None:
    posts = quality.labelled(7, 40, 20, Matcher([Entry("own:chess", words=("xyzzy",))]))
    rows = {row.measure: row.value for row in quality.table(posts, 0)}
    assert rows["recall, micro"] == 0
    assert rows["share without any find"] == 1


def test_the_own_topics_find_what_the_sample_network_writes_about() -> None:
    """Floors below docs/evaluation.md: a change of words or matcher that costs much is noticed."""
    out = StringIO()
    call_command("evaluate", "--topics", "--people=80", "--json", stdout=out)
    rows = {row["measure"]: row for row in json.loads(out.getvalue())}
    assert rows["precision, micro"]["value"] > 0.9
    assert rows["recall, micro"]["value"] > 0.55
    assert 0 < rows["precision, micro"]["standard_error"] < 0.05
    assert rows["share without any find"]["value"] > 0.95
    with pytest.raises(CommandError, match="--people"):
        call_command("evaluate", "--topics", "--people=1")


def test_labels_are_topics_of_ours_and_every_community_has_texts() -> None:
    known = {topic.slug for topic in own_topics()}
    told = texts.prose()
    labels = {topic for interest in (*told.main, *told.second) for topic in interest.topics}
    assert labels <= known
    written = [
        texts.text_of(topic, zone, 5, n)
        for topic in range(12)
        for zone in (0, 1)
        for n in range(99)
    ]
    assert {text.language for text in written} == {"en", "nb"}
    assert any(not text.topics for text in written)
    assert all(0 < len(text.text) < 300 for text in written)
