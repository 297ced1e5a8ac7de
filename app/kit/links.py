"""Personal links: each names a hub and a thing in it, signed, so that nothing of it need be stored."""

import base64
import binascii
import hashlib
import hmac
import uuid

MAC = 16  # bytes: 128 bits


def signed_link(secret: bytes, kind: str, hub_id: uuid.UUID, thing_id: uuid.UUID) -> str:
    """64 characters that fit in an address; the same each time, and good for this kind alone."""
    said = hub_id.bytes + thing_id.bytes
    return base64.urlsafe_b64encode(said + _mac(secret, kind, said)).decode()


def read_link(secret: bytes, kind: str, token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The hub and the thing that a link names; None for anything that was not signed here for this kind."""
    if len(token) != 64 or not token.isascii():
        return None
    try:
        whole = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, mac = whole[:-MAC], whole[-MAC:]
    if not hmac.compare_digest(mac, _mac(secret, kind, said)):
        return None
    return uuid.UUID(bytes=said[:16]), uuid.UUID(bytes=said[16:])


def _mac(secret: bytes, kind: str, said: bytes) -> bytes:
    return hmac.new(secret, b"link\x1f" + kind.encode() + b"\x1f" + said, hashlib.sha256).digest()[:MAC]
