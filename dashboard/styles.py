"""The style in words: its name, its place on the map, and the evidence of each axis."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.describe import amount
from scoring.core import style
from scoring.core.style import GRID, Axis, AxisName, Missing, Style, StyleFound

NAMES: dict[Style, Promise] = {
    Style.SYNDICATOR: gettext_lazy("Syndicator"),
    Style.FEEDER: gettext_lazy("Feeder"),
    Style.THOUGHT_LEADER: gettext_lazy("Thought Leader"),
    Style.PUNDIT: gettext_lazy("Pundit"),
    Style.DABBLER: gettext_lazy("Dabbler"),
    Style.CONVERSATIONALIST: gettext_lazy("Conversationalist"),
    Style.SOCIALIZER: gettext_lazy("Socializer"),
    Style.NETWORKER: gettext_lazy("Networker"),
    Style.CURATOR: gettext_lazy("Curator"),
    Style.BROADCASTER: gettext_lazy("Broadcaster"),
    Style.TASTE_MAKER: gettext_lazy("Taste Maker"),
    Style.CELEBRITY: gettext_lazy("Celebrity"),
    Style.OBSERVER: gettext_lazy("Observer"),
    Style.EXPLORER: gettext_lazy("Explorer"),
    Style.ACTIVIST: gettext_lazy("Activist"),
    Style.SPECIALIST: gettext_lazy("Specialist"),
}
# The words of each axis at −1 and at 1.
_ENDS: dict[AxisName, tuple[Promise, Promise]] = {
    AxisName.SHARING_CREATING: (gettext_lazy("sharing"), gettext_lazy("creating")),
    AxisName.LISTENING_PARTICIPATING: (gettext_lazy("listening"), gettext_lazy("participating")),
    AxisName.BROAD_FOCUSED: (gettext_lazy("broad"), gettext_lazy("focused")),
    AxisName.CASUAL_CONSISTENT: (gettext_lazy("casual"), gettext_lazy("consistent")),
}
_EVIDENCE: dict[AxisName, Promise] = {
    AxisName.SHARING_CREATING: gettext_lazy(
        "Reshares and posts with a link: %(first)s. Own posts: %(second)s."
    ),
    AxisName.LISTENING_PARTICIPATING: gettext_lazy(
        "Posts and reshares: %(first)s. Replies, quotes and mentions: %(second)s."
    ),
    AxisName.BROAD_FOCUSED: gettext_lazy(
        "Uses of hashtags: %(second)s, spread like %(first)s equally frequent ones."
    ),
    AxisName.CASUAL_CONSISTENT: gettext_lazy("Active on %(first)s of %(second)s days."),
}
_OF_PEOPLE: Promise = gettext_lazy(
    "Acts towards others: %(second)s, spread like over %(first)s people."
)
# The map's headings: columns and rows in the order of scoring.core.style.GRID.
COLUMNS: tuple[Promise, ...] = (
    gettext_lazy("sharing, focused"),
    gettext_lazy("sharing, broad"),
    gettext_lazy("creating, broad"),
    gettext_lazy("creating, focused"),
)
ROWS: tuple[Promise, ...] = (
    gettext_lazy("participating, consistent"),
    gettext_lazy("participating, casual"),
    gettext_lazy("listening, casual"),
    gettext_lazy("listening, consistent"),
)


@dataclass(frozen=True, slots=True)
class AxisLine:
    """An axis with its words, where the person stands (0 left, 1 right), and the evidence."""

    left: str
    right: str
    # None: not enough was seen.
    place: float | None
    is_right: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A style on the map."""

    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of the map."""

    heading: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class StyleCard:
    """A style as the page shows it; without a name where too little was seen."""

    name: str
    # Its four words, or what is missing.
    sentence: str
    axes: list[AxisLine]
    columns: list[str]
    rows: list[MapRow]


def style_card(found: StyleFound) -> StyleCard:
    """Return a style in words with the map around it."""
    axes = [_axis_line(axis) for axis in found.axes]
    words = ", ".join(line.right if line.is_right else line.left for line in axes)
    return StyleCard(
        name=str(NAMES[found.style]) if found.style else "",
        sentence=_missing(found) if found.missing else words[:1].upper() + words[1:] + ".",
        axes=axes,
        columns=[str(word) for word in COLUMNS],
        rows=[
            MapRow(str(heading), [Cell(str(NAMES[name]), name is found.style) for name in row])
            for heading, row in zip(ROWS, GRID, strict=True)
        ],
    )


def _axis_line(axis: Axis) -> AxisLine:
    left, right = _ENDS[axis.name]
    told = _OF_PEOPLE if axis.of_people else _EVIDENCE[axis.name]
    numbers = {"first": amount(round(axis.first, 1)), "second": amount(axis.second)}
    return AxisLine(
        left=str(left),
        right=str(right),
        place=None if axis.value is None else (axis.value + 1) / 2,
        is_right=axis.value is not None and axis.value >= 0,
        sentence=str(told) % numbers if axis.value is not None else _("Not enough seen yet."),
    )


def _missing(found: StyleFound) -> str:
    axes = {axis.name: axis for axis in found.axes}
    if found.missing is Missing.DAYS:
        days = int(axes[AxisName.CASUAL_CONSISTENT].second)
        words = ngettext(
            "Not enough seen yet: a style needs %(least)s days, and so far there is %(seen)s.",
            "Not enough seen yet: a style needs %(least)s days, and so far there are %(seen)s.",
            days,
        )
        return words % {"least": style.LEAST_DAYS, "seen": days}
    if found.missing is Missing.ACTS:
        axis = axes[AxisName.LISTENING_PARTICIPATING]
        acts = int(axis.first + axis.second)
        return _(
            "Not enough seen yet: a style needs %(least)s posts, reshares or replies in 90 days, "
            "own posts or reshares among them. So far: %(seen)s."
        ) % {"least": style.LEAST_ACTS, "seen": number_format(acts, 0)}
    return _(
        "Not enough seen yet: a style needs %(least)s uses of hashtags, or as many replies "
        "and reactions to others, in 90 days."
    ) % {"least": style.LEAST_SPREAD}
