"""Bluesky: the repository of an account as a CAR file, read block by block."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

import libipld

from connectors.archives.container import Container, Damaged
from connectors.archives.reading import each, from_text, text_at
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind, TextFeatures

# https://atproto.com/specs/repository#car-file-serialization, read 2026-11: blocks in any order,
# nothing of reactions by others.
FORMAT = Format(
    id="bluesky_car",
    network="bluesky",
    name="Bluesky repository (car)",
    help_url="https://docs.bsky.app/blog/repo-export",
)
# Records and nodes of the tree are far below this; the network refuses larger ones.
_MOST_BLOCK_BYTES = 2 * 2**20
# Codec dag-cbor, SHA-256 of 32 bytes: the only kind of link in a repository.
_LINK = b"\x01\x71\x12\x20"
_LINK_BYTES = len(_LINK) + 32
_POSTS = b"app.bsky.feed.post/"
# Addresses of posts that are remembered to name them; a longer history has posts without one.
_MOST_POSTS = 1_000_000
_ACTS = {
    "app.bsky.feed.like": Kind.LIKE,
    "app.bsky.feed.repost": Kind.RESHARE,
    "app.bsky.graph.follow": Kind.FOLLOW,
}
_QUOTES = frozenset({"app.bsky.embed.record", "app.bsky.embed.recordWithMedia"})
# Kinds of records that say nothing of influence.
_PASSED_OVER = frozenset(
    {"app.bsky.graph.block", "app.bsky.graph.listblock", "chat.bsky.actor.declaration"}
)
_MOST_KINDS = 100


def fits(files: Container) -> bool:
    """Return whether the single file begins like a CAR with one root."""
    if len(files.names) != 1:
        return False
    try:
        with files.open(files.names[0]) as stream:
            return _root(stream) is not None
    except Damaged:
        return False


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, posts and acts: the file is read twice, to know the names of posts."""
    name = files.names[0]
    try:
        with files.open(name) as stream:
            did, keys = _tree(stream)
    except Damaged:
        yield Unclear(name, "broken")
        return
    if not did:
        yield Unclear(name, "broken")
        return
    yield Owner(native_id=did)
    yield from each(files, name, lambda stream: _records(stream, did, keys))


def _tree(stream: IO[bytes]) -> tuple[str, dict[bytes, str]]:
    """Return whose repository it is, and the keys of its posts by the digest of the record."""
    did = ""
    keys: dict[bytes, str] = {}
    try:
        for _digest, block in _blocks(stream):
            if isinstance(block.get("e"), list):
                for digest, key in _posts_of(block["e"]):
                    if len(keys) < _MOST_POSTS:
                        keys[digest] = key
            elif isinstance(block.get("sig"), bytes) and isinstance(block.get("did"), str):
                did = block["did"][:255]
    except Damaged:
        # What breaks off is told by the second reading; what came before it is read.
        pass
    return did, keys


def _posts_of(entries: list[Any]) -> Iterator[tuple[bytes, str]]:
    """Yield the posts among the entries of a node: each key repeats the start of the one before."""
    key = b""
    for entry in entries:
        if not isinstance(entry, dict):
            return
        shared, rest, link = entry.get("p"), entry.get("k"), entry.get("v")
        if not isinstance(shared, int) or not isinstance(rest, bytes) or len(rest) > 1024:
            return
        key = key[:shared] + rest
        if key.startswith(_POSTS) and isinstance(link, bytes):
            yield link[-32:], key[len(_POSTS) :].decode("ascii", "replace")[:64]


def _records(stream: IO[bytes], did: str, keys: dict[bytes, str]) -> Iterator[Understood]:
    unknown: Counter[str] = Counter()
    for digest, block in _blocks(stream):
        kind = block.get("$type")
        if not isinstance(kind, str):
            continue
        if kind == "app.bsky.feed.post":
            yield from _post(block, digest, did, keys)
        elif kind in _ACTS:
            at = from_text(block.get("createdAt"))
            yield Act(_ACTS[kind], Direction.SENT, at)
        elif kind == "app.bsky.actor.profile":
            yield Owner(did, "", text_at(block, "displayName"))
        elif kind not in _PASSED_OVER and (kind in unknown or len(unknown) < _MOST_KINDS):
            unknown[kind] += 1
    for kind in unknown:
        yield Unclear(kind, "unknown")


def _post(
    record: dict[str, Any], digest: bytes, did: str, keys: dict[bytes, str]
) -> Iterator[Understood]:
    at = from_text(record.get("createdAt"))
    if at is None:
        yield Unclear("app.bsky.feed.post", "broken")
        return
    key = keys.get(digest, "")
    text = text_at(record, "text")
    is_reply = isinstance(record.get("reply"), dict)
    yield OwnPost(
        native_id=f"at://{did}/app.bsky.feed.post/{key}" if key else digest.hex(),
        created_at=at,
        url=f"https://bsky.app/profile/{did}/post/{key}" if key else "",
        text=text,
        features=_features(record, text),
        is_reply=is_reply,
    )
    if is_reply:
        yield Act(Kind.COMMENT, Direction.SENT, at)
    if text_at(record, "embed", "$type") in _QUOTES:
        yield Act(Kind.QUOTE, Direction.SENT, at)


def _features(record: dict[str, Any], text: str) -> TextFeatures:
    tags: list[str] = []
    mentions: list[str] = []
    hosts: list[str] = []
    for facet in _list(record, "facets"):
        for feature in _list(facet, "features"):
            kind = text_at(feature, "$type")
            if kind == "app.bsky.richtext.facet#tag":
                tags.append(text_at(feature, "tag").lower())
            elif kind == "app.bsky.richtext.facet#mention":
                mentions.append(text_at(feature, "did"))
            elif kind == "app.bsky.richtext.facet#link":
                hosts.append(text_at(feature, "uri").partition("://")[2].partition("/")[0])
    languages = [word for word in _list(record, "langs") if isinstance(word, str)]
    return TextFeatures(
        tuple(dict.fromkeys(tags)),
        tuple(dict.fromkeys(mentions)),
        tuple(dict.fromkeys(hosts)),
        languages[0][:16] if languages else "",
        len(text),
    )


def _list(value: object, name: str) -> list[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found[:100] if isinstance(found, list) else []


# --- The file ------------------------------------------------------------------------------------
def _root(stream: IO[bytes]) -> dict[str, Any] | None:
    """Return the head of the file where it is one; the stream then stands at the first block."""
    size = _number(stream)
    if size is None or not 0 < size <= 4096:
        return None
    head = _decoded(_exactly(stream, size))
    good = head is not None and head.get("version") == 1 and isinstance(head.get("roots"), list)
    return head if good else None


def _blocks(stream: IO[bytes]) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield the digest and content of each block that is an object; raises Damaged."""
    if _root(stream) is None:
        raise Damaged("no CAR")
    while (size := _number(stream)) is not None:
        if not _LINK_BYTES < size <= _MOST_BLOCK_BYTES:
            raise Damaged("a block of that size is no record")
        data = _exactly(stream, size)
        if not data.startswith(_LINK):
            # A blob: a picture in the file.
            continue
        digest, body = data[len(_LINK) : _LINK_BYTES], data[_LINK_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            raise Damaged("a block is not what its name says")
        block = _decoded(body)
        if block is not None:
            yield digest, block


def _decoded(data: bytes) -> dict[str, Any] | None:
    try:
        value = libipld.decode_dag_cbor(data)
    except (ValueError, RecursionError, OverflowError):
        return None
    return value if isinstance(value, dict) else None


def _number(stream: IO[bytes]) -> int | None:
    """Return the next unsigned LEB128 number, None at the end; raises Damaged."""
    value = 0
    for position in range(5):
        byte = stream.read(1)
        if not byte:
            if position:
                raise Damaged("broken off")
            return None
        value |= (byte[0] & 0x7F) << (7 * position)
        if byte[0] < 0x80:
            return value
    raise Damaged("a number that is too large")


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise Damaged("broken off")
    return data
