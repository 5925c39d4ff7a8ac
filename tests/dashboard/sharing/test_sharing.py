"""Badge, picture and frame: what they show, to whom, and how they go away."""

import json
import re
import struct
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from dashboard.pictures.render import png
from dashboard.sharing import badge, picture
from dashboard.sharing.facts import Shared
from dashboard.sharing.kept import picture_key
from people import consent, erasure, opt_out, sharing
from people.models import Person, ShareLink, User
from tests.conftest import TODAY, signed_in
from tests.dashboard.scored import at_noon, scored
from tests.dashboard.test_profiles import public

PAGE = "/people/settings/"
HOSTILE = '</title><script>alert(1)</script>"&<>'
NAMES = ("W" * 200, "شهرزاد " * 28, "👩‍🚀🐇😀" * 40, "山田太郎", HOSTILE, "\u202eevil\x00\x1b", "x")


def addresses(person: Person) -> dict[str, str]:
    """Return every shared address of the person, switched on."""
    tokens = {kind: sharing.switch_on(person, kind).token for kind in sharing.KINDS}
    return {
        "svg": f"/share/badge/{tokens['badge']}.svg",
        "json": f"/share/badge/{tokens['badge']}.json",
        "shields": f"/share/badge/{tokens['badge']}/shields.json",
        "image": f"/share/picture/{tokens['image']}.png",
        "embed": f"/embed/{tokens['embed']}/",
    }


def shared(name: str, value: float | None = 62.3, *, provisional: bool = False) -> Shared:
    known = value is not None
    return Shared(
        name, "alice", TODAY if known else None, value, 58.1 if known else None,
        66.4 if known else None, provisional, [],
    )  # fmt: skip


# --- Pure -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("theme", badge.THEMES)
@pytest.mark.parametrize("name", NAMES)
def test_a_badge_is_an_svg_whatever_the_name(name: str, theme: str) -> None:
    facts = shared(name.replace("\x00", "").replace("\x1b", ""), provisional=True)
    root = ElementTree.fromstring(badge.svg(facts, theme))  # noqa: S314
    title = root.find("{*}title")
    assert title is not None
    assert title.text is not None
    assert title.text.endswith("Klout score 62, most likely 58–66, of 1 March 2026")
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["Klout", "62?"]
    assert [element.tag for element in root.iter() if element.tag.endswith("script")] == []


def test_a_badge_is_as_wide_as_its_text() -> None:
    def width(facts: Shared) -> float:
        return float(ElementTree.fromstring(badge.svg(facts, "light")).attrib["width"])  # noqa: S314

    narrow, wide = width(shared("a", 4.0)), width(shared("a", 100.0, provisional=True))
    assert 50 < narrow < wide < 100


def test_without_a_score_it_says_so() -> None:
    assert "No Klout score yet" in badge.svg(shared("a", None), "auto")
    assert badge.as_shields(shared("a", None), 60)["message"] == "–"
    assert badge.as_json(shared("a", None), "x")["score"] is None


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_drawn_whatever_the_name(name: str) -> None:
    drawn = png(picture.svg(shared(name), "klout.example"))
    assert drawn.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", drawn[16:24]) == (1200, 630)


def test_a_name_that_no_font_of_ours_can_write_gives_way_to_the_address() -> None:
    assert picture.shown_name(shared("山田太郎")) == "@alice"
    assert picture.shown_name(shared("Åse")) == "Åse"


# --- Switching on and off -------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def post(client: Client, kind: str, step: str) -> Any:
    return client.post(f"/people/settings/share/{kind}/", {"step": step})


def test_the_owner_switches_each_on_renews_it_and_switches_it_off(
    alice: Person, alice_client: Client
) -> None:
    public(alice)
    assert ShareLink.objects.count() == 0
    assert post(alice_client, "badge", "on")["Location"] == f"{PAGE}#share-badge"
    first = ShareLink.objects.get(person=alice).token
    post(alice_client, "badge", "on")
    assert ShareLink.objects.get(person=alice).token == first
    assert len(first) >= 32
    assert consent.is_given("share:badge", person=alice)
    page = alice_client.get(PAGE).content.decode()
    assert page.count(first) >= 4
    assert "&lt;a href=&quot;" in page or '&lt;a href="' in page
    post(alice_client, "badge", "renew")
    second = ShareLink.objects.get(person=alice).token
    assert second != first
    assert alice_client.get(f"/share/badge/{first}.svg").status_code == 404
    assert alice_client.get(f"/share/badge/{second}.svg").status_code == 200
    post(alice_client, "badge", "off")
    assert alice_client.get(f"/share/badge/{second}.svg").status_code == 404
    assert not consent.is_given("share:badge", person=alice)
    for step in ("renew", "off", "dance", ""):
        post(alice_client, "badge", step)
    assert ShareLink.objects.count() == 0


def test_only_the_owner_by_a_form_of_ours_can_do_so(
    alice: Person, charlie: Person, client: Client
) -> None:
    addresses(alice)
    tokens = set(ShareLink.objects.values_list("token", flat=True))
    post(signed_in(charlie), "badge", "off")
    post(signed_in(charlie), "badge", "renew")
    assert post(client, "badge", "off").status_code == 302
    assert client.get("/people/settings/share/badge/").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(people=alice))
    assert post(strict, "badge", "off").status_code == 403
    assert post(signed_in(alice), "soul", "on").status_code == 404
    assert set(ShareLink.objects.values_list("token", flat=True)) == tokens


# --- What strangers get ---------------------------------------------------------------------------
def test_what_each_address_shows(alice: Person, client: Client) -> None:
    scored(public(alice))
    Person.objects.filter(pk=alice.pk).update(name=HOSTILE)
    paths = addresses(alice)
    with at_noon():
        answers = {name: client.get(path) for name, path in paths.items()}
        profile = client.get("/p/alice/").content.decode()
    assert {answer.status_code for answer in answers.values()} == {200}
    for answer in answers.values():
        assert answer["Cache-Control"] == "public, max-age=3600"
        assert not answer.cookies
    told = json.loads(answers["json"].content)
    assert told["name"] == HOSTILE
    assert 1 <= told["low"] <= told["score"] <= told["high"] <= 100
    assert told["address"].endswith("/p/alice/")
    assert answers["json"]["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answers["shields"].content)["schemaVersion"] == 1
    assert "style-src 'sha256-" in answers["svg"]["Content-Security-Policy"]
    assert answers["image"].content.startswith(b"\x89PNG")
    # The frame: on any site, without scripts, and without a post's text.
    frame = answers["embed"]
    policy = frame["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in frame
    text = frame.content.decode()
    assert "Concrete has patience" not in text
    assert "<script" not in text
    assert 'class="line" d="M' in text
    # Only the frame may be framed.
    for name in ("svg", "json", "image"):
        assert answers[name]["X-Frame-Options"] == "DENY"
    assert f'property="og:image" content="http://127.0.0.1:8000{paths["image"]}"' in profile
    assert "<script>alert" not in profile


def test_who_has_it_is_told_so_until_it_changes(alice: Person, client: Client) -> None:
    scored(public(alice))
    paths = addresses(alice)
    with at_noon():
        for path in paths.values():
            etag = client.get(path)["ETag"]
            again = client.get(path, headers={"If-None-Match": etag})
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == etag
            Person.objects.filter(pk=alice.pk).update(name=f"Alice {path[-9:]}")
            changed = client.get(path, headers={"If-None-Match": etag})
            # shields.io is told of the number only.
            assert changed.status_code == (304 if path == paths["shields"] else 200)


@pytest.mark.parametrize("theme", ["light", "dark", "", "<b>"])
def test_the_frame_takes_the_colours_that_are_asked_for(
    theme: str, alice: Person, client: Client
) -> None:
    text = client.get(addresses(public(alice))["embed"], {"theme": theme}).content.decode()
    found = re.search(r'data-theme="([^"]*)"', text)
    assert (found[1] if found else "") == (theme if theme in {"light", "dark"} else "")


def test_words_are_those_of_whose_score_it_is(alice: Person, client: Client) -> None:
    scored(public(alice))
    User.objects.filter(people=alice).update(language="nb")
    with at_noon():
        answer = client.get(addresses(alice)["json"], headers={"Accept-Language": "en"})
    assert "mest sannsynlig" in json.loads(answer.content)["words"]


def test_hidden_private_opted_out_switched_off_and_unknown_are_one_answer(
    alice: Person, client: Client
) -> None:
    account = scored(public(alice))
    paths = addresses(alice)

    def answers() -> set[tuple[int, bytes, str]]:
        found = [client.get(path) for path in paths.values()]
        assert not any("ETag" in answer for answer in found)
        return {(a.status_code, a.content, a["Cache-Control"]) for a in found}

    unknown = client.get(f"/share/badge/{'x' * 32}.svg")
    expected = {(404, unknown.content, unknown["Cache-Control"])}
    assert unknown.status_code == 404
    Person.objects.filter(pk=alice.pk).update(visibility="private")
    assert answers() == expected
    Person.objects.filter(pk=alice.pk).update(
        visibility="public", hidden_until=timezone.now() + timedelta(days=1)
    )
    assert answers() == expected
    Person.objects.filter(pk=alice.pk).update(hidden_until=None)
    opt_out.opt_out(account.network, [account.native_id], proven=True)
    assert answers() == expected
    opt_out.lift(account.network, [account.native_id])
    Person.objects.filter(pk=alice.pk).update(visibility="unlisted")
    assert {client.get(path).status_code for path in paths.values()} == {200}
    for kind in sharing.KINDS:
        sharing.switch_off(alice, kind)
    assert answers() == expected


def test_the_picture_is_drawn_once_and_forgotten_with_its_person(
    alice: Person, client: Client
) -> None:
    path = addresses(public(alice))["image"]
    key = picture_key(path.split("/")[-1].removesuffix(".png"))
    first = client.get(path).content
    kept = cache.get(key)
    assert kept[1] == first
    cache.set(key, (kept[0], b"kept"))
    assert client.get(path).content == b"kept"
    held = erasure.export_everything(alice)
    assert held["share pictures"] == [{"key": key}]
    assert len(held["people.ShareLink"]) == 3
    erasure.erase(alice)
    assert cache.get(key) is None
    assert client.get(path).status_code == 404


def test_a_shared_address_costs_few_queries(
    alice: Person, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scored(public(alice))
    for path in addresses(alice).values():
        with django_assert_max_num_queries(4), at_noon():
            assert client.get(path).status_code == 200
