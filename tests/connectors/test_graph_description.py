"""Our description of Meta's Graph, by which every question of the running tests is checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fake_graph.compare import compared, differences
from tests.fake_graph.description import NODES, parsed, problems

ME = "/v26.0/me"


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        (ME, "fields=id,username", ""),
        (ME, "fields=id,password", "password is no field of IGUser"),
        (ME, "", "fields are not named"),
        (ME, "fields=id,", "no field at"),
        (ME, "fields=id&scope=all", "scope is no parameter"),
        (ME, "fields=id&appsecret_proof=x", "appsecret_proof is no parameter"),
        ("/v26.0/me/media", "fields=id,comments.limit(5){id,replies{id}}&limit=100", ""),
        ("/v26.0/me/media", "fields=id&limit=101", "limit is not"),
        ("/v26.0/me/media", "fields=comments{id", "a brace is not closed"),
        ("/v26.0/me/media", "fields=id)", "is left over"),
        ("/v26.0/me/media", "fields=caption{id}", "caption is no field"),
        ("/v26.0/me/media", "fields=insights.metric(likes){name}", "likes is no metric"),
        ("/v26.0/me/insights", "metric=reach&period=day", ""),
        ("/v26.0/me/insights", "metric=clicks", "clicks is no metric of IGUser"),
        ("/v26.0/me/friends", "fields=id", "is not described"),
        ("/v25.0/me", "fields=id", "is not described"),
    ],
)
def test_a_question_that_the_graph_would_refuse_is_named(path: str, query: str, words: str) -> None:
    found = " ".join(problems("instagram", path, query))
    assert words in found
    assert bool(found) == bool(words)


def test_an_expression_of_fields_is_read_with_all_that_is_within() -> None:
    post, comments = parsed("id,comments.limit(5).order(latest){from,replies{id}}")
    assert (post.name, post.within) == ("id", ())
    assert comments.modifiers == {"limit": "5", "order": "latest"}
    assert [one.name for one in comments.within] == ["from", "replies"]


def _theirs(name: str) -> dict[str, Any]:
    node = NODES[name]
    lists = [{"method": "GET", "endpoint": edge} for edge in node.lists]
    return {"fields": [{"name": field} for field in node.fields], "apis": lists}


@pytest.mark.parametrize("name", NODES)
def test_a_file_that_says_the_same_has_no_differences(name: str) -> None:
    assert differences(name, _theirs(name)) == []


def test_what_a_file_no_longer_names_is_told(tmp_path: Path) -> None:
    theirs = _theirs("IGUser")
    theirs["fields"] = [row for row in theirs["fields"] if row["name"] != "media_count"]
    theirs["fields"].append({"name": "user_id"})
    theirs["apis"] = theirs["apis"][1:]
    (tmp_path / "IGUser.json").write_text(json.dumps(theirs), "utf-8")
    names, found = compared(tmp_path)
    assert names == ["IGUser"]
    assert len(found) == 3
    assert "IGUser.media_count is not a field" in found
    assert "IGUser.user_id is described there now" in found


def test_the_vendors_descriptions_hold_all_that_is_asked_where_they_lie_beside_the_project() -> (
    None
):
    folder = Path(__file__).resolve().parents[3] / "shared" / "specs" / "facebook"
    names, found = compared(folder)
    assert found == []
    assert bool(names) == folder.is_dir()
