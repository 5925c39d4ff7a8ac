"""Signed requests: what Meta signed is read, and nothing else is believed."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new as signature_of
from typing import Any

import pytest
from facebook import parse_signed_request

from connectors.oauth.signed_requests import LONGEST, SignedRequest, opened

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "app-secret"
TOLD = {"algorithm": "HMAC-SHA256", "user_id": "27001001", "issued_at": int(NOW.timestamp())}


def b64(data: bytes, *, padded: bool = False) -> str:
    text = urlsafe_b64encode(data).decode()
    return text if padded else text.rstrip("=")


def signed(told: Any = TOLD, secret: str = SECRET, *, padded: bool = False) -> str:
    """Return a signed request as Meta makes them."""
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    payload = b64(data, padded=padded)
    return f"{b64(signature_of(secret.encode(), payload.encode(), sha256).digest())}.{payload}"


@pytest.mark.parametrize("padded", [False, True])
def test_what_was_signed_is_read_as_the_vendors_package_reads_it(padded: bool) -> None:
    text = signed(padded=padded)
    assert opened(text, SECRET, NOW) == SignedRequest("27001001", NOW)
    assert parse_signed_request(text, SECRET)["user_id"] == "27001001"


def test_a_number_is_an_id_as_well() -> None:
    found = opened(signed({**TOLD, "user_id": 27001001}), SECRET, NOW)
    assert found is not None
    assert found.user_id == "27001001"


def forged() -> list[str]:
    right = signed()
    signature, _, payload = right.partition(".")
    other = signed({**TOLD, "user_id": "1"}).partition(".")[2]
    odd: list[Any] = [
        *([], "text", 7, None, b"\xff\xfe", b"[" * 3000, {}),
        {**TOLD, "algorithm": "none"},
        {**TOLD, "algorithm": ["HMAC-SHA256"]},
        *({**TOLD, "user_id": value} for value in ("", True, None, ["1"], "1" * 65)),
        *({**TOLD, "issued_at": value} for value in (None, True, "now", 1e9, 10**30, -(10**30))),
        {**TOLD, "issued_at": int((NOW + timedelta(minutes=6)).timestamp())},
    ]
    return [
        *("", ".", "a", "a.b", f".{payload}", f"{signature}.", f"{signature}{payload}"),
        signed(secret="another"),
        signed(secret=""),
        # Another's payload under a signature that is right; a signature cut or padded with more.
        f"{signature}.{other}",
        f"{signature[:-4]}.{payload}",
        f"{signature}AAAA.{payload}",
        f"{signature}.{payload}.{payload}",
        f"{signature}.{payload}\n",
        f"é{signature}.{payload}",
        f"{signature}.\ud800",
        *(signed(value) for value in odd),
        signed({**TOLD, "more": "x" * LONGEST}),
    ]


@pytest.mark.parametrize("text", forged(), ids=range(len(forged())))
def test_anything_else_is_nothing(text: str) -> None:
    assert opened(text, SECRET, NOW) is None


def test_without_a_secret_nothing_is_believed() -> None:
    assert opened(signed(secret=""), "", NOW) is None
