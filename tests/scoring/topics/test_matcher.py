"""Topics found in texts."""

import pytest

from scoring.topics import folding
from scoring.topics.matcher import Entry, Matcher
from scoring.topics.ontology import own_entries
from scoring.topics.own import own_topics


@pytest.fixture(scope="module")
def own() -> Matcher:
    return Matcher(own_entries())


def slugs(found: list[str]) -> list[str]:
    return [topic.removeprefix("own:") for topic in found]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("An evening with an old telescope", ["astronomy"]),
        ("Two hours in the DARKROOM", ["photography"]),
        ("Trained a new #MachineLearning thing", ["artificial-intelligence"]),
        ("Ny surdeig i dag", ["baking"]),
        ("Klar for langrenn", ["skiing"]),
        ("NØDVENDIG å si: MASKINLÆRING", ["artificial-intelligence"]),
        ("Maskinlaering for alle", ["artificial-intelligence"]),
        ("Loeping og løping", ["running"]),
        ("Takk til alle som er her", []),
        ("La pâtisserie et le café: espresso", ["coffee"]),
        ("écrit en décomposé: espresso", ["coffee"]),
        ("c++ is not c", ["c-language"]),
        ("A science fiction evening", ["science-fiction"]),
        ("#urban_planning matters", ["urbanism"]),
        ("Good morning! #goodmorning", []),
        ("", []),
        # Neither a name nor an address is a word.
        ("@espresso and https://example.org/espresso", []),
    ],
)
def test_words_hashtags_and_both_languages_are_understood(
    own: Matcher, text: str, topics: list[str]
) -> None:
    assert slugs(own.topics(text)) == topics


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Python is a long word", []),
        ("Wrote a Python script to sort the post", ["python"]),
        ("That bass needs a new amp", ["guitar"]),
        ("Caught a bass below the lake, on a small lure", ["fishing"]),
        ("By bus through Java, then the temple on the island", ["indonesia"]),
        ("The compiler turns Java into bytecode", ["java"]),
        ("It is my goal to sleep more", []),
        ("What a goal in the last minute of the match", ["football"]),
        ("A jaguar", []),
    ],
)
def test_a_word_of_several_meanings_counts_only_with_help(
    own: Matcher, text: str, topics: list[str]
) -> None:
    assert slugs(own.topics(text)) == topics


def test_a_hashtag_says_which_meaning_is_meant_where_only_one_topic_has_it(own: Matcher) -> None:
    assert slugs(own.topics("today #python")) == ["python"]
    assert slugs(own.topics("today #bass")) == []
    assert slugs(own.topics("today", ["Python"])) == ["python"]


def test_links_say_what_a_post_is_about(own: Matcher) -> None:
    assert slugs(own.topics("Look", (), ["www.lichess.org"])) == ["chess"]


def test_a_list_of_everything_is_about_nothing(own: Matcher) -> None:
    """Or who writes all names in a row would be found under each."""
    words = " ".join(topic.names["en"] for topic in own_topics())
    assert own.topics(words) == []
    assert own.topics("", [topic.slug.replace("-", "") for topic in own_topics()]) == []


def test_at_most_five_topics_the_surest_first(own: Matcher) -> None:
    found = slugs(own.topics("#chess espresso marathon telescope opera sourdough haiku"))
    assert found[0] == "chess"
    assert len(found) == 5


@pytest.mark.parametrize("text", ["#" * 10_000, "#_ #1 @ # ++ \0 \ud800", "a" * 2_000_000, "🎉"])
def test_texts_without_sense_find_nothing_and_raise_nothing(own: Matcher, text: str) -> None:
    assert own.topics(text, [text[:100]]) == []


def test_the_longest_name_is_taken_and_none_inside_it() -> None:
    matcher = Matcher(
        [Entry("a", words=("trail",)), Entry("b", words=("trail running", "trail running shoes"))]
    )
    assert matcher.topics("new trail running shoes") == ["b"]
    assert matcher.topics("a trail running west") == ["b"]
    assert matcher.topics("the trail") == ["a"]


def test_a_name_of_two_topics_goes_to_the_one_that_the_words_around_it_speak_for() -> None:
    matcher = Matcher(
        [
            Entry("bank", words=("Bank",), context=("money",)),
            Entry("river", words=("bank",), context=("water",)),
        ]
    )
    assert matcher.topics("a bank") == []
    assert matcher.topics("a bank, a fish, the water") == ["river"]
    assert matcher.topics("money and water at the bank") == []


def test_hashtags_are_taken_apart_at_capitals_digits_and_underscores() -> None:
    assert folding.hashtag_words("MachineLearning") == ["machine", "learning"]
    assert folding.hashtag_words("GIScience2026") == ["gi", "science", "2026"]
    assert folding.hashtag_words("ØlOgMat") == ["oel", "og", "mat"]
    assert folding.hashtag_words("right_to_repair") == ["right", "to", "repair"]


def test_there_are_many_own_topics_with_names_in_both_languages_and_known_parents() -> None:
    own = own_topics()
    slugs_of = {topic.slug for topic in own}
    assert len(own) == len(slugs_of) >= 150
    for topic in own:
        assert all(topic.names.values()), topic
        assert set(topic.parents) <= slugs_of - {topic.slug}, topic
