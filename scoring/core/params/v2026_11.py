"""Version 2026.11 of the model: every number with its source or its reason.

"Pairs" are 2,477 human judgements of which of two X accounts is the more influential
(PeerIndex, 2013). The weights of followers, lists and quality and the start of followers come from
`manage.py fit` of 2026-11-21 on them: 2477 pairs of 606 accounts, seed 0, 5 folds, 20 repeats,
ridge 0.003, SHA-256 of the file
c4b31a76e5c838146aa8e84b16bc9b2488e3d0d9635ca7838992bafbb5cf2bd4.
Two of them were moved by hand, by less than their standard errors: quality is 1.1 (learned 1.0) and
the start 2.2 (learned 2.4), so that the reference person stands at 67 and a month offline costs
about ten points (law 5). The weights of the kinds of reaction and of the best posts are declared.
AUC of these weights through the model's own path: 0.8691 in-sample (standard error 0.016; followers
alone 0.847, logistic regression without any constraint 0.871). The same fit on accounts that were
not learned from: 0.869 (without constraint 0.864). docs/evaluation.md tells how.
"""

import math

from scoring.core.params.definition import Family, Measure, Params, PlusK
from scoring.core.params.integrity_2026_11 import INTEGRITY

# First measurement on the pairs: 4–5 days cost no AUC and let a month offline cost ten points.
REACTION_HALF_LIFE_DAYS = 4.5

# Fewer than eight people are hard to tell from chance and cheap to buy; with 8, two unknown
# reactors raise an empty account by less than a point over all measures together (law 12).
PEOPLE_UNIT = 8.0

MEASURES = (
    # The start is pinned by real Klout scores (2012–2014): 11.7·log10(1 + followers) + 9.5 for
    # accounts with the reactions that are usual at their size. Below a hundred followers there are
    # hardly any lists or reactions: followers alone carry the score, with 3.2 points a doubling;
    # above, followers keep 1.0 a doubling, as the pairs weigh them beside lists and quality.
    # Unit 0.2: a first follower is worth 8, as scores of 1–10 followers (mean 15) want.
    Measure(
        "followers",
        Family.AUDIENCE,
        unit=0.2,
        weight=1.0,
        start_weight=2.2,
        start_until=100.0,
    ),
    # The strongest single signal of the pairs (AUC 0.859). Typical: medians were 1 list at 200
    # followers and 3.5 at 500 (167 Klout accounts), 1 per 30 followers in the pairs; imputed
    # at the lowest of these, so that no account gains by hiding behind its network.
    Measure("lists", Family.STANDING, unit=1.0, weight=1.5, typical=0.005),
    # Distinct people by kind. The pairs give them little beside quality (which holds the same
    # people); reshares and mentions more than the rest because they cost the reactor more. Typical:
    # mentions and reshares by people per distinct reactor in the pairs; likes, comments, quotes by
    # analogy, until there is data.
    Measure(
        "likes",
        Family.REACTION,
        unit=PEOPLE_UNIT,
        weight=0.15,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=0.8,
    ),
    Measure(
        "reshares",
        Family.REACTION,
        unit=PEOPLE_UNIT,
        weight=0.25,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=0.3,
    ),
    Measure(
        "comments",
        Family.REACTION,
        unit=PEOPLE_UNIT,
        weight=0.15,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=0.3,
    ),
    Measure(
        "quotes",
        Family.REACTION,
        unit=PEOPLE_UNIT,
        weight=0.1,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=0.05,
    ),
    Measure(
        "mentions",
        Family.REACTION,
        unit=PEOPLE_UNIT,
        weight=0.2,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=0.3,
    ),
    # The sum of the reactors' own standing: after lists the strongest signal of the pairs.
    # 1.1 / 5 = 0.22 of an account's mass goes with its reactors' trust, below the 0.5 at which
    # trust read from yesterday's mass could run away. Unit 5 ordinary people: the quality of the
    # pairs was divided by 50, their median reactor's quality being about 50.
    Measure(
        "quality",
        Family.QUALITY,
        unit=5.0,
        weight=1.1,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=1.0,
    ),
    # Chosen so that 100 reshares of 10 posts beat 100 of 100 by about half a point (law 8); the
    # pairs say nothing of single posts.
    Measure(
        "top_posts",
        Family.CONCENTRATION,
        unit=PEOPLE_UNIT,
        weight=0.2,
        half_life_days=REACTION_HALF_LIFE_DAYS,
        typical=1.0,
    ),
    # As much as likes, reshares, comments and quotes together: counts without names stand for them.
    Measure(
        "anonymous",
        Family.ANONYMOUS,
        unit=PEOPLE_UNIT,
        weight=0.65,
        half_life_days=REACTION_HALF_LIFE_DAYS,
    ),
)

PLUS_K = PlusK(
    # Less than a doubling of everything brings anywhere up to 80, so that who is told to be
    # influential is never ahead of who is.
    most_points=2.0,
    # Ten ordinary people are seen (half a point), a hundred are not yet at the end (1.5 points).
    half_people=30.0,
    # As long as it is shown (scoring.topics.models.HOLDS_DAYS).
    days=90,
    # As many as a day's credits. Whatever a ring does, its members have together what they give:
    # five ordinary people's credit for each, 0.3 points (law 12).
    receivers=5.0,
    # As an ordinary person does (ordinary_trust): a reaction to one person only says something of
    # both, but +K must not weigh more for coming from somebody who does nothing else here.
    least_people=25.0,
)

PARAMS = Params(
    version="2026.11",
    measures=MEASURES,
    # A second network as strong as the first doubles the mass: five points.
    beta=math.log(2) / 5,
    # Accounts of a million followers are at 80 on the measured scale; above it
    # the few largest accounts of the world share the last twenty points.
    linear_until_score=80.0,
    # 2^-8: a pair that old counts for 0.4 % of a person.
    window_half_lives=8.0,
    # Doubling from class to class: half the logarithm of what mass does (class_ratio), so that
    # trust moves a score less than people do. Class 3 is the ordinary person.
    class_weights=(0.25, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0),
    # Klout's own classes of followers, rounded: 11–100 is the ordinary person (mean score 27–36).
    # Under five followers there is no audience of one's own: such accounts cost nothing to make.
    audience_thresholds=(5.0, 15.0, 50.0, 300.0, 2_000.0, 20_000.0, 200_000.0),
    # The mass of a score of 6: less than one follower gives.
    standing_mass=1.0,
    # Mass of 100 followers (score 29) over 25 people acted on in a month.
    ordinary_trust=2.0,
    # A population of a few people must not set the measure of trust by itself.
    prior_people=200.0,
    class_ratio=4.0,
    # Without it six people in 200 closed random populations (of 200 people each) changed class to
    # and fro for ever; a tenth of a step (15 % of trust) brought all of them to rest.
    class_margin=0.1,
    # Law 12.
    unknown_share=0.1,
    unknown_people=2.0,
    # Law 8.
    top_posts_count=10,
    # Section "named and anonymous" of docs/scoring.md.
    anonymous_max_points=5.0,
    # Named reactions of a month fall on half as many people; the same is supposed of unnamed ones.
    anonymous_people_per_reaction=0.5,
    # Law 7.
    cap_points_per_day=6.0,
    # Law 11.
    carried_days=7,
    # 80 % of a normal distribution lie within 1.2816 standard deviations.
    band_deviations=1.2816,
    provisional_under_days=14.0,
    provisional_over_points=10.0,
    # After one day the swing of reactions over a week (a factor of 2 to 4) is not yet known: about
    # two doublings of the reaction weights, 2.15 points each.
    unobserved_points=4.0,
    # Lists spread by 1.3 doublings (2 points) around what followers let expect in the pairs, where
    # their part is 8 to 12 points: about a quarter.
    imputed_deviation_share=0.25,
    # More than the number of people online in 2026.
    max_count=5e9,
    integrity=INTEGRITY,
    # All whose terms allow combining, YouTube's only where its operator states the amendment; one
    # whose connector is not there yet tells nothing.
    networks=(
        "bluesky",
        "facebook",
        "foursquare",
        "github",
        "hackernews",
        "instagram",
        "linkedin",
        "mastodon",
        "pinterest",
        "reddit",
        "stackexchange",
        "threads",
        "tiktok",
        "tumblr",
        "twitch",
        "wikipedia",
        "x",
        "yammer",
        "youtube",
    ),
    plus_k=PLUS_K,
)
