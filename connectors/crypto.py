"""What is stored encrypted (credentials, texts of posts), under TOKEN_KEYS, newest first."""

import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from connectors.errors import Relink


class Undecipherable(Relink):
    """None of the keys opens it: a key is missing, or the row was damaged."""


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _fernet(tuple(settings.TOKEN_KEYS))


def encrypt_text(text: str) -> bytes:
    """Return the text as a Fernet token under the newest key; empty for empty."""
    return _current().encrypt(text.encode()) if text else b""


def decrypt_text(token: bytes | memoryview) -> str:
    """Return the text; raises Undecipherable where no key fits."""
    data = bytes(token)
    if not data:
        return ""
    try:
        return _current().decrypt(data).decode()
    except (InvalidToken, UnicodeDecodeError):
        raise Undecipherable("The stored access cannot be read any more; link again.") from None


def encrypt_secret(secret: dict[str, str]) -> bytes:
    """Return the fields of a credential as a Fernet token; empty for none."""
    return encrypt_text(json.dumps(secret)) if secret else b""


def decrypt_secret(token: bytes | memoryview) -> dict[str, str]:
    """Return the fields of a credential; raises Undecipherable where no key fits."""
    text = decrypt_text(token)
    if not text:
        return {}
    try:
        fields = json.loads(text)
    except ValueError:
        raise Undecipherable("The stored access cannot be read any more; link again.") from None
    return {str(name): str(value) for name, value in fields.items()}


def rotated(token: bytes | memoryview) -> bytes:
    """Return the token encrypted anew under the newest key, its time kept."""
    data = bytes(token)
    if not data:
        return b""
    try:
        return _current().rotate(data)
    except InvalidToken:
        raise Undecipherable("No key of TOKEN_KEYS opens it.") from None
