"""What is gone, and the product's own: Google+, Bing's search, credit for topics (+K)."""

from django.utils.translation import gettext_noop as _

from scoring.signals.vocabulary import network, of, per_post, totals

# Closed on 2 April 2019; old files of people's own can still be read.
GOOGLEPLUS = network(
    "googleplus",
    of("followers", "own file: Google+ Circles"),
    *totals("own file: Google+ Stream, {}", "comments", "reshares"),
    of("likes", "own file: Google+ Stream, plusOnes", _("People who gave +1")),
    *per_post("own file: Google+ Stream, {}", "likes=plusOnes", "reshares"),
    of("posts", "own file: Google+ Stream, posts"),
    of("photos", "own file: Google+ Stream, media"),
    of("events", "own file: Google+ Stream, Events"),
    retired=True,
)

# The search API ended on 11 August 2025.
BING = network("bing", of("results", "Web Search API, totalEstimatedMatches"), retired=True)

KLOUT = network(
    "klout",
    of("plus_k", "credit for topics, of 90 days"),
    of("topics", "topics of that credit"),
    of("answers_valued", "credit for answers to questions of a topic"),
    of("given", "credit that the person gave, of 90 days"),
)
