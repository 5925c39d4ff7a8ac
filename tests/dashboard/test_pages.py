"""Pages for everybody: the first page, the explaining ones, errors, preferences."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from people.models import Person
from scoring.signals import CATALOGUE, SignalFamily, carries_weight, counted, networks, signals_for

pytestmark = pytest.mark.django_db
PUBLIC = (
    "/",
    "/method/",
    "/method/versions/",
    "/method/versions/2026.12/",
    "/signals/",
    "/components/",
    "/components/charts/",
    "/lookup/",
)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_for_everybody_answers_strangers_and_people_who_are_signed_in(
    path: str, client: Client, charlie_client: Client
) -> None:
    for visitor in (client, charlie_client):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("path", PUBLIC)
def test_the_policy_of_every_page_forbids_inline_code(path: str, client: Client) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_first_page_offers_a_look_up_without_signing_in(client: Client) -> None:
    text = client.get("/").content.decode()
    assert f'action="{reverse("dashboard:lookup")}"' in text
    assert 'name="handle"' in text


def test_every_signal_has_a_row_that_links_can_point_at(client: Client) -> None:
    anchors = []
    for network in networks():
        answer = client.get("/signals/", {"network": network})
        assert len(answer.content) < 60_000
        anchors += re.findall(r'<tr id="(signal-[\w-]+)"', answer.content.decode())
    assert sorted(anchors) == sorted(
        f"signal-{signal.id.replace('.', '-')}" for signal in CATALOGUE
    )


def test_the_page_of_signals_leads_with_what_is_measured_today(client: Client) -> None:
    text = client.get("/signals/").content.decode()
    assert f"<strong>{len(counted())} signals are measured today</strong>" in text
    assert f"{len(carries_weight())} of them carry weight" in text
    assert f"{len(CATALOGUE)} are declared over {len(networks())} networks" in text
    assert text.count('<a href="?network=') == len(networks())


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"role": "weighted"}, len(carries_weight())),
        ({"role": "retired"}, 12),
        ({"network": "wikipedia", "role": "weighted"}, 0),
        ({"family": "quality"}, sum(s.family is SignalFamily.QUALITY for s in CATALOGUE)),
        ({"network": "sample", "family": "standing", "role": "weighted"}, 1),
        ({"network": "wikipedia", "family": "nonsense"}, len(signals_for("wikipedia"))),
    ],
)
def test_signals_are_found_by_network_family_and_role(
    query: dict[str, str], number: int, client: Client
) -> None:
    text = client.get("/signals/", query).content.decode()
    assert text.count('<tr id="signal-') == number
    for field, value in query.items():
        chosen = f'<option value="{value}" selected>' in text
        assert chosen == (value != "nonsense"), field


def test_crawlers_are_kept_from_personal_pages(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/score/", "/networks/", "/lookup/", "/accounts/", "/compare/", "/lists/"):
        assert f"Disallow: {path}" in text


@pytest.mark.parametrize("path", ["/no-such-page/", "/lookup/not-a-number/"])
def test_a_missing_page_says_so_and_leads_home(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_an_explanation() -> None:
    answer = Client(enforce_csrf_checks=True).post("/lookup/", {"handle": "@a@b.example"})
    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()


@pytest.mark.parametrize("path", ["/score/", "/networks/"])
def test_charlie_is_asked_to_sign_in_before_a_personal_page(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(settings.LOGIN_URL)


def test_the_language_is_remembered_in_a_cookie(client: Client) -> None:
    answer = client.post("/preferences/language/", {"language": "nb", "next": "/method/"})
    assert answer.headers["Location"] == "/method/"
    assert '<html lang="nb"' in client.get("/").content.decode()


def test_the_language_of_somebody_signed_in_is_kept_with_the_user(
    alice: Person, alice_client: Client
) -> None:
    alice_client.post("/preferences/language/", {"language": "nb"})
    assert alice.owner is not None
    alice.owner.refresh_from_db()
    assert alice.owner.language == "nb"
    assert '<html lang="nb"' in alice_client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/signup/", "/people/remove/"])
def test_the_foot_of_every_page_offers_languages_and_colours(path: str, client: Client) -> None:
    client.post("/preferences/theme/", {"theme": "dark"})
    text = client.get(path).content.decode()
    assert 'data-theme="dark"' in text
    for button in ("English", "Norsk", "As the device", "Light", "Dark"):
        assert f">{button}</button>" in text


def test_the_theme_is_remembered_and_can_be_given_back_to_the_device(client: Client) -> None:
    client.post("/preferences/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/preferences/theme/", {"theme": ""})
    assert "data-theme=" not in client.get("/").content.decode().split(">")[1]


@pytest.mark.parametrize(
    ("path", "form"),
    [("language", {"language": "xx"}), ("theme", {"theme": "pink"})],
)
def test_unknown_preferences_are_refused(path: str, form: dict[str, str], client: Client) -> None:
    assert client.post(f"/preferences/{path}/", form).status_code == 400


def test_preferences_never_lead_to_another_site(client: Client) -> None:
    answer = client.post(
        "/preferences/theme/", {"theme": "dark", "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("address", ["/no-such-page/", "/no-such-page", "/networks/nowhere/done/"])
def test_an_unknown_address_gets_the_page_of_the_site_in_a_trial_too(
    debug: bool, address: str, client: Client, settings: Settings
) -> None:
    settings.DEBUG = debug
    answer = client.get(address)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "There is no such page" in text
    assert "urlpatterns" not in text.lower()
    assert "URLconf" not in text


@pytest.mark.parametrize("debug", [True, False])
def test_a_missing_last_slash_is_mended(debug: bool, client: Client, settings: Settings) -> None:
    settings.DEBUG = debug
    answer = client.get("/method")
    assert (answer.status_code, answer["Location"]) == (301, "/method/")
