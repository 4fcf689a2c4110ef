"""Access keys: `apl_<prefix>_<secret>`, shown once and kept as a hash."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.access.callers import Caller, Scope

_FORM = re.compile(r"apl_([a-z2-7]{8})_([A-Za-z0-9_-]{43})")
_PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    prefix: str
    """What names the key in public: 8 letters or figures."""
    digest: str
    """SHA-256 of the secret; it has 256 random bits, so no slower hash would help."""
    name: str
    scopes: frozenset[Scope]
    brands: frozenset[str] | None
    """None sees every brand."""
    per_minute: int
    """Requests that it may make in a minute."""
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    """Written at most once a minute."""

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def opens_with(self, secret: str) -> bool:
        """Compare in a time that does not depend on where the two differ."""
        return hmac.compare_digest(self.digest, _digest(secret))

    def caller(self) -> Caller:
        return Caller(name=self.name, scopes=self.scopes, brands=self.brands, key_id=self.prefix)


def mint(  # noqa: PLR0913 - a key's properties
    name: str,
    scopes: Iterable[Scope],
    brands: Iterable[str] | None,
    *,
    per_minute: int,
    created_at: datetime,
    expires_at: datetime | None,
) -> tuple[AccessKey, str]:
    """Return a new key and the text that opens with it, which nothing keeps."""
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    key = AccessKey(
        prefix=prefix,
        digest=_digest(secret),
        name=name,
        scopes=frozenset(scopes),
        brands=None if brands is None else frozenset(brands),
        per_minute=per_minute,
        created_at=created_at,
        expires_at=expires_at,
    )
    return key, f"apl_{prefix}_{secret}"


def parts(text: str) -> tuple[str, str] | None:
    """Return prefix and secret, or None when *text* cannot be a key."""
    found = _FORM.fullmatch(text)
    return (found[1], found[2]) if found else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
