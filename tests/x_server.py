"""A pytest plugin: a running fake X, one process for each of xdist's workers."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fake_x.tokens import CLIENT_ID, CLIENT_SECRET
from tests.vendor_process import VendorServer, running


class XServer(VendorServer):
    """The running server of this plugin."""


@pytest.fixture(scope="session")
def x_process() -> Iterator[str]:
    """One running server for all tests of this process."""
    with running("tests.fake_x") as url:
        yield url


@pytest.fixture
def x_server(x_process: str, settings: Settings) -> Iterator[XServer]:
    """The running server as it was at first, with the settings pointed at it.

    Nothing that our description of X's API does not allow may have been asked.
    """
    settings.X_API_URL = x_process
    settings.X_AUTHORIZE_URL = f"{x_process}/i/oauth2/authorize"
    settings.NETWORK_APPS = {"x": (CLIENT_ID, CLIENT_SECRET)}
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, x_process]
    server = XServer(x_process)
    server.control(reset=True)
    yield server
    assert server.control()["violations"] == []
