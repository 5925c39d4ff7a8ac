"""Invented people, posts and things, as the lists and cards of the pages take them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from connectors import registry
from connectors.queries import Progress
from dashboard.capabilities import capability_rows
from dashboard.components.charts import LAST, NAMES
from dashboard.discounts import DiscountLine
from dashboard.lists.page import MemberLine, columns
from dashboard.lookups import Step
from dashboard.moments.lines import MomentLine
from dashboard.moments.people import TalkLine
from dashboard.networks import AccountLine, NetworkCard
from dashboard.score_page import ApartLine, NetworkBars, Why, apart_lines, network_bars, why_of
from dashboard.searching import FoundLine
from dashboard.styles import StyleCard, style_card
from dashboard.trend.advice import AdviceLine
from dashboard.trend.goals import GoalCard, Goals
from scoring import why
from scoring.core.explain import ChangeKind
from scoring.core.style import Axis, AxisName, Style, StyleFound
from scoring.insights.relations import Related, Relations
from scoring.listing import Standing
from scoring.questions.page import AnswerText
from scoring.questions.queries import Author, QuestionRow
from scoring.reactors import ReactorRow
from scoring.topics.leaders import LeaderRow
from scoring.topics.queries import TopicLink, TopicRow
from scoring.why import ApartScore, ChangePart, NetworkShare, SignalShare

MOMENT = datetime(2026, 3, 1, 18, 45, tzinfo=UTC)
# Whose address nothing is at.
NOWHERE = "example"
_MARA = ReactorRow(NAMES[0], "@mara@example.social", "", 71.4, False, NOWHERE, "mastodon")
_LEYLA = ReactorRow(NAMES[2], "@leyla", "https://example.org/", 58.0, True, "", "bluesky")


def _topics() -> list[TopicLink]:
    names = {"astronomy": _("Astronomy"), "bread": _("Bread")}
    return [TopicLink(f"own:{word}", word, name) for word, name in names.items()]


def shares() -> list[NetworkBars]:
    """Return three networks, one of them of less than one per cent."""
    boosts = SignalShare("mastodon.reshares", _("People who boost"), 41.3, _("people"), 0.4)
    unknown = SignalShare("mastodon.likes", _("People who favourite"), None, _("people"), 0.224)
    return network_bars(
        [
            NetworkShare("mastodon", 1, 0.624, [boosts, unknown]),
            NetworkShare("bluesky", 2, 0.372, []),
            NetworkShare("sample", 3, 0.004, []),
        ]
    )


def apart() -> list[ApartLine]:
    """Return a network that is kept apart."""
    return apart_lines([ApartScore("youtube", 4, 41.2, 36.0, 47.5, True, [])])


def reasons() -> Why | None:
    """Return a change in parts."""
    parts = [
        ChangePart(ChangeKind.NEW, "mastodon", "reshares", 2.4),
        ChangePart(ChangeKind.FADING, "bluesky", "likes", -0.6),
        ChangePart(ChangeKind.LINKED, "github", "", 1.6),
        ChangePart(ChangeKind.HELD_BACK, "", "", 0.03),
    ]
    change = why.Change(LAST - timedelta(days=29), LAST, 3.43, parts)
    return why_of(change, lambda part: "#why" if part.measure else "")


def discounts() -> list[DiscountLine]:
    """Return something that was not counted in full."""
    return [
        DiscountLine(
            pk=0,
            title=_("Followers who came at once"),
            sentence=_("Many followers came within a day, and few of them react."),
            account="@mara@example.social",
            since=LAST - timedelta(days=20),
            until=LAST,
            active=True,
            points=1.5,
            answer="",
            may_appeal=False,
        )
    ]


def goals() -> Goals:
    """Return a goal that is half reached."""
    until = date(2026, 5, 1)
    sentence = _("Half of the way is done.")
    card = GoalCard(0, 66, until, "open", sentence, 0.5)
    return Goals(card, [], 66, until, LAST + timedelta(days=7), LAST + timedelta(days=365))


def advice() -> list[AdviceLine]:
    """Return two pieces of advice."""
    return [
        AdviceLine(
            _("Answer %(name)s") % {"name": NAMES[0]},
            _("A person of score 71 wrote to you, and waits for an answer."),
            "#advice",
            _("See the post"),
        ),
        AdviceLine(
            _("Post in the evening"),
            _("Posts of Tuesday evening get a fifth more reactions."),
            "#advice",
            _("Best times"),
        ),
    ]


def moments() -> list[MomentLine]:
    """Return a post with who reacted, and one whose text may not be kept."""
    text = _("A comet can be seen with bare eyes tonight, low in the west.")
    return [
        MomentLine(1, text, "#moments", MOMENT, "Mastodon", 2.4, 41, [_MARA, _LEYLA], 39),
        MomentLine(2, "", "", MOMENT, "Facebook", 0.8, 1, [], 1),
    ]


def relations() -> Relations:
    """Return both sides: some of whom are shown, and none."""
    return Relations(Related([_MARA, _LEYLA], 12), Related([], 3))


def talk() -> TalkLine:
    """Return somebody who commented."""
    return TalkLine(_MARA, "Mastodon", _("commented"), LAST, 3, "#talk", answered=False)


def style() -> StyleCard:
    """Return one of the sixteen styles."""
    axes = (
        Axis(AxisName.SHARING_CREATING, 0.4, 12, 28),
        Axis(AxisName.LISTENING_PARTICIPATING, 0.2, 40, 60),
        Axis(AxisName.BROAD_FOCUSED, -0.3, 9.5, 44),
        Axis(AxisName.CASUAL_CONSISTENT, None, 0, 0),
    )
    return style_card(StyleFound(Style.SOCIALIZER, axes))


def found() -> list[FoundLine]:
    """Return a person and a brand as a search finds them."""
    return [
        FoundLine(NOWHERE, NAMES[0], False, 71.4, False, "Mastodon", "@mara@example.social"),
        FoundLine(NOWHERE, NAMES[1], True, 52.2, True, "Bluesky", "@bente.example"),
    ]


def members() -> list[MemberLine]:
    """Return rows of a list: with a score, being looked up, and waiting."""
    standing = Standing(71.4, True, "mastodon", "mara", {7: 0.0, 30: 3.4, 90: -1.2})
    return [
        MemberLine(
            1, "", NAMES[0], NOWHERE, False, "Mastodon", "@mara", standing, topics=_("Astronomy")
        ),
        MemberLine(2, _("Being looked up"), network_name="Bluesky", handle="@bente.example"),
        MemberLine(3, _("Waits to be looked up"), network_name="Mastodon", handle="@a@b.example"),
    ]


def leaders() -> list[LeaderRow]:
    """Return two people of a topic whose bands overlap."""
    return [
        LeaderRow(1, NOWHERE, NAMES[0], 71.4, False, 3.4, 0.62, 40, 1, 2, is_sample=True),
        LeaderRow(2, NOWHERE, NAMES[2], 70.2, True, None, 0.3, 30, 1, 2, is_sample=False),
    ]


def questions() -> list[QuestionRow]:
    """Return a question with a good answer, and one without any."""
    author, nobody = Author(NOWHERE, NAMES[0], True), Author("", "", False)
    about = _topics()
    first = _("Which flour makes the best sourdough?")
    second = _("How do I find the Andromeda galaxy?")
    return [
        QuestionRow(0, first, about[1], author, MOMENT, 2, 4, True, "shown"),
        QuestionRow(0, second, about[0], nobody, MOMENT, 0, 0, False, "hidden"),
    ]


def answer() -> AnswerText:
    """Return an answer that helped who asked."""
    text = _("Whole grain rye: it ferments quickly and forgives much.")
    author = Author(NOWHERE, NAMES[0], True)
    return AnswerText(0, text, author, None, MOMENT, None, 4, True, False, False, "", False)


def network_card() -> NetworkCard:
    """Return a network with an account that is being read, and one that is to be linked again."""
    network = registry.network("mastodon")
    reading = AccountLine(
        0, "@mara@example.social", "syncing", _("Syncing"), "calm", "", Progress(0, 1, 412, 6_120),
        None, False, False, "",
    )  # fmt: skip
    ended = AccountLine(
        0, "@bente@example.social", "relink", _("Link again"), "wait",
        _("The network asks you to sign in again."), None, MOMENT, True, False, "",
    )  # fmt: skip
    return NetworkCard(
        network, [reading, ended], "", False, "", "", "", "", capability_rows(network), "linked", ""
    )


def examples() -> dict[str, Any]:
    """Return the context of the cards and lists."""
    perk = {
        "slug": NOWHERE,
        "title": _("A month of star charts"),
        "summary": _("Printed each week, for evenings without clouds."),
        "sponsor": NAMES[1],
        "left": 12,
        "claim_until": MOMENT,
    }
    return {
        "networks": shares(),
        "apart": apart(),
        "why": reasons(),
        "discounts": discounts(),
        "goals": goals(),
        "advice": advice(),
        "moments": moments(),
        "relations": relations(),
        "line": talk(),
        "style": style(),
        "found": found(),
        "lines": members(),
        "columns": columns("score", descending=True),
        "leaders": leaders(),
        "topic_links": _topics(),
        "topics": [
            TopicRow("own:astronomy", NOWHERE, _("Astronomy"), 0.62, 40, 6, is_added=False),
            TopicRow("own:bread", NOWHERE, _("Bread"), 0.0, 0, 0, is_added=True),
        ],
        "questions": questions(),
        "answer": answer(),
        "card": network_card(),
        "steps": [Step(_("Found"), "done"), Step(_("Reading posts"), "now"), Step(_("Score"), "")],
        "perks": [
            perk | {"qualifies": True},
            perk | {"qualifies": False, "left": 0, "is_sample": True},
            perk | {"mine": _("claimed")},
        ],
        "rules": [
            {"answer": "yes", "wanted": _("A score of 50 or more"), "own": _("Yours is 62.")},
            {"answer": "no", "wanted": _("A topic: Astronomy"), "own": _("It is none of yours.")},
            {"answer": "asked", "wanted": _("18 years or older"), "own": ""},
        ],
    }
