"""The document by which authorization servers of Bluesky accounts know this site."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from connectors.oauth import bluesky


@pytest.mark.django_db
def test_the_metadata_stands_at_our_client_id_and_names_the_page_to_come_back_to(
    client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://klout.example"
    answer = client.get(bluesky.METADATA_PATH)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    (redirect_uri,) = told["redirect_uris"]
    assert redirect_uri == "https://klout.example/networks/bluesky/done/"
    assert told["client_id"] == bluesky.client_id_of(redirect_uri)
    assert told["scope"] == "atproto"
