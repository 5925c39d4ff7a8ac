"""Our descriptions of vendors' APIs, by which every question of the running tests is checked."""

from typing import Any

import pytest

from tests.fake_web import youtube
from tests.fake_web.checking import problems
from tests.fake_web.compare import differences

V3 = youtube.V3


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        (f"{V3}/channels", "part=snippet,statistics&mine=true", ""),
        (f"{V3}/channels", "part=snippet,auditDetails", "is not one of"),
        (f"{V3}/channels", "mine=true", "'part' is a required property"),
        (f"{V3}/channels", "part=snippet&mine=false", "'true' was expected"),
        (f"{V3}/channels", "part=snippet&part=statistics", "part is told twice"),
        (f"{V3}/videos", f"part=snippet&id={','.join(map(str, range(51)))}", "too long"),
        (f"{V3}/videos", "part=snippet&id=a&maxResults=0", "less than the minimum"),
        (f"{V3}/commentThreads", "part=snippet&videoId=a&order=new", "is not one of"),
        (f"{V3}/search", "q=maps", "is not described"),
        (f"{V3}/channels/1", "part=snippet", "is not described"),
    ],
)
def test_a_question_that_a_vendor_would_refuse_is_named(path: str, query: str, words: str) -> None:
    found = " ".join(problems(youtube.DESCRIPTION, "GET", path, query))
    assert words in found
    assert bool(found) == bool(words)


def _vendors_file() -> dict[str, Any]:
    """Return a discovery document that allows exactly what is described."""
    methods: dict[str, Any] = {}
    for operation, parameters in youtube.DESCRIPTION.items():
        verb, _, path = operation.partition(" ")
        told = {}
        for name, schema in parameters.items():
            row = {"type": "string", "repeated": schema.get("type") == "array"}
            for limit in {"minimum", "maximum", "enum"} & schema.keys():
                row[limit] = schema[limit]
            told[name.removeprefix("!")] = {**row, "required": name.startswith("!")}
        scopes = ["other"] if path in youtube.PUBLIC_ONLY else [youtube.SCOPE]
        methods[path] = {
            "httpMethod": verb,
            "path": path.removeprefix("/"),
            "scopes": scopes,
            "parameters": told,
        }
    return {"resources": {"all": {"methods": methods}}}


def test_what_a_vendors_file_no_longer_allows_is_told() -> None:
    vendor = _vendors_file()
    assert differences(vendor) == []
    methods = vendor["resources"]["all"]["methods"]
    del methods[f"{V3}/playlists"]
    methods[f"{V3}/channels"]["scopes"] = ["other"]
    videos = methods[f"{V3}/videos"]["parameters"]
    videos["maxResults"]["maximum"] = 20
    videos["id"]["repeated"] = False
    videos["chart"] = {"type": "string", "required": True}
    del methods[f"{V3}/commentThreads"]["parameters"]["textFormat"]
    methods[f"{V3}/commentThreads"]["parameters"]["order"]["enum"] = ["time"]
    found = "\n".join(differences(vendor))
    for words in (
        *("/playlists: not there", "/channels: needs another scope", "maxResults: at most 20"),
        *("id: is not a list", "chart is required", "textFormat is not known", "order: one of"),
    ):
        assert words in found
