"""Repositories of Bluesky accounts as CAR files, of invented records."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

DID = "did:plc:vera7lindqvale2invented2"


class Link(bytes):
    """The digest of a block, written as a link."""


def cbor(value: Any) -> bytes:
    """Return a value in DAG-CBOR; a Link is a link to the block of that digest."""
    if isinstance(value, Link):
        return b"\xd8\x2a\x58\x25\x00\x01\x71\x12\x20" + value
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
    return _head(5, len(value)) + b"".join(cbor(key) + cbor(value[key]) for key in keys)


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError(number)


def varint(number: int) -> bytes:
    """Return an unsigned LEB128 number."""
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def car(blocks: Iterable[bytes], root: bytes) -> bytes:
    """Return a CAR file of blocks in DAG-CBOR."""
    head = cbor({"version": 1, "roots": [Link(hashlib.sha256(root).digest())]})
    out = [varint(len(head)), head]
    for block in blocks:
        name = b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()
        out += [varint(len(name) + len(block)), name, block]
    return b"".join(out)


def repository(records: Mapping[str, Mapping[str, Any]], did: str = DID) -> bytes:
    """Return a repository as a CAR file; the tree has a single node."""
    blocks = {key: cbor(dict(record)) for key, record in sorted(records.items())}
    entries, before = [], b""
    for name, block in blocks.items():
        key = name.encode()
        shared = next(
            (n for n, (a, b) in enumerate(zip(key, before, strict=False)) if a != b),
            min(len(key), len(before)),
        )
        link = Link(hashlib.sha256(block).digest())
        entries.append({"p": shared, "k": key[shared:], "v": link, "t": None})
        before = key
    node = cbor({"l": None, "e": entries})
    data = Link(hashlib.sha256(node).digest())
    commit = cbor(
        {
            "did": did,
            "version": 3,
            "data": data,
            "rev": "3kinvented",
            "prev": None,
            "sig": b"0" * 64,
        }
    )
    return car([commit, node, *blocks.values()], commit)
