"""Fixtures for the tests of pages."""

pytest_plugins = ["tests.sample_server"]
