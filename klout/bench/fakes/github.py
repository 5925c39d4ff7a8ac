"""GitHub: an account, its repositories, who starred them."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 100


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what GitHub tells everybody."""
    if path.endswith("/user"):
        counts = {"followers": 740, "following": 310, "public_repos": POSTS, "public_gists": 1}
        about = {"name": "Astrid", "bio": None, "created_at": "2015-03-02T08:00:00Z"}
        return Told({**_user(OWN), **about, **counts})
    if path.endswith("/stargazers"):
        place = world.place_of(path.split("/")[3])
        return Told([_star(place, who) for who in range(world.reactions(place))])
    page = int(query.get("page", ["1"])[0])
    first, last = (page - 1) * PER_PAGE, min(page * PER_PAGE, POSTS)
    following = f"{origin}{path}?page={page + 1}" if last < POSTS else ""
    return Told([_repository(place) for place in range(first, last)], following)


def _user(number: str) -> dict[str, Any]:
    login = f"a{number}"
    links = ("followers", "following", "gists", "starred", "subscriptions", "orgs", "repos")
    return {
        "login": login,
        "id": int(number),
        "node_id": f"MDQ6VXNlc{number}",
        "avatar_url": f"https://avatars.example.org/u/{number}?v=4",
        "url": f"https://api.github.com/users/{login}",
        "html_url": f"https://github.com/{login}",
        **{f"{name}_url": f"https://api.github.com/users/{login}/{name}" for name in links},
        "type": "User",
        "site_admin": False,
    }


def _star(place: int, who: int) -> dict[str, Any]:
    user = _user(world.reactor_number(place, who))
    return {"starred_at": world.iso(world.acted_at(place, who)), "user": user}


def _repository(place: int) -> dict[str, Any]:
    name = f"a{OWN}/{world.post_id(place)}"
    base = f"https://api.github.com/repos/{name}"
    links = ("forks", "keys", "hooks", "events", "branches", "tags", "languages", "stargazers")
    return {
        "id": int(world.post_id(place)),
        "name": world.post_id(place),
        "full_name": name,
        "private": False,
        "owner": _user(OWN),
        "html_url": f"https://github.com/{name}",
        "description": world.text(place),
        "fork": False,
        "url": base,
        **{f"{link}_url": f"{base}/{link}" for link in links},
        "created_at": world.iso(world.posted_at(place)),
        "updated_at": world.iso(world.posted_at(place)),
        "pushed_at": world.iso(world.posted_at(place)),
        "size": 120,
        "stargazers_count": world.reactions(place),
        "watchers_count": world.reactions(place),
        "language": "Python",
        "has_issues": False,
        "forks_count": 0,
        "archived": False,
        "license": None,
        "topics": ["tides"],
        "visibility": "public",
        "default_branch": "main",
    }


FAKE = Fake(answer, ("GITHUB_API_URL",))
