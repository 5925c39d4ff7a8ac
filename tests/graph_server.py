"""A pytest plugin: a running fake Graph of Meta, one process for each of xdist's workers."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fake_graph.sign_in import CLIENT_IDS, CLIENT_SECRET
from tests.vendor_process import VendorServer, running


class GraphServer(VendorServer):
    """The running server of this plugin."""


@pytest.fixture(scope="session")
def graph_process() -> Iterator[str]:
    """One running server for all tests of this process."""
    with running("tests.fake_graph") as url:
        yield url


@pytest.fixture
def graph_server(graph_process: str, settings: Settings) -> Iterator[GraphServer]:
    """The running server as it was at first, with the settings pointed at it.

    Nothing that our description of the Graph does not allow may have been asked.
    """
    settings.SITE_URL = "http://testserver"
    for network in ("INSTAGRAM", "THREADS"):
        address = f"{graph_process}/{network.lower()}"
        setattr(settings, f"{network}_GRAPH_URL", address)
        setattr(settings, f"{network}_AUTHORIZE_URL", f"{address}/authorize")
    settings.FACEBOOK_GRAPH_URL = f"{graph_process}/facebook"
    settings.FACEBOOK_AUTHORIZE_URL = f"{graph_process}/facebook"
    settings.INSTAGRAM_TOKEN_URL = f"{graph_process}/instagram"
    apps = {network: (name, CLIENT_SECRET) for network, name in CLIENT_IDS.items()}
    settings.NETWORK_APPS = apps
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, graph_process]
    server = GraphServer(graph_process)
    server.control(reset=True)
    yield server
    assert server.control()["violations"] == []
