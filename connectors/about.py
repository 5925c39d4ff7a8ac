"""What a post is about, as a package above finds it: asked once, while the text is at hand."""

from collections.abc import Callable

from connectors.types import Post

_finders: list[Callable[[Post], list[str]]] = []


def use(find: Callable[[Post], list[str]]) -> None:
    """Have `find` called with each post before it is stored; called at start.

    It returns short words (numbers of topics), which are kept with the post's features: they say
    what the text is about, and are neither the text nor anybody's name.
    """
    if find not in _finders:
        _finders.append(find)


def found_in(post: Post) -> list[str]:
    """Return what the post is about, [] where nobody finds anything."""
    return [word for find in _finders for word in find(post)]
