"""A pytest plugin: running fake vendors, one process for each of xdist's workers."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from pytest_django.fixtures import Settings

from klout.services.process import tie_to_this_thread
from tests.fake_web import github, linkedin, youtube

_VENDORS = {"youtube": youtube.VENDOR, "linkedin": linkedin.VENDOR, "github": github.VENDOR}


@dataclass(frozen=True, slots=True)
class WebServer:
    """The server's address, and the controls that tests need."""

    url: str

    def control(self, **change: Any) -> Any:
        """Change how it behaves; return what it was asked and what it holds."""
        request = Request(
            f"{self.url}/control",
            data=json.dumps(change).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def fault(self, match: str, **fault: Any) -> None:
        """Let requests whose path holds `match` fail once: status=… or mode=…, times=…."""
        self.control(faults=[{"match": match, **fault}])


@pytest.fixture(scope="session")
def web_process() -> Iterator[str]:
    """One running server for all tests of this process."""
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.fake_web"),
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tie_to_this_thread(signal.SIGTERM),
    )
    assert process.stdout is not None
    # Written once the port is open: nothing needs to be asked again and again.
    line = process.stdout.readline()
    if " at http" not in line:
        process.wait()
        raise RuntimeError(f"The fake vendors did not start: {line!r}")
    yield line.rsplit(" at ", 1)[1].strip()
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def web_server(web_process: str, settings: Settings) -> Iterator[WebServer]:
    """The running server as it was at first, with the settings pointed at it.

    Nothing that our descriptions of the vendors' APIs do not allow may have been asked.
    """
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, web_process]
    settings.SITE_URL = "http://testserver"
    settings.YOUTUBE_API_URL = web_process
    settings.GOOGLE_OAUTH_URL = f"{web_process}/google"
    settings.GOOGLE_AUTHORIZE_URL = f"{web_process}/google/o/oauth2/v2/auth"
    settings.LINKEDIN_API_URL = f"{web_process}/linkedin"
    settings.LINKEDIN_OAUTH_URL = f"{web_process}/linkedin/oauth/v2"
    settings.GITHUB_API_URL = f"{web_process}/github"
    settings.GITHUB_OAUTH_URL = f"{web_process}/github/login/oauth"
    settings.NETWORK_KEYS = {"youtube": youtube.KEY}
    settings.NETWORK_APPS = {
        name: (vendor.client_id, vendor.client_secret) for name, vendor in _VENDORS.items()
    }
    server = WebServer(web_process)
    server.control(reset=True)
    yield server
    assert server.control()["violations"] == []
