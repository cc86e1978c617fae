"""Codes of rooms, the key of who may drive one, and the names under which browsers answer."""

import hashlib
import hmac
import secrets
from collections.abc import Container

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 that are not taken for each other
LENGTH = 5  # characters of a code: more take longer to type, fewer are more easily guessed


def new_code(taken: Container[str] = ()) -> str:
    """A code that no room has: one of 31^5, about 29 million. It names a room and is no secret."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if code not in taken:
            return code


def is_code(text: str) -> bool:
    return len(text) == LENGTH and all(letter in LETTERS for letter in text)


def new_secret() -> bytes:
    return secrets.token_bytes(32)


def presenter_key(secret: bytes, code: str) -> str:
    """Whoever knows it may drive the room with this code. Nobody computes it without the server's secret."""
    return _signature(secret, "presenter", code)


def is_presenter(secret: bytes, code: str, key: str) -> bool:
    """Whether a key is that of the room's presenter; compared in constant time."""
    return hmac.compare_digest(presenter_key(secret, code).encode(), key.encode("utf-8", "replace"))


def host_token(secret: bytes) -> str:
    """Who opens rooms from another computer than the server shows it; the console prints it."""
    return _signature(secret, "host", "")[:20]


def is_host(secret: bytes, token: str) -> bool:
    """Whether a key is that of the server's host; compared in constant time."""
    return hmac.compare_digest(host_token(secret).encode(), token.strip().encode("utf-8", "replace"))


def new_voter(secret: bytes) -> str:
    """A name for one browser: a random number and its signature, so that nobody makes up thousands of names on his own."""
    name = secrets.token_urlsafe(12)
    return f"{name}.{_signature(secret, 'voter', name)[:22]}"


def voter_of(secret: bytes, token: str) -> str | None:
    """The name in a token that this server gave out; None of any other text."""
    name, _, signature = token.partition(".")
    right = _signature(secret, "voter", name)[:22]
    return name if hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")) else None


def _signature(secret: bytes, purpose: str, text: str) -> str:
    return hmac.new(secret, f"{purpose}|{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
