"""A sample network within the test's own process, with a present that does not move."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from connectors.samplenet import state
from connectors.samplenet.network import Clock, SampleNetwork
from connectors.samplenet.server import create_app
from connectors.samplenet.serving import Options

NOW = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
SECRET = "the-secret-of-the-tests"


def make_state(
    *, people: int = 120, days: int = 120, seed: int = 7, path: Path | None = None
) -> state.State:
    """Return the state of a network that begins today."""
    return state.opened(path, seed=seed, people=people, days=days, today=NOW.date())


def make_app(kept: state.State | None = None, **options: object) -> Flask:
    """Return an application with faults allowed."""
    chosen = {"allow_faults": True, "redirect_uris": ("https://app.example/back",)} | options
    return create_app(kept or make_state(), Options("klout", SECRET, **chosen), Clock(NOW))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def net() -> SampleNetwork:
    """600 people and 120 days, as `make run` has them."""
    return SampleNetwork(make_state(people=600), Clock(NOW))


@pytest.fixture
def app() -> Flask:
    return make_app()


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    return app.test_client()


def day_of(moment: datetime, first: date) -> int:
    """Return the day of the network on which a moment lies."""
    return (moment.date() - first).days
