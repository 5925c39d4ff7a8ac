"""Our description of X's API, by which every question of the running tests is checked."""

from copy import deepcopy
from typing import Any

import pytest

from tests.fake_x.compare import differences
from tests.fake_x.description import DIALECTS, problems

ME = "/2/users/me"


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        (ME, "user.fields=public_metrics", ""),
        (ME, "user.fields=password", "not one of"),
        (ME, "scope=all", "Additional properties"),
        ("/2/users/12/tweets", "max_results=5", ""),
        ("/2/users/12/tweets", "max_results=4", "less than the minimum"),
        ("/2/users/twelve/tweets", "max_results=5", "does not match"),
        ("/2/tweets", "", "'ids' is a required property"),
        ("/2/tweets", "ids=" + ",".join(map(str, range(101))), "too long"),
        ("/2/tweets/12/retweeted_by", "max_results=many", "is not of type 'integer'"),
        ("/2/users/12/followers", "", "is not described"),
    ],
)
def test_a_question_that_x_would_refuse_is_named(path: str, query: str, words: str) -> None:
    found = " ".join(problems("2.165", path, query))
    assert words in found
    assert bool(found) == bool(words)


def test_each_dialect_knows_its_own_words_only() -> None:
    path = "/2/users/12/tweets"
    assert problems("2.165", path, "tweet.fields=author_id") == []
    assert problems("2.167", path, "post.fields=created_at") == []
    assert problems("2.167", path, "tweet.fields=created_at")
    assert problems("2.167", path, "post.fields=author_id")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_vendors_file_that_says_the_same_has_no_differences(dialect: str) -> None:
    assert differences(DIALECTS[dialect]) == []


def _parameter(vendor: dict[str, Any], path: str, name: str) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = vendor["paths"][path]["get"]["parameters"]
    return next(parameter for parameter in parameters if parameter["name"] == name)


def test_what_a_vendors_file_no_longer_allows_is_told() -> None:
    vendor = deepcopy(DIALECTS["2.165"])
    del vendor["paths"][ME]
    vendor["paths"]["/2/users/{id}/mentions"]["get"]["security"] = [{"BearerToken": []}]
    _parameter(vendor, "/2/tweets", "ids")["schema"]["maxItems"] = 50
    quotes = "/2/tweets/{id}/quote_tweets"
    _parameter(vendor, quotes, "max_results")["schema"]["minimum"] = 20
    _parameter(vendor, quotes, "user.fields")["schema"]["items"]["enum"] = ["protected"]
    found = "\n".join(differences(vendor))
    assert f"{ME}: not there" in found
    assert "/2/users/{id}/mentions: takes no token of a person" in found
    assert "/2/tweets ids: maxItems 100, theirs 50" in found
    assert f"{quotes} max_results: minimum 10, theirs 20" in found
    assert f"{quotes} user.fields:" in found
    assert differences({"info": {"version": "9"}}) == ["no dialect 9 is described"]
