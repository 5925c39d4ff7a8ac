"""Every network that has a fake, in the order of the page's rows."""

from collections.abc import Mapping

from klout.bench.fakes import (
    bluesky,
    facebook,
    github,
    instagram,
    mastodon,
    sample,
    threads,
    x,
    youtube,
)
from klout.bench.fakes.world import Fake

FAKES: Mapping[str, Fake] = {
    "mastodon": mastodon.FAKE,
    "sample": sample.FAKE,
    "bluesky": bluesky.FAKE,
    "x": x.FAKE,
    "youtube": youtube.FAKE,
    "instagram": instagram.FAKE,
    "facebook": facebook.FAKE,
    "threads": threads.FAKE,
    "github": github.FAKE,
}
# Nothing there is anybody's: an article is counted, nobody posts and nobody acts.
WITHOUT = frozenset({"wikipedia"})
