"""How one article stands: links to it and from it, languages, readers, and a small PageRank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.errors import Gone
from connectors.fields import field, objects, optional
from connectors.http import Client
from connectors.wikipedia.asking import NETWORK_ID, ask

# Rows of a page: the most that a client without rights may ask for.
PER_PAGE = 500
# Pages of links to an article: beyond 10,000 they are not counted on.
INLINK_PAGES = 20
# Linking articles whose own links are read, evenly from all: a question each.
SAMPLE = 20
# Of PageRank's reader: how often they follow a link.
DAMPING = 0.85
VIEW_DAYS = 28


@dataclass(frozen=True, slots=True)
class Links:
    """How many articles link to an article (at most a page of them), and it to others."""

    inlinks: int
    outlinks: int


def standing(inlinks: int, sample: Sequence[Links]) -> float:
    """Return two steps of PageRank, in times the average article.

    The first gives each linking article what its own inlinks bring, at the mean outlinks of the
    sample; the second hands that on through its outlinks. The sample stands for all inlinks.
    """
    if not inlinks or not sample:
        return 1 - DAMPING
    mean_out = max(sum(row.outlinks for row in sample) / len(sample), 1.0)
    handed = [
        (1 - DAMPING + DAMPING * row.inlinks / mean_out) / max(row.outlinks, 1) for row in sample
    ]
    return 1 - DAMPING + DAMPING * inlinks * sum(handed) / len(handed)


@dataclass(slots=True)
class Article:
    """One article of one language edition."""

    client: Client
    language: str
    title: str

    def counts(self, now: datetime) -> dict[str, int | None]:
        """Return its counts by the names of Snapshot, in 44 questions at most."""
        linking = self._linking()
        own = self._links(self.title)
        rest = max(len(linking) // SAMPLE, 1)
        sample = [self._links(title) for title in linking[::rest][:SAMPLE]]
        return {
            "inlinks": len(linking),
            "outlinks": own.outlinks,
            "pagerank": round(standing(len(linking), sample)),
            "languages_of_article": self._languages(),
            "pageviews": self._views(now),
        }

    def _query(self, **params: str | int) -> tuple[dict[str, Any], dict[str, str], str]:
        """Return the only page of an answer, what asks for more, and where it was told."""
        base = self.client.urls["wikipedia"].replace("{language}", self.language)
        answer = ask(self.client, f"{base}/w/api.php", action="query", redirects=1, **params)
        where: dict[str, Any] = {"path": answer.path, "network": NETWORK_ID}
        query = field(answer.data, "query", dict, **where)
        pages = objects(query, "pages", **where)
        if len(pages) != 1 or pages[0].get("missing") or pages[0].get("invalid"):
            raise Gone("Wikipedia knows no such article.", **where)
        more = optional(answer.data, "continue", dict, **where) or {}
        following = {name: str(value) for name, value in more.items()}
        return pages[0], following, answer.path

    def _linking(self) -> list[str]:
        """Return the titles of the articles that link here, not counting redirects."""
        # Reference: https://www.mediawiki.org/wiki/API:Linkshere (read 2026-11)
        titles: list[str] = []
        following: dict[str, str] = {}
        for _ in range(INLINK_PAGES):
            page, following, path = self._query(
                titles=self.title,
                prop="linkshere",
                lhprop="title",
                lhnamespace=0,
                lhshow="!redirect",
                lhlimit=PER_PAGE,
                **following,
            )
            titles += self._titles(page, "linkshere", path)
            if not following:
                break
        return titles

    def _links(self, title: str) -> Links:
        # Reference: https://www.mediawiki.org/wiki/API:Links (read 2026-11)
        page, _, path = self._query(
            titles=title,
            prop="linkshere|links",
            lhprop="title",
            lhnamespace=0,
            lhshow="!redirect",
            lhlimit=PER_PAGE,
            plnamespace=0,
            pllimit=PER_PAGE,
        )
        here, there = (len(self._titles(page, name, path)) for name in ("linkshere", "links"))
        return Links(here, there)

    def _languages(self) -> int:
        """Return in how many languages there is an article, this one among them."""
        # Reference: https://www.mediawiki.org/wiki/API:Langlinks (read 2026-11)
        page, _, path = self._query(titles=self.title, prop="langlinks", lllimit=PER_PAGE)
        rows = optional(page, "langlinks", list, path=path, network=NETWORK_ID) or []
        return len(rows) + 1

    def _views(self, now: datetime) -> int | None:
        """Return how often people, not programs, read it in 28 days; None where it is not told."""
        # Reference: https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/reference/
        # page-views.html (read 2026-11)
        last = now.date() - timedelta(days=1)
        first = last - timedelta(days=VIEW_DAYS - 1)
        name = quote(self.title.replace(" ", "_"), safe="")
        path = (
            f"/api/rest_v1/metrics/pageviews/per-article/{self.language}.wikipedia/all-access/user/"
            f"{name}/daily/{first:%Y%m%d}00/{last:%Y%m%d}00"
        )
        answer = self.client.get(f"{self.client.urls['wikimedia']}{path}", accept=(404,))
        if answer.status == 404:
            return None
        where: dict[str, Any] = {"path": answer.path, "network": NETWORK_ID}
        rows = objects(answer.data, "items", **where)
        return sum(field(row, "views", int, **where) for row in rows)

    def _titles(self, page: dict[str, Any], name: str, path: str) -> list[str]:
        if page.get(name) is None:
            return []
        rows = objects(page, name, path=path, network=NETWORK_ID)
        return [field(row, "title", str, path=path, network=NETWORK_ID) for row in rows]
