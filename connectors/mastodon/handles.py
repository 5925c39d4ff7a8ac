"""What a person types to mean a Mastodon account: "@name@server", "name@server" or its address."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from connectors.types import AccountRef

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,62}[a-z0-9_])?")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A last label that starts with a letter: numbers (addresses in any notation) are no servers.
_SERVER = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")
_LONGEST_SERVER = 253
# Sites that write their accounts as "/@name" too, or are networks of their own.
NOT_SERVERS = frozenset(
    {
        "bsky.app",
        "bsky.social",
        "facebook.com",
        "flickr.com",
        "github.com",
        "instagram.com",
        "linkedin.com",
        "medium.com",
        "pinterest.com",
        "reddit.com",
        "substack.com",
        "threads.com",
        "threads.net",
        "tiktok.com",
        "tumblr.com",
        "twitch.tv",
        "twitter.com",
        "x.com",
        "youtube.com",
    }
)
# Names that lead into somebody's own network.
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")


def parse_handle(text: str, local_origins: Sequence[str] = ()) -> AccountRef | None:
    """Return the account that the text means; None if it is not one of a Mastodon server.

    A port, or a host that is not of the open internet, is understood only where it is exactly one
    of `local_origins` ("http://127.0.0.1:3000"), the development servers of this copy.
    """
    text = text.strip()
    if len(text) > 400 or any(character.isspace() for character in text):
        return None
    if "://" in text:
        name, server = _from_address(text)
    else:
        name, _, server = text.removeprefix("acct:").removeprefix("@").partition("@")
    name = name.lower()
    host = understood_server(server, local_origins)
    if host is None or not _NAME.fullmatch(name):
        return None
    return AccountRef(native_id=f"{name}@{host}", handle=f"{name}@{host}", server=host)


def understood_server(text: str, local_origins: Sequence[str] = ()) -> str | None:
    """Return a server's host in lower case (with its port, where local); None for anything else."""
    host = text.strip().lower().removesuffix(".")
    if any(host and host == urlsplit(origin).netloc.lower() for origin in local_origins):
        return host
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if len(host) > _LONGEST_SERVER or not _SERVER.fullmatch(host):
        return None
    if host.rpartition(".")[2] in _INSIDE:
        return None
    if any(host == site or host.endswith(f".{site}") for site in NOT_SERVERS):
        return None
    return host


def _from_address(text: str) -> tuple[str, str]:
    """Return name and server of "https://server/@name", "…/@name@other" or "…/users/name"."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "", ""
    if parts.scheme not in {"http", "https"} or parts.username or not parts.hostname:
        return "", ""
    steps = [step for step in parts.path.split("/") if step]
    if len(steps) > 1 and steps[0] == "web":
        steps = steps[1:]
    if len(steps) > 1 and steps[0] == "users":
        steps = [f"@{steps[1]}"]
    if not steps or not steps[0].startswith("@"):
        return "", ""
    name, _, server = steps[0][1:].partition("@")
    return name, server or (f"{parts.hostname}:{port}" if port else parts.hostname)
