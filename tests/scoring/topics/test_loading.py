"""The topics as rows: the project's own, and a published ontology beside them."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django.fixtures import DjangoAssertNumQueries

from people.models import Person
from scoring.topics import loading, ontology, published, queries
from scoring.topics.models import PersonTopic, Topic, TopicChoice, TopicEdge, TopicName
from tests.conftest import TODAY

SHARED = Path(__file__).parents[4] / "shared" / "data" / "topics"
TOPICS = """"topicId","topicSlug","topicDisplayName","wikiItemId","freebaseMachineId"
10000000000000000000,"arts-super","Arts","Q1","x"
7,"zither","Zither","Q2","y"
8,"photography","Photography","Q3","z"
9,"night-photography","Night Photography","Q4","z"
9,"twice","Twice","",""
10,"zither","Same slug","",""
"bad id!","x","X","",""
11,"","No slug","",""
12,"short"
"""
EDGES = """"parentTopicId","parrentTopicSlug","childTopicId","childTopicSlug"
0,"_ROOT_",0,"_ROOT_"
0,"_ROOT_",10000000000000000000,"arts-super"
10000000000000000000,"arts-super",7,"zither"
10000000000000000000,"arts-super",8,"photography"
8,"photography",9,"night-photography"
8067190039628328240,"economy-of-music",7,"zither"
7,"zither",7,"zither"
7,"zither",99,""
"""
NAMES = """"topicId","language","topicDisplayName"
7,"de","Zither"
7,"ar","قانون"
9,"nb","Nattfotografering"
9,"de","Nachtfotografie"
77,"de","Niemand"
9,"??","x"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("ontology", TOPICS), ("edge", EDGES), ("display", NAMES)):
        (tmp_path / f"some_topic_{name}_2018.csv").write_text(text, encoding="utf-8")
    return tmp_path


def loaded(folder: Path) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("load_topics", str(folder), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def state() -> tuple[object, ...]:
    return (
        list(Topic.objects.order_by("id").values_list("id", "slug", "kind", "published_id")),
        list(TopicEdge.objects.order_by("pk").values_list("pk", "parent_id", "child_id")),
        list(
            TopicName.objects.order_by("topic_id", "language", "folded").values_list(
                "topic_id", "language", "name", "shown", "doubtful"
            )
        ),
    )


@pytest.mark.django_db
def test_a_published_ontology_is_loaded_beside_the_own_topics_and_twice_is_once(
    folder: Path,
) -> None:
    out, err = loaded(folder)
    assert "4 new, 1 of our own known there" in out
    assert "1 topics named in edges only" in out
    for told in (
        "some_topic_ontology_2018.csv, line 6: 9 is there twice",
        "some_topic_ontology_2018.csv, line 7: zither is there twice",
        "some_topic_ontology_2018.csv, line 8: bad id! is not the id of a topic",
        "some_topic_ontology_2018.csv, line 9: (empty) is not a slug",
        "some_topic_ontology_2018.csv, line 10: wrong number of columns",
        "some_topic_edge_2018.csv, line 8: 7 is its own parent",
        "some_topic_edge_2018.csv, line 9: there is no topic 99",
        "some_topic_display_2018.csv, line 6: there is no topic 77",
        "some_topic_display_2018.csv, line 7: that is not a language",
    ):
        assert told in err
    assert len(err.splitlines()) == 9
    # An id beyond 63 bits, the root that is no topic, a topic that only an edge names.
    assert Topic.objects.get(pk="10000000000000000000").kind == "area"
    assert not Topic.objects.filter(pk="0").exists()
    assert Topic.objects.get(pk="8067190039628328240").slug == "economy-of-music"
    # Ours keeps its number, and has a child more.
    assert Topic.objects.get(slug="photography").published_id == "8"
    assert TopicEdge.objects.filter(parent_id="own:photography", child_id="9").exists()
    before = state()
    assert "(0 new" in loaded(folder)[0]
    assert state() == before


@pytest.mark.django_db
def test_a_changed_name_comes_with_the_next_file_and_topics_that_are_gone_stay(
    folder: Path,
) -> None:
    loaded(folder)
    for name, text in (
        ("ontology", TOPICS.replace('"Zither","Q2"', '"Zithers","Q2"').replace("8,", "88,", 1)),
        ("display", NAMES.replace("Nachtfotografie", "Fotografie bei Nacht")),
    ):
        (folder / f"some_topic_{name}_2018.csv").write_text(text, encoding="utf-8")
    loaded(folder)
    assert TopicName.objects.get(topic_id="7", language="en").name == "Zithers"
    assert TopicName.objects.get(topic_id="9", language="de").name == "Fotografie bei Nacht"
    # The project's own name of its own topic is not replaced.
    assert TopicName.objects.get(topic_id="own:photography", language="en").name == "Photography"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "some_topic_edge_2018.csv").unlink(), "topic_edge"),
        (
            lambda folder: (folder / "some_topic_edge_2018.csv").write_bytes(b"\xff\xfe\0"),
            "is not UTF-8",
        ),
        (
            lambda folder: (folder / "some_topic_display_2018.csv").write_text("a,b\n1,2\n"),
            "lacks the column topicId",
        ),
        (
            lambda folder: (
                (folder / "some_topic_ontology_2018.csv").write_text(TOPICS.splitlines()[0])
                and (folder / "some_topic_edge_2018.csv").write_text(EDGES.splitlines()[0])
            ),
            "no usable topic",
        ),
    ],
)
def test_what_is_no_ontology_is_refused_and_changes_nothing(
    folder: Path, change: object, said: str
) -> None:
    assert callable(change)
    change(folder)
    with pytest.raises(CommandError, match=said):
        loaded(folder)
    assert not Topic.objects.exists()


@pytest.mark.django_db
@pytest.mark.skipif(not SHARED.is_dir(), reason="the published files are not beside the project")
def test_the_published_files_are_read_whole() -> None:
    found = published.read(SHARED)
    done = loading.load(found)
    assert len(found.slugs) == 8_034
    assert found.bad == []
    assert done.topics > 8_000
    assert done.merged > 80
    entries = ontology.stored_entries()
    assert len(entries) == done.topics


@pytest.mark.django_db
def test_topics_of_people_come_in_one_query_named_in_the_language_of_the_page(
    alice: Person, bob: Person
) -> None:
    ontology.store_own_topics()
    for number, (slug, weight) in enumerate(
        {"baking": 0.5, "chess": 0.3, "football": 0.2, "opera": 0.01}.items(), start=1
    ):
        PersonTopic.objects.create(
            person=alice,
            topic_id=f"own:{slug}",
            weight=weight,
            people_count=10 * number,
            posts_count=number,
            day="2026-03-01",
        )
    TopicChoice.objects.create(person=alice, topic_id="own:football", choice="hidden")
    TopicChoice.objects.create(person=alice, topic_id="own:jazz", choice="added")
    Topic.objects.filter(slug="chess").update(is_active=False)
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        translation.override("nb"),
    ):
        found = queries.topics_of([alice.pk, bob.pk])
    assert len(asked) == 1
    assert [(row.name, row.weight, row.is_added) for row in found[alice.pk]] == [
        ("Baking", 0.5, False),
        ("Jazz", 0.0, True),
    ]
    assert bob.pk not in found


@pytest.mark.django_db
def test_topics_are_found_by_what_is_typed_in_any_language() -> None:
    ontology.store_own_topics()
    assert queries.topics_matching("foto")[0].slug == "photography"
    with translation.override("nb"):
        assert queries.topics_matching("LØPING")[0].name == "Løping"
        assert queries.topics_matching("loeping")[0].name == "Løping"
    assert queries.topics_matching("running")[0].slug == "running"
    for nothing in ("", "x", "%", "__", "\\%", "\0", "no such topic"):
        assert queries.topics_matching(nothing) == []
        assert queries.topics_like(nothing, 5) == []


@pytest.mark.django_db
def test_topics_are_offered_as_one_types_by_the_beginnings_of_words_typos_forgiven(
    alice: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ontology.store_own_topics()

    def offered(text: str, *, with_people: bool = False) -> list[str]:
        with django_assert_num_queries(1):
            return [link.name for link in queries.topics_like(text, 3, with_people=with_people)]

    assert offered("ph")
    for typed in ("photography", "#Photog", "PHÓTOGR", "photograhpy", "fotografi"):
        assert offered(typed)[0] == "Photography", typed
    # The middle of a word begins nothing.
    assert "Photography" not in offered("otog")
    with translation.override("nb"):
        assert offered("løp")[0] == offered("loepign")[0] == "Løping"
    assert offered("photography", with_people=True) == []
    topic = Topic.objects.get(slug="photography")
    row = PersonTopic.objects.create(
        person=alice, topic=topic, weight=0.5, people_count=9, posts_count=3, day=TODAY
    )
    assert offered("photography", with_people=True) == []
    PersonTopic.objects.filter(pk=row.pk).update(is_listed=True, influence=40.0)
    assert offered("photograhpy", with_people=True) == ["Photography"]


@pytest.mark.django_db
def test_the_matcher_of_a_process_follows_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    ontology.forget_matcher()
    assert ontology.matcher().topics("sourdough") == ["own:baking"]
    assert ontology.ensure_own_topics()
    assert not ontology.ensure_own_topics()
    monkeypatch.setattr(ontology, "LOOK_AGAIN_SECONDS", -1.0)
    assert ontology.matcher().topics("sourdough") == ["own:baking"]
    Topic.objects.filter(slug="baking").update(is_active=False)
    assert ontology.matcher().topics("sourdough") == ["own:baking"]
    ontology.changed()
    assert ontology.matcher().topics("sourdough") == []
    ontology.forget_matcher()
