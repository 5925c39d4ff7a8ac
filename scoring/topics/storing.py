"""What posts are about, found when they are stored: later their texts may be gone."""

from connectors import about
from connectors.types import Post
from scoring.topics.ontology import matcher


def register() -> None:
    """Have the topics of posts stored with them."""
    about.use(topics_of_post)


def topics_of_post(post: Post) -> list[str]:
    """Return the numbers of the topics of a fetched post, at most five."""
    features = post.features
    return matcher().topics(post.text, features.hashtags, features.link_hosts)
