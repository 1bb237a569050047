"""The secret of an access token."""

import hashlib
import secrets

PREFIX = "qs_"  # so that a scanner for leaked secrets can tell one


def fresh() -> str:
    """A new secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 [hex]. A token is random and long, so that guessing it back from a fast hash is hopeless."""
    return hashlib.sha256(secret.encode()).hexdigest()
