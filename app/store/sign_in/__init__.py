"""What is kept of signing in: tries, browsers, passkeys, and how other providers are asked."""

from app.store.sign_in.browsers import seen

__all__ = ["seen"]
