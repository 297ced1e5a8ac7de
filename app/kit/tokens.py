"""Secrets that travel in addresses and headers; only their hashes are stored."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits as 43 characters that fit in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """SHA-256 of the exact characters; 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def signature(secret: bytes, *parts: str) -> str:
    """HMAC-SHA-256 over the parts, in hex."""
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
