"""One fetch of one account of GitHub: its repositories, and who acted on them since the last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Gone
from connectors.fields import field as told
from connectors.fields import moment, objects
from connectors.github.asking import DATED_STARS, NETWORK_ID, PER_PAGE, Asking
from connectors.github.payloads import Repository, parse_actor
from connectors.http import Answer
from connectors.types import Direction, Interaction, Kind, Profile, Record

# The first sync reads a quarter of a year of stars, forks and words: older ones have faded.
FIRST_DAYS = 90
# Repositories that are asked about, four questions each at most: an address without a token has 60
# an hour. Those with the most stars first.
MOST_ASKED = 11
# Pages of stars of a repository, the latest first; the list itself begins with the oldest and ends
# with its 400th page.
STAR_PAGES, LAST_STAR_PAGE = 2, 400
# A little before the last fetch: what is told twice is stored once.
OVERLAP = timedelta(hours=6)


@dataclass(slots=True)
class Visit:
    """One fetch of one account: what was told so far."""

    asking: Asking
    profile: Profile
    now: datetime
    since: datetime | None
    seen: set[str] = field(default_factory=set)

    def records(self, repositories: Sequence[Repository]) -> Iterator[Record]:
        """Yield the repositories, newest first, then who acted on the most starred of them."""
        newest = sorted(repositories, key=lambda row: row.post.created_at, reverse=True)
        yield from (repository.post for repository in newest)
        begin = self._begin()
        for repository in sorted(newest, key=lambda row: row.stars, reverse=True)[:MOST_ASKED]:
            try:
                yield from self._stars(repository, begin)
                yield from self._forks(repository, begin)
                yield from self._words(repository, begin)
            except Gone:
                # It was deleted, renamed or made private on the way.
                continue

    def _begin(self) -> datetime:
        first = self.now - timedelta(days=FIRST_DAYS)
        return first if self.since is None else max(first, self.since - OVERLAP)

    def _stars(self, repository: Repository, begin: datetime) -> Iterator[Interaction]:
        # Reference: https://docs.github.com/en/rest/activity/starring#list-stargazers (read
        # 2026-11)
        last = min(-(-repository.stars // PER_PAGE), LAST_STAR_PAGE)
        for page in range(last, max(last - STAR_PAGES, 0), -1):
            answer = self.asking.changed(
                f"/repos/{repository.full_name}/stargazers",
                media=DATED_STARS,
                per_page=PER_PAGE,
                page=page,
            )
            if answer is None:
                # Nobody new; what is older was read then.
                return
            rows = _rows(answer)
            dates = [
                moment(row, "starred_at", path=answer.path, network=NETWORK_ID) for row in rows
            ]
            for row, at in zip(reversed(rows), reversed(dates), strict=True):
                who = row.get("user")
                name = str(who.get("id")) if isinstance(who, dict) else ""
                yield from self._acted(Kind.LIKE, who, name, at, begin, repository, answer)
            if not dates or min(dates) < begin:
                return

    def _forks(self, repository: Repository, begin: datetime) -> Iterator[Interaction]:
        # Reference: https://docs.github.com/en/rest/repos/forks#list-forks (read 2026-11)
        if not repository.forks:
            return
        answer = self.asking.changed(
            f"/repos/{repository.full_name}/forks", sort="newest", per_page=PER_PAGE
        )
        if answer is None:
            return
        for row in _rows(answer):
            at = moment(row, "created_at", path=answer.path, network=NETWORK_ID)
            name = str(told(row, "id", int, path=answer.path, network=NETWORK_ID))
            owner = row.get("owner")
            yield from self._acted(Kind.RESHARE, owner, name, at, begin, repository, answer)

    def _words(self, repository: Repository, begin: datetime) -> Iterator[Interaction]:
        """Yield who opened issues and pull requests, and who commented on them."""
        # References: https://docs.github.com/en/rest/issues/issues#list-repository-issues and
        # …/issues/comments#list-issue-comments-for-a-repository (read 2026-11)
        if not repository.has_issues:
            return
        # Without a day in the question, it is the same question each time.
        common: dict[str, Any] = {
            "sort": "created",
            "direction": "desc",
            "per_page": PER_PAGE,
        }
        for path, more in (("issues", {"state": "all"}), ("issues/comments", {})):
            answer = self.asking.changed(f"/repos/{repository.full_name}/{path}", **common, **more)
            if answer is None:
                continue
            for row in _rows(answer):
                at = moment(row, "created_at", path=answer.path, network=NETWORK_ID)
                number = told(row, "id", int, path=answer.path, network=NETWORK_ID)
                kind = "issue" if path == "issues" else "comment"
                yield from self._acted(
                    *(Kind.COMMENT, row.get("user"), f"{kind}-{number}", at),
                    *(begin, repository, answer),
                )

    def _acted(
        self,
        kind: Kind,
        who: object,
        name: str,
        at: datetime,
        begin: datetime,
        repository: Repository,
        answer: Answer,
    ) -> Iterator[Interaction]:
        if at < begin:
            return
        actor = parse_actor(who, answer.path)
        native_id = f"{kind.name.lower()}:{repository.post.native_id}:{name}"
        if actor is None or actor.native_id == self.profile.native_id or native_id in self.seen:
            return
        self.seen.add(native_id)
        yield Interaction(
            kind=kind,
            direction=Direction.RECEIVED,
            actor=actor,
            native_id=native_id,
            seen_at=self.now,
            happened_at=min(at, self.now),
            post_native_id=repository.post.native_id,
        )


def _rows(answer: Answer) -> list[dict[str, Any]]:
    return objects(answer.data, path=answer.path, network=NETWORK_ID)
