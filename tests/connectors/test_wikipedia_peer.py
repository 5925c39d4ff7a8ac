"""Wikipedia against a running MediaWiki (Debian's, on SQLite, served by PHP itself)."""

import os
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx  # noqa: TID251
import pytest

from connectors.errors import Gone
from connectors.http import Client
from connectors.wikipedia.article import Article
from klout.services.process import tie_to_this_thread
from tests.workers import wait_until

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("mediawiki")]

ROOT = Path("/usr/share/mediawiki")
PAGES = {
    "Astrid Fjord": "A cartographer. See [[Skerry]], [[Ink]]. [[nb:Astrid Fjord]]",
    "Skerry": "Charted by [[Astrid Fjord]]; of [[Ink]].",
    "Ink": "Used by [[Astrid Fjord]].",
    "Bergen": "Home of [[A. Fjord]] and [[Skerry]].",
    "A. Fjord": "#REDIRECT [[Astrid Fjord]]",
    "User:Admin": "I know [[Astrid Fjord]].",
    "Alone": "Nobody links here.",
}
# Only the action API is offered, at the path that Wikipedia has it at.
ROUTER = f"""<?php
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) !== '/w/api.php') {{
    http_response_code(404);
    return;
}}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/w/api.php';
chdir('{ROOT}');
require '{ROOT}/api.php';
"""


def _php(folder: Path, script: str, *args: str, told: str = "") -> None:
    """Run one of MediaWiki's own scripts."""
    environment = {**os.environ, "MW_CONFIG_FILE": str(folder / "LocalSettings.php")}
    if script == "install.php":
        del environment["MW_CONFIG_FILE"]
    done = subprocess.run(
        ("php", str(ROOT / "maintenance" / script), *args),
        input=told,
        capture_output=True,
        text=True,
        env=environment,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _filled(folder: Path, origin: str) -> None:
    _php(
        *(folder, "install.php", "--dbtype", "sqlite", "--dbpath", str(folder), "--dbname", "wiki"),
        *("--server", origin, "--scriptpath", "/w", "--confpath", str(folder)),
        *("--pass", "a-long-pass-of-tests", "Test", "Admin"),
    )
    with closing(sqlite3.connect(folder / "wiki.sqlite")) as connection, connection:
        connection.execute(
            "INSERT INTO interwiki (iw_prefix, iw_url, iw_api, iw_wikiid, iw_local, iw_trans) "
            "VALUES ('nb', 'https://nb.wikipedia.org/wiki/$1', '', '', 1, 0)"
        )
    for title, text in PAGES.items():
        _php(folder, "edit.php", "-u", "Admin", title, told=text)


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a running wiki with a few articles. Without MediaWiki this fails."""
    folder = tmp_path_factory.mktemp("mediawiki")
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    _filled(folder, origin)
    (folder / "router.php").write_text(ROUTER, "utf-8")
    with (folder / "php.log").open("wb") as log:
        process = subprocess.Popen(
            ("php", "-S", f"127.0.0.1:{port}", str(folder / "router.php")),
            env={**os.environ, "MW_CONFIG_FILE": str(folder / "LocalSettings.php")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=tie_to_this_thread(signal.SIGTERM),
        )
    try:
        wait_until(lambda: _answers(origin), what="the wiki's answer")
        yield origin
    finally:
        process.terminate()
        process.wait(20)


def _answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/w/api.php?action=query&format=json").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def client(wiki: str) -> Iterator[Client]:
    urls = {"wikipedia": wiki, "wikimedia": wiki}
    with Client(
        "wikipedia",
        contact="ops@example.org",
        spend=lambda requests: None,
        local_origins=[wiki],
        urls=urls,
    ) as client:
        yield client


def test_a_wiki_tells_links_and_languages_of_an_article(client: Client) -> None:
    counts = Article(client, "en", "Astrid Fjord").counts(datetime.now(UTC))
    # Skerry, Ink, and Bergen by the redirect; not the redirect itself, nor a page of a user.
    assert counts["inlinks"] == 2
    assert counts["outlinks"] == 2
    assert counts["languages_of_article"] == 2
    assert counts["pageviews"] is None
    assert counts["pagerank"] is not None
    assert counts["pagerank"] >= 1


def test_a_redirect_leads_to_its_article_and_an_article_nobody_links_to_has_no_inlinks(
    client: Client,
) -> None:
    now = datetime.now(UTC)
    assert Article(client, "en", "A. Fjord").counts(now)["outlinks"] == 2
    alone = Article(client, "en", "Alone").counts(now)
    assert (alone["inlinks"], alone["outlinks"], alone["pagerank"]) == (0, 0, 0)


def test_an_article_that_is_not_there_is_gone(client: Client) -> None:
    with pytest.raises(Gone):
        Article(client, "en", "Nobody at all").counts(datetime.now(UTC))
