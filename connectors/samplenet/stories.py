"""The people of the sample network with a story, and the groups that they act in.

Stories take the first account numbers, so their handles are the same for every size and seed.
Days are counted from the network's first day; `Timeline` places them by the length of the first
history, so they stay where they are when days are added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.samplenet import names

GROUP_SIZE = 20
# Enough for the reference person's audience to be spread over communities.
SMALLEST_POPULATION = 40


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of the stories, counted from the first day of the network."""

    offline_from: int
    offline_until: int
    viral: int
    pod_from: int
    bought: int
    fleet_from: int
    newcomer: int


def timeline(first_days: int) -> Timeline:
    """Return the days of the stories for a first history of that many days (7 or more)."""
    last = first_days - 1
    away = min(30, first_days // 3)
    return Timeline(
        offline_from=max(last - 14 - away, 1),
        offline_until=max(last - 14, 1 + away),
        viral=max(last - 20, 2),
        pod_from=max(last - 30, 2),
        bought=max(last - 30, 2),
        fleet_from=max(last - 20, 2),
        newcomer=max(last - 14, 0),
    )


@dataclass(frozen=True, slots=True)
class Story:
    """A person with a story: what differs from the people around.

    `traits` replaces columns of population.Population by name.
    """

    handle: str
    name: str
    word: str
    about: str
    traits: Mapping[str, float] = field(default_factory=dict)
    bio: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that act on the posts of others by agreement, by acquaintance or by programme."""

    word: str
    # Account numbers whose posts are acted on, and who acts (never on oneself).
    targets: tuple[int, ...]
    members: tuple[int, ...]
    # Probability of each member, per post.
    like: float
    comment: float
    first_day: int
    # A member acts at most on the first post of a day.
    first_post_only: bool = False


# One post in the morning and one in the afternoon; "fixed" = exactly so many every day.
_STEADY = {"weekend": 1.0, "swing": 0.0, "growth": 0.0003, "spread": 0.12}
SINGLES = (
    Story(
        "vera.lindqvale",
        "Vera Lindqvale",
        "reference",
        "The steady professional: two posts and about fourteen reactions every day.",
        {
            **_STEADY,
            "followers": 5_200,
            "per_day": 2,
            "fixed": 1,
            "per_post": 7.0,
            "candidates": 420,
            "topic": 0,
            "zone": 0,
        },
        "Architecture photographer. Light, concrete, patience.",
    ),
    Story(
        "otto.brandvik",
        "Otto Brandvik",
        "offline",
        "A month offline: no post and no reaction for 30 days, then back at the old level.",
        {
            **_STEADY,
            "followers": 9_500,
            "per_day": 2,
            "fixed": 1,
            "per_post": 12.0,
            "candidates": 600,
            "zone": 0,
        },
        "Cabinet maker. Sometimes in the woods, without a telephone.",
    ),
    Story(
        "pia.moreno",
        "Pia Moreno",
        "viral",
        "One viral post: several hundred reactions in two days, on an otherwise quiet account.",
        {"followers": 310, "per_day": 0.9, "per_post": 1.6, "candidates": 60, "zone": 7},
        "Paints trams.",
    ),
    Story(
        "gus.goodmorning",
        "Gus Goodmorning",
        "good_morning",
        "Six posts a day that say good morning, and no reaction, ever.",
        {
            "followers": 84,
            "per_day": 6,
            "fixed": 1,
            "per_post": 0.0,
            "weekend": 1.0,
            "swing": 0.0,
            "growth": 0.0,
        },
        "Good morning!",
    ),
    Story(
        "nina.okafjord",
        "Nina Okafjord",
        "two_accounts",
        "Has a second, idle account (nina.okafjord.idle) that she can link as well.",
        {"followers": 1_450, "per_day": 1.2, "per_post": 5.0, "candidates": 160, "zone": 1},
        "Runs a repair café.",
    ),
    Story(
        "stella.nova",
        "Stella Nova",
        "celebrity",
        "The celebrity: 4.2 million followers, hundreds of reactions a day.",
        {
            "followers": 4_200_000,
            "per_day": 2,
            "fixed": 1,
            "per_post": 150.0,
            "candidates": 40_000,
            "growth": 0.0004,
            "people_share": 0.12,
            "topic": 8,
        },
        "Singer. On tour.",
    ),
    Story(
        "fjordkaffe",
        "Fjordkaffe",
        "brand",
        "A brand: coffee roasters with a large, moderately lively audience.",
        {
            "followers": 96_000,
            "per_day": 3,
            "fixed": 1,
            "per_post": 22.0,
            "candidates": 6_000,
            "brand": 1,
            "topic": 2,
            "zone": 0,
        },
        "Coffee roasters by the water.",
    ),
    Story(
        "rex.falkner",
        "Rex Falkner",
        "bot_client",
        "Bought a fleet: up to 1,000 accounts without an audience like his post every day.",
        {
            "followers": 190,
            "per_day": 1,
            "fixed": 1,
            "per_post": 0.8,
            "candidates": 25,
            "growth": 0.0,
        },
        "Growth. Mindset. Growth.",
    ),
    Story(
        "bela.storm",
        "Bela Storm",
        "bought_followers",
        "Bought followers: a step of several thousand in a day that brings no reactions.",
        {"followers": 420, "per_day": 0.8, "per_post": 1.5, "candidates": 45, "growth": 0.0},
        "Thought leader in the making.",
    ),
    Story(
        "nora.nyland",
        "Nora Nyland",
        "newcomer",
        "Started 14 days before the end of the first history; 15 ordinary people react.",
        {
            "followers": 0,
            "per_day": 2,
            "fixed": 1,
            "per_post": 0.0,
            "growth": 0.0,
            "ramp": 4.0,
            "ramp_days": 15,
        },
        "New here. Trail running and soup.",
    ),
    Story(
        "sami.reefdal",
        "Sami Reefdal",
        "specialist",
        "A specialist: few followers, and reactions from the most influential of one topic.",
        {
            "followers": 780,
            "per_day": 0.7,
            "per_post": 8.0,
            "candidates": 90,
            "people_share": 0.7,
            "topic": 9,
        },
        "Marine biologist. Counts fish for a living.",
    ),
)
_GROUP_NAMES = names.words(
    "Ada Bo Carl Dina Eli Fay Geir Hedda Ivo June Kai Liv Max Nell Olaf Pip Rune Siv Tor Una"
)
_POD_TRAITS = {"followers": 240.0, "per_day": 1, "fixed": 1, "per_post": 0.9, "candidates": 40}
_CIRCLE_TRAITS = {
    "followers": 620.0,
    "per_day": 0.7,
    "per_post": 9.0,
    "candidates": 150,
    "people_share": 0.3,
}
# Beyond the people of the directory: so that each path of a look-up can be tried.
HIDDEN = (
    Story("ida.private", "Ida Private", "private", "Closed to all but its owner.", {"private": 1}),
    Story("noel.noindex", "Noel Noindex", "noindex", "Asks not to be indexed.", {"indexable": 0}),
    Story("mila.fifteen", "Mila Fifteen", "minor", "States an age below 18.", {"age": 15}),
    Story(
        "theo.sixteen",
        "Theo Sixteen",
        "minor_in_bio",
        "States an age below 18 in its text only.",
        {},
        "I'm 16 years old and draw dragons.",
    ),
    Story(
        "nina.okafjord.idle",
        "Nina Okafjord (idle)",
        "idle",
        "The idle second account: no posts, four followers.",
        {"followers": 4, "per_day": 0, "fixed": 1, "per_post": 0.0, "growth": 0.0},
    ),
)
REFERENCE_HANDLE = SINGLES[0].handle


def group_size(people: int) -> int:
    """Return how many the pod and the circle have each: 20 from 100 people on."""
    return GROUP_SIZE if people >= 100 else max(people // 5, 4)


def fleet_size(people: int) -> int:
    """Return how many bots there are: 1,000 from 600 people on, fewer in smaller populations."""
    return min(1_000, max(20, round(people * 1_000 / 600)))


def bought_count(people: int) -> int:
    """Return by how many followers the bought step rises."""
    return 8 * fleet_size(people)


def named(people: int) -> tuple[Story, ...]:
    """Return the stories in the order of their account numbers, from 1."""
    size = group_size(people)
    pod = tuple(
        Story(f"{name.lower()}.vane", f"{name} Vane", "pod", "Member of the pod.", _POD_TRAITS)
        for name in _GROUP_NAMES[:size]
    )
    circle = tuple(
        Story(f"{name.lower()}.holm", f"{name} Holm", "circle", "In the circle.", _CIRCLE_TRAITS)
        for name in _GROUP_NAMES[:size]
    )
    return SINGLES + pod + circle


def number_of(word: str) -> int:
    """Return the account number of the single story with that word."""
    return next(place for place, story in enumerate(SINGLES, 1) if story.word == word)
