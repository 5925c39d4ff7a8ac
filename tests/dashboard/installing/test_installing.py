"""The site as an installed one: manifest, icons, a service worker that keeps nothing personal."""

import json
import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from dashboard.installing.icons import ICONS, icon
from dashboard.installing.views import OFFLINE_FILES
from dashboard.pictures.palette import DARK, LIGHT
from people.models import Person

STATIC = Path(settings.BASE_DIR) / "static"


@pytest.mark.parametrize("name", ICONS)
def test_the_icons_are_those_that_the_command_draws(name: str) -> None:
    stored = (STATIC / "img" / name).read_bytes()
    assert stored == icon(name)
    pixels = ICONS[name][0]
    assert struct.unpack(">II", stored[16:24]) == (pixels, pixels)


@pytest.mark.django_db
def test_the_manifest_has_what_devices_ask_for(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    sizes = {(one["sizes"], one.get("purpose", "")) for one in told["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for one in told["icons"]:
        assert (STATIC / one["src"].removeprefix("/static/")).exists()
    assert (told["scope"], told["id"], told["theme_color"]) == ("/", "/", LIGHT.primary)


@pytest.mark.django_db
def test_the_browsers_frame_has_the_colour_of_the_page(client: Client) -> None:
    text = client.get("/method/").content.decode()
    found = re.findall(r'<meta name="theme-color" content="(#\w+)" media="([^"]+)"', text)
    assert found == [
        (LIGHT.paper, "(prefers-color-scheme: light)"),
        (DARK.paper, "(prefers-color-scheme: dark)"),
    ]
    client.cookies["theme"] = "dark"
    text = client.get("/method/").content.decode()
    assert re.findall(r'<meta name="theme-color" content="(#\w+)"(?: media)?', text) == [DARK.paper]


@pytest.mark.django_db
def test_the_service_worker_keeps_one_page_and_its_files(
    alice: Person, alice_client: Client, client: Client
) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer["Cache-Control"]
    text = answer.content.decode()
    assert text == alice_client.get("/sw.js").content.decode()
    assert re.search(r"const FILES = \[(.*)\]", text)
    for name in OFFLINE_FILES:
        assert f'"/static/{name}"' in text
    # Nothing but the list is ever put into the cache.
    assert "cache.put" not in text
    assert 'credentials: "omit"' in text


@pytest.mark.django_db
def test_the_offline_page_is_the_same_for_everybody(
    alice: Person, alice_client: Client, client: Client
) -> None:
    page = client.get("/offline/")
    assert page.content == alice_client.get("/offline/").content
    assert not page.cookies
    assert "<form" not in page.content.decode()
    assert "Alice" not in page.content.decode()
