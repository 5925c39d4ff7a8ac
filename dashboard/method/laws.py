"""The laws of the score, each in a sentence, with the charts of docs/scoring.md."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class LawChart:
    """A picture in static/img/laws, drawn by `manage.py law_charts`, and what is seen on it."""

    file: str
    # In pixels at a width of 640: the page keeps its place before it is there.
    height: int
    words: Promise


@dataclass(frozen=True, slots=True)
class Law:
    """What the score must do, whatever happens, and what tests and invented cases come to."""

    number: int
    title: Promise
    found: Promise
    charts: tuple[LawChart, ...] = ()


LAWS = (
    Law(
        1,
        _("A score is from 1 to 100, and each point is harder than the last."),
        _("Holds, whatever the order in which reactions come in."),
        (
            LawChart(
                "01-scale.svg", 348,
                _("Everything doubles from step to step, from nothing to billions: always more, never 100."),
            ),
        ),
    ),
    Law(
        2,
        _("One more reaction, follower or list never lowers the score."),
        _("Holds, but for a count that moved a hundredfold and is held for a day."),
        (
            LawChart(
                "02-one-more.svg", 348,
                _("One more reactor from day 15 on: a nobody adds next to nothing, a star a point."),
            ),
        ),
    ),
    Law(
        3,
        _("One more network never lowers the score."),
        _("Holds, but for corrections, and reactions that turn out to be one's own."),
        (LawChart("03-idle-network.svg", 332, _("One more network, idle: never lower.")),),
    ),
    Law(
        4,
        _("Posting without being reacted to changes nothing."),
        _("Holds exactly."),
        (
            LawChart(
                "04-silent-posts.svg", 332,
                _("Five more posts a day that nobody reacts to: the two lines are one."),
            ),
        ),
    ),
    Law(
        5,
        _("A month offline takes a person at 67 to about 57."),
        _("57.3; after three days 1.3 points are lost."),
        (
            LawChart(
                "05-month-offline.svg", 332,
                _("A month offline from day 45 on, and back, beside the same person without a break."),
            ),
        ),
    ),
    Law(
        6,
        _("Two weeks back regain more than a third of what a month offline cost."),
        _("Nearly all of it comes back."),
    ),
    Law(
        7,
        _("No day raises the score by more than six points; the rest comes over the next days."),
        _("Holds."),
        (
            LawChart(
                "07-viral-post.svg", 348,
                _("A hugely popular post: six points a day at most, then it fades."),
            ),
        ),
    ),
    Law(
        8,
        _("The same reactions on fewer posts count more, where there are more than ten posts."),
        _("A hundred reshares of ten posts: half a point more than of a hundred posts."),
        (
            LawChart(
                "08-fewer-posts.svg", 348, _("The same ten reshares a day: of one post, of two, of ten.")
            ),
        ),
    ),
    Law(
        9,
        _("Influential people count more, and those who react to everybody less."),
        _("Holds."),
        (
            LawChart(
                "09-who-reacts.svg", 380,
                _("Ten people react: with no followers, with 150, with 50,000; and ten who react to few or to everybody."),
            ),
        ),
    ),
    Law(
        10,
        _("A hundred reshares by three people are worth about three."),
        _("Holds exactly."),
        (
            LawChart(
                "10-people-not-events.svg", 348,
                _("A hundred reshares a week by a hundred people, and by three."),
            ),
        ),
    ),
    Law(
        11,
        _("Unknown is not zero, and what is filled in is no more than typical."),
        _("Holds."),
        (
            LawChart(
                "11-days-not-fetched.svg", 348,
                _("Days that could not be read: carried for a week, then fading, made good when they are seen."),
            ),
            LawChart(
                "11-signal-not-given.svg", 348,
                _("A signal that the network cannot tell lies between having it and having none."),
            ),
        ),
    ),
    Law(
        12,
        _("Crowds of empty accounts, pods and lying servers gain next to nothing; friends and newcomers lose nothing that matters."),
        _("A thousand empty accounts: at most 0.5 points. A pod of twenty: at most 1.6 for a member. A circle of friends loses 0.6."),
        (
            LawChart(
                "12-crowd.svg", 428,
                _("People with 0, 3, 30 and 300 reactors, each with and without a thousand empty accounts from day 10 on."),
            ),
            LawChart(
                "12-pod.svg", 396,
                _("A pod of twenty from day 15 on: as shown, as it would be if all counted, and alone."),
            ),
            LawChart(
                "12-circle-of-friends.svg", 332,
                _("A circle of twenty friends, each with as many reactors outside."),
            ),
            LawChart("12-newcomer.svg", 316, _("A newcomer with fifteen reactors, all of whom are answered.")),
            LawChart(
                "12-fleet.svg", 348,
                _("A thousand very small accounts act on one person from day 15 on."),
            ),
            LawChart(
                "12-bought-followers.svg", 348,
                _("8,000 bought followers on day 30; for one of the two, reactions follow on day 50."),
            ),
            LawChart(
                "12-traded-plus-k.svg", 364,
                _("+K of fifty people from day 5 on, and fifty who trade it, five a day: as shown, as it would be if all counted, and without."),
            ),
            LawChart(
                "12-lone-server.svg", 460,
                _("A server that claims ten million followers, and people with and without its bots."),
            ),
            LawChart(
                "12-server-standing.svg", 348,
                _("The same claims on three servers: the lines differ by who outside acts on their accounts."),
            ),
        ),
    ),
    Law(
        13,
        _("Shares add up to the score, and the parts of a change to the change."),
        _("Holds, to a billionth of a point."),
        (
            LawChart(
                "13-parts-add-up.svg", 364,
                _("A score that moves for fifty days, and its first value with all parts of all changes added: one line."),
            ),
        ),
    ),
    Law(
        14,
        _("On the first day of a new version both are computed, and its part of a change is told apart."),
        _("Holds."),
        (
            LawChart(
                "14-another-version.svg", 364,
                _("Another version of the model from day 25 on: both are known that day."),
            ),
        ),
    ),
)  # fmt: skip
