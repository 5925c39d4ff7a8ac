"""What the pages of imports say: of formats, of a file that was read, of what was imported."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connectors.archives import registry as formats
from connectors.own_files import Upload
from connectors.own_queries import linked_as
from connectors.types import Direction, Kind
from dashboard.catalogue import network_name

# How often something was done, by kind and by whom.
ACTS: dict[tuple[Kind, Direction], Promise] = {
    (Kind.LIKE, Direction.SENT): gettext_lazy("Likes you gave"),
    (Kind.RESHARE, Direction.SENT): gettext_lazy("Posts of others you shared"),
    (Kind.COMMENT, Direction.SENT): gettext_lazy("Comments and replies you wrote"),
    (Kind.QUOTE, Direction.SENT): gettext_lazy("Posts you quoted"),
    (Kind.FOLLOW, Direction.SENT): gettext_lazy("People you followed"),
    (Kind.LIKE, Direction.RECEIVED): gettext_lazy("Likes you got"),
    (Kind.RESHARE, Direction.RECEIVED): gettext_lazy("Shares you got"),
    (Kind.COMMENT, Direction.RECEIVED): gettext_lazy("Comments you got"),
    (Kind.FOLLOW, Direction.RECEIVED): gettext_lazy("People who followed you"),
}
_WHY_NOT_READ: dict[str, Promise] = {
    "unknown": gettext_lazy("not known to us"),
    "broken": gettext_lazy("damaged or broken off"),
    "unsafe": gettext_lazy("an unsafe name: not opened"),
    "nested": gettext_lazy("an archive within the archive: not opened"),
    "private": gettext_lazy("private: left alone on purpose"),
    "large": gettext_lazy("too large"),
}
REFUSALS: dict[str, Promise] = {
    "empty": gettext_lazy("The file is empty."),
    "broken": gettext_lazy(
        "The file is damaged or broken off. Please download it from the network once more."
    ),
    "encrypted": gettext_lazy(
        "The file is locked with a password. Please unlock it on your machine, pack it anew "
        "without a password, and drop that."
    ),
    "members": gettext_lazy("There are more files in it than we read."),
    "bomb": gettext_lazy("It would unpack to far more than it should, so it was not opened."),
    "overlap": gettext_lazy("It is packed in a way that no network packs, so it was not opened."),
    "unknown": gettext_lazy(
        "This is no file of a network that we know. Drop it as it came, without unpacking it; at "
        "Instagram and Facebook choose the format JSON."
    ),
    "failed": gettext_lazy("Something went wrong on our side. Please try once more."),
    "large": gettext_lazy("The file is larger than this site takes."),
    "length": gettext_lazy("Your browser did not say how large the file is."),
    "room": gettext_lazy("There is no room for the file at the moment. Please try again later."),
    "many": gettext_lazy("Three files are under way already. Please decide about those first."),
    "none": gettext_lazy("Please choose a file first."),
}


@dataclass(frozen=True, slots=True)
class FormatLine:
    """A format in the list of what can be dropped."""

    name: str
    holds: str
    help_url: str


def format_lines() -> list[FormatLine]:
    """Return every format with what it holds."""
    words = {
        True: _("posts, what you did, and in part what others did"),
        False: _("posts and what you did; nothing of what others did"),
    }
    return [
        FormatLine(form.name, words[form.holds_received], form.help_url)
        for form in formats.formats()
    ]


@dataclass(frozen=True, slots=True)
class Preview:
    """What was understood of a file."""

    format_name: str
    network_name: str
    # What the file calls its account, "" where it does not say.
    owner: str
    # The person's linked account that it is of, "" for none.
    linked: str
    holds_received: bool
    counts: list[tuple[str, int]]
    undated: int
    first_at: datetime | None
    last_at: datetime | None
    samples: list[tuple[datetime, str]]
    hashtags: list[tuple[str, int]]
    unclear: list[tuple[str, str]]
    unclear_more: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to import."""
        return not any(count for _name, count in self.counts)


def preview_of(upload: Upload) -> Preview:
    """Return what the page shows of a file that was read. One query."""
    told: dict[str, Any] = upload.summary
    form = formats.IMPORTERS[upload.format].FORMAT
    handle, native_id, name = (told.get(key, "") for key in ("handle", "native_id", "name"))
    return Preview(
        format_name=form.name,
        network_name=network_name(form.network),
        owner=handle or name or native_id,
        linked=linked_as(upload.person_id, form.network, native_id, handle),
        holds_received=form.holds_received,
        counts=[(_("Posts"), told.get("posts", 0)), *_acts(told.get("acts", {}))],
        undated=told.get("undated", 0),
        first_at=_moment(told.get("first_at")),
        last_at=_moment(told.get("last_at")),
        samples=[
            (datetime.fromisoformat(sample["at"]), sample["text"])
            for sample in told.get("samples", [])
        ],
        # PostgreSQL keeps no order of keys.
        hashtags=sorted(told.get("hashtags", {}).items(), key=lambda tag: (-tag[1], tag[0])),
        unclear=[(what, str(_WHY_NOT_READ.get(why, why))) for what, why in told["unclear"].items()],
        unclear_more=told.get("unclear_more", 0),
    )


def _acts(counts: dict[str, int]) -> list[tuple[str, int]]:
    rows = []
    for (kind, direction), name in ACTS.items():
        way = "received" if direction is Direction.RECEIVED else "sent"
        count = counts.get(f"{kind.name.lower()} {way}", 0)
        if count:
            rows.append((str(name), count))
    return rows


def act_lines(counts: dict[tuple[int, int], int]) -> list[tuple[str, int]]:
    """Return the acts of an imported account by their names."""
    return [
        (str(name), count)
        for (kind, direction), name in ACTS.items()
        if (count := counts.get((int(kind), int(direction)), 0))
    ]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
