"""Each format: a whole file, an empty, a split, a localised, a broken and a hostile one."""

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.archives import making, reading, registry
from connectors.archives.car_writing import cbor, repository, varint
from connectors.archives.container import Refused
from connectors.archives.making import MAKERS, Invented, zipped
from connectors.archives.reading import from_seconds, from_text, mended
from connectors.archives.summary import MOST_UNCLEAR, Summary
from connectors.archives.understood import Unclear
from tests.connectors.archives.files import Told, changed, rezipped, told

FILES = {name: maker(Invented(7)) for name, maker in MAKERS.items()}
WHOLE: dict[str, tuple[str, dict[str, int]]] = {
    "bluesky-repo.car": (
        "bluesky_car",
        {"like sent": 30, "reshare sent": 6, "follow sent": 12, "comment sent": 4},
    ),
    "x-archive.zip": (
        "x_archive",
        {
            "posts": 41,
            "reshare sent": 1,
            "comment sent": 1,
            "like sent": 30,
            "follow sent": 9,
            "follow got": 25,
        },
    ),
    "instagram-information.zip": (
        "instagram_json",
        {"follow got": 50, "follow sent": 12, "like sent": 20, "comment sent": 7},
    ),
    "facebook-information.zip": (
        "facebook_json",
        {"comment sent": 9, "like sent": 14, "follow got": 31, "follow sent": 6},
    ),
    "mastodon-archive.zip": (
        "mastodon_archive",
        {"comment sent": 4, "reshare sent": 8, "like sent": 15},
    ),
    "Complete_LinkedInDataExport.zip": (
        "linkedin_csv",
        {"follow got": 33, "comment sent": 5, "like sent": 17},
    ),
    "youtube-takeout.zip": ("youtube_takeout", {"comment sent": 11, "follow sent": 8}),
    "googleplus-takeout.zip": ("googleplus_takeout", {"comment got": 32, "like got": 32}),
    "tiktok-data.zip": (
        "tiktok_json",
        {
            "follow got": 44,
            "follow sent": 10,
            "reshare sent": 3,
            "like sent": 21,
            "comment sent": 13,
        },
    ),
    "swarm-data-export.zip": ("foursquare_json", {}),
}
EVERY = pytest.mark.parametrize("name", sorted(MAKERS))


def whole(name: str, folder: Path) -> Told:
    return told(folder, FILES[name], name)


@EVERY
def test_a_whole_file_is_understood_to_the_last_item(name: str, tmp_path: Path) -> None:
    form, counts = WHOLE[name]
    found = whole(name, tmp_path)
    assert found.format == form
    assert found.counts == {"posts": making.POSTS, **counts}
    ids = [post.native_id for post in found.posts]
    assert len(set(ids)) == len(ids)
    assert all(0 < len(one) <= 255 for one in ids)
    assert all(post.created_at.tzinfo is not None for post in found.posts)
    assert "Blåbær og brød på fjellet i dag. #norge #mat" in {p.text for p in found.posts}


@EVERY
def test_the_owner_is_told_and_letters_to_others_are_not_read(name: str, tmp_path: Path) -> None:
    found = whole(name, tmp_path)
    names = [text for one in found.owners for text in (one.native_id, one.handle, one.name)]
    assert any("vera" in text.lower() for text in names)
    assert len(found.owners) <= 2
    said = " ".join(post.text for post in found.posts)
    assert "Hei" not in said
    private = [what for what, why in found.unclear.items() if why == "private"]
    assert bool(private) == (name not in {"bluesky-repo.car", "googleplus-takeout.zip"})


@EVERY
def test_the_same_seed_makes_the_same_file_and_the_same_records(name: str, tmp_path: Path) -> None:
    assert MAKERS[name](Invented(7)) == FILES[name]
    assert MAKERS[name](Invented(8)) != FILES[name]
    first, second = whole(name, tmp_path), whole(name, tmp_path)
    assert first.posts == second.posts


@EVERY
def test_a_file_that_breaks_off_is_told_and_harms_nothing(name: str, tmp_path: Path) -> None:
    for share in (0.2, 0.6, 0.97):
        cut = FILES[name][: int(len(FILES[name]) * share)]
        if name.endswith(".zip"):
            with pytest.raises(Refused) as refused:
                told(tmp_path, cut, name)
            assert refused.value.why == "broken"
        else:
            found = told(tmp_path, cut, name)
            assert "broken" in found.unclear.values()
            assert found.counts["posts"] <= making.POSTS


@EVERY
def test_every_member_may_be_nonsense(name: str, tmp_path: Path) -> None:
    """Whatever stands in a member, what is told is "broken" or "unknown", never an error."""
    if not name.endswith(".zip"):
        return
    with zipfile.ZipFile(BytesIO(FILES[name])) as file:
        names = file.namelist()
    for nonsense in (
        b"",
        b"{",
        b"\xff\xfe\x00",
        b'[{"a": [1, ',
        b"null",
        b'"x"',
        b"[[[[[[",
        b"1e999",
    ):
        content = rezipped(FILES[name], dict.fromkeys(names, nonsense))
        found, refused = None, ""
        try:
            found = told(tmp_path, content, name)
        except Refused as error:
            refused = error.why
        assert refused in {"", "unknown"}
        assert found is None or found.acts.total() == 0


@EVERY
def test_an_empty_file_of_the_format_has_nothing_in_it(name: str, tmp_path: Path) -> None:
    if name == "bluesky-repo.car":
        found = told(tmp_path, repository({}), name)
        assert found.counts == {"posts": 0}
        return
    with zipfile.ZipFile(BytesIO(FILES[name])) as file:
        emptied: dict[str, bytes | str | None] = {
            info.filename: {"js": b"window.YTD.x.part0 = [ ]", "json": b"[]"}.get(
                info.filename.rpartition(".")[2], b""
            )
            for info in file.infolist()
        }
    found = told(tmp_path, rezipped(FILES[name], emptied), name)
    assert found.acts.total() == 0


def test_split_files_add_up(tmp_path: Path) -> None:
    """Those above are split: without its second part an archive has fewer posts."""
    for name, part, left in (
        ("x-archive.zip", "data/tweets-part1.js", 20),
        ("instagram-information.zip", "your_instagram_activity/media/posts_2.json", 25),
        (
            "facebook-information.zip",
            "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_2.json",
            25,
        ),
    ):
        assert len(told(tmp_path, rezipped(FILES[name], {part: None})).posts) == left


# --- In other languages --------------------------------------------------------------------------
def test_instagram_in_dutch_is_known_by_its_lists_and_shapes(tmp_path: Path) -> None:
    comment = {"string_map_data": {"Tijd": {"timestamp": 1600000000}, "Auteur": {"value": "x"}}}
    content = zipped(
        {
            "persoonlijke_info/persoonlijk.json": {
                "profile_user": [{"string_map_data": {"Gebruikersnaam": {"value": "vera.l"}}}]
            },
            "jouw_activiteit/reacties_1.json": [comment],
            "jouw_activiteit/leuk.json": {
                "likes_media_likes": [{"string_list_data": [{"timestamp": 1600000001}]}]
            },
        }
    )
    found = told(tmp_path, content)
    assert found.format == "instagram_json"
    assert found.owners[0].handle == "vera.l"
    assert found.counts == {"posts": 0, "comment sent": 1, "like sent": 1}


def test_facebook_in_norwegian_is_known_by_its_lists(tmp_path: Path) -> None:
    content = zipped(
        {
            "venner/vennene_dine.json": {"friends_v2": [{"timestamp": 1600000000}]},
            "innlegg/innleggene_dine_1.json": [
                {"timestamp": 1600000000, "data": [{"post": making.garbled("Blåbær")}]}
            ],
        }
    )
    found = told(tmp_path, content)
    assert found.format == "facebook_json"
    assert found.posts[0].text == "Blåbær"
    assert found.counts == {"posts": 1, "follow got": 1}


def test_youtube_in_norwegian_and_german(tmp_path: Path) -> None:
    for folder, table in (("YouTube og YouTube Music", "kommentarer"), ("YouTube", "kommentare")):
        rows = "Id,Kanal,Opprettet\nc1,UC1234567890123456789012,2021-05-06T07:08:09+00:00\n"
        found = told(tmp_path, zipped({f"Takeout/{folder}/{table}/{table}.csv": rows}))
        assert found.format == "youtube_takeout"
        assert found.counts == {"posts": 0, "comment sent": 1}


def test_tiktok_of_older_years(tmp_path: Path) -> None:
    data = {
        "Activity": {
            "Like List": {"ItemFavoriteList": [{"Date": "2020-05-06 07:08:09", "Link": "x"}]},
            "Favorite Videos": {"FavoriteVideoList": [{"Date": "2020-05-06 07:08:09"}]},
        },
        "Video": {"Videos": {"VideoList": [{"date": "2020-05-06 07:08:09", "link": "x"}]}},
        "Profile": {"Profile Information": {"ProfileMap": {"userName": "vera"}}},
    }
    found = told(tmp_path, json.dumps(data).encode(), "user_data.json")
    assert found.counts == {"posts": 1, "like sent": 1}
    assert found.owners[0].handle == "vera"


def test_swarm_of_older_years_is_read_and_no_place_is_told(tmp_path: Path) -> None:
    checkins = [
        {"id": "c1", "createdAt": 1588748889, "shout": "Fog #bergen", "venue": {"name": "Bryggen"}},
        {"id": "c2", "createdAt": "never", "venue": None},
        {"createdAt": "2020-05-07 07:08:09.000000", "lat": 60.39},
    ]
    found = told(tmp_path, zipped({"checkins1.json": checkins}))
    assert found.counts == {"posts": 2}
    assert found.unclear == {"checkins": "broken"}
    assert found.posts[0].features.hashtags == ("bergen",)
    assert "Bryggen" not in repr(found.posts)
    assert "60.39" not in repr(found.posts)


def test_linkedin_is_read_with_and_without_its_notes_and_with_older_dates(tmp_path: Path) -> None:
    name = "Complete_LinkedInDataExport.zip"
    plain = "First Name,Last Name,Connected On\nOtto,B.,05 Mar 2021\nMira,C.,not a day\n"
    found = told(tmp_path, changed(FILES[name], **{"Connections.csv": plain}), name)
    assert found.acts["follow got"] == 2
    assert found.undated == 1


# --- Of single formats ---------------------------------------------------------------------------
def test_a_renamed_or_older_x_archive_is_read(tmp_path: Path) -> None:
    post = making.tweet(1, datetime(2020, 1, 2, tzinfo=UTC), "Hello")
    old = {"data/tweet.js": making.ytd("tweet", [post])}
    assert told(tmp_path, zipped(old)).counts == {"posts": 1}
    inside = {f"twitter-2024-x/{name}": text for name, text in old.items()}
    assert told(tmp_path, zipped(inside)).counts == {"posts": 1}


def test_posts_that_cannot_be_dated_are_told_and_the_others_kept(tmp_path: Path) -> None:
    good = making.tweet(1, datetime(2020, 1, 2, tzinfo=UTC), "Hello")
    rows: list[Any] = [
        good,
        making.tweet(2, datetime(2020, 1, 2, tzinfo=UTC), "x", created_at="never"),
    ]
    rows += [{"tweet": {}}, {"tweet": None}, 7, None, "x", []]
    content = zipped({"data/tweets.js": making.ytd("tweets", rows)})
    found = told(tmp_path, content)
    assert found.counts == {"posts": 1}
    assert found.unclear["tweet"] == "broken"


def test_a_list_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    posts = [making.tweet(n, datetime(2020, 1, 2, tzinfo=UTC), "Hello") for n in range(1, 30)]
    text = making.ytd("tweets", posts)
    found = told(tmp_path, zipped({"data/tweets.js": text[: len(text) // 2]}))
    assert 10 < len(found.posts) < 29
    assert found.unclear == {"data/tweets.js": "broken"}


def test_a_post_to_followers_alone_is_not_read(tmp_path: Path) -> None:
    found = whole("mastodon-archive.zip", tmp_path)
    assert found.unclear["outbox: posts to followers or single people"] == "private"


def test_a_block_that_is_not_what_its_name_says_ends_the_reading(tmp_path: Path) -> None:
    content = bytearray(FILES["bluesky-repo.car"])
    at = content.rindex(b"createdAt") + 12
    content[at] ^= 1
    found = told(tmp_path, bytes(content), "repo.car")
    assert "broken" in found.unclear.values()
    assert len(found.posts) + found.acts.total() < 92


@pytest.mark.parametrize(
    "record",
    [
        {"$type": "app.bsky.feed.post"},
        {"$type": "app.bsky.feed.post", "createdAt": 7, "text": []},
        {"$type": "app.bsky.feed.post", "createdAt": "2999-01-01T00:00:00Z"},
        {"$type": 7},
        {"$type": "x" * 3000},
        {"e": [{"p": 10**9, "k": b"x", "v": b"y"}, 7], "l": None},
    ],
)
def test_a_hostile_record_is_no_post(record: dict[str, Any], tmp_path: Path) -> None:
    found = told(tmp_path, repository({"app.bsky.feed.post/1": record}), "repo.car")
    assert found.counts == {"posts": 0}


def test_an_endless_number_or_block_is_refused(tmp_path: Path) -> None:
    start = FILES["bluesky-repo.car"][:70]
    head = cbor({"version": 1, "roots": []})
    for content in (
        varint(len(head)) + head + b"\xff" * 20,
        varint(len(head)) + head + varint(2**31) + b"x",
    ):
        assert "broken" in told(tmp_path, content, "repo.car").unclear.values()
    assert told(tmp_path, start, "repo.car").posts == []


def test_what_is_no_archive_is_unknown(tmp_path: Path) -> None:
    for content, name in (
        (b"Hello", "letter.txt"),
        (zipped({"holiday.jpg": b"x"}), "holiday.zip"),
        (b"%PDF-1.7", "paper.pdf"),
        (b"{}", "user.json"),
    ):
        with pytest.raises(Refused) as refused:
            told(tmp_path, content, name)
        assert refused.value.why == "unknown"
    with pytest.raises(Refused) as empty:
        told(tmp_path, b"", "x.zip")
    assert empty.value.why == "empty"


# --- Reading -------------------------------------------------------------------------------------
def test_times_are_read_or_none() -> None:
    noon = datetime(2020, 5, 6, 12, tzinfo=UTC)
    assert from_text("2020-05-06T12:00:00Z") == noon
    assert from_text("2020-05-06 14:00:00+0200", "%Y-%m-%d %H:%M:%S%z") == noon
    assert from_text("2020-05-06 12:00:00 UTC") == noon
    assert from_seconds(int(noon.timestamp())) == noon
    assert from_seconds(int(noon.timestamp() * 1000)) == noon
    assert from_seconds(str(int(noon.timestamp()))) == noon
    far = "9999-12-31T23:59:59-12:00"
    nothings: list[object] = [None, True, "", "x", "1970-01-01T00:00:00Z", far, 1, []]
    for nothing in nothings:
        assert from_text(nothing) is None
        assert from_seconds(nothing) is None
    assert from_seconds(float("inf")) is None
    assert from_seconds(float("nan")) is None


def test_metas_letters_are_mended_and_others_left() -> None:
    assert mended(making.garbled("Blåbær 🫐")) == "Blåbær 🫐"
    for text in ("Blåbær", "plain", "🫐", "\ud800"):
        assert mended(text) == text


def test_a_line_or_an_object_without_end_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_LINE_BYTES", 1000)
    long = "First Name,Connected On\n" + "x" * 5000
    found = told(tmp_path, zipped({"Connections.csv": long}))
    assert found.unclear == {"Connections.csv": "broken"}
    monkeypatch.setattr(reading, "MOST_EVENTS", 50)
    item = {"string_list_data": [{"timestamp": 1600000000}] * 100}
    found = told(tmp_path, zipped({"connections/followers_1.json": [item]}))
    assert found.unclear == {"connections/followers_1.json": "broken"}


def test_every_format_names_itself_for_people() -> None:
    forms = registry.formats()
    assert len({form.id for form in forms}) == len(forms) == 10
    assert registry.formats_of("googleplus")[0].id == "googleplus_takeout"
    assert all(
        form.help_url.startswith("https://") for form in forms if form.network != "googleplus"
    )


def test_the_commands_make_archives_and_tell_what_is_in_them(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    call_command("make_archives", folder, stdout=StringIO())
    assert sorted(path.name for path in folder.iterdir()) == sorted(MAKERS)
    out = StringIO()
    call_command("import_archive", folder / "x-archive.zip", "--dry-run", stdout=out)
    said = out.getvalue()
    assert "X archive (zip), of x" in said
    assert "vera_lindqvale, 4242, Vera Lindqvale" in said
    assert "        41  posts" in said
    assert "not read    data/direct-messages.js (private)" in said
    (tmp_path / "letter.txt").write_text("Hello")
    for path, code in ((tmp_path / "letter.txt", 2), (tmp_path / "none.zip", 1)):
        with pytest.raises(CommandError) as failed:
            call_command("import_archive", path, "--dry-run")
        assert failed.value.returncode == code


def test_what_is_told_of_a_file_is_bounded() -> None:
    summary = Summary()
    for number in range(1000):
        summary.add(Unclear(f"member {number}", "unknown"))
    assert len(summary.unclear) == MOST_UNCLEAR
    assert summary.unclear_more == 1000 - MOST_UNCLEAR
    assert len(json.dumps(summary.to_json())) < 10_000
