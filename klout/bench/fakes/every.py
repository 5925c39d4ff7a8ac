"""Every network that has a fake, in the order of the page's rows."""

from collections.abc import Mapping

from klout.bench.fakes import (
    bluesky,
    facebook,
    foursquare,
    github,
    hackernews,
    instagram,
    linkedin,
    mastodon,
    pinterest,
    reddit,
    sample,
    stackexchange,
    threads,
    tiktok,
    tumblr,
    twitch,
    x,
    yammer,
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
    "twitch": twitch.FAKE,
    "tumblr": tumblr.FAKE,
    "pinterest": pinterest.FAKE,
    "reddit": reddit.FAKE,
    "tiktok": tiktok.FAKE,
    "stackexchange": stackexchange.FAKE,
    "hackernews": hackernews.FAKE,
    "linkedin": linkedin.FAKE,
    "foursquare": foursquare.FAKE,
    "yammer": yammer.FAKE,
}
# An article is about somebody: nobody posts there, and nobody acts on anything.
WITHOUT = frozenset({"wikipedia"})
