"""Makes and revokes access keys for who may, and notes it: the same from a terminal and on the pages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.access.audit import AuditLog
from service.access.callers import LOCAL, Caller, Scope
from service.access.keys import AccessKey, mint
from service.access.store import KeyStore
from service.errors import InvalidInputError, NotFoundError, Pointer

MAX_NAME = 100
MAX_DAYS = 3_650
MAX_PER_MINUTE = 1_000_000
PER_MINUTE = 600
"""Requests of a key for which nothing else was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedKey:
    name: str
    scopes: tuple[Scope, ...]
    brands: tuple[str, ...] | None = None
    """None sees every brand."""
    days: int | None = None
    """Until it expires; None never does."""
    per_minute: int = PER_MINUTE


class KeyRing:
    """
    All the keys; a caller for some brands sees, makes and revokes those for some of these brands only.

    All methods raise AccessError when the database does not answer.
    """

    def __init__(self, store: KeyStore, audit: AuditLog) -> None:
        self._store = store
        self._audit = audit

    async def seen_by(self, who: Caller = LOCAL) -> tuple[AccessKey, ...]:
        """Return the keys that *who* may see, oldest first: expired and revoked ones too."""
        return tuple(key for key in await self._store.all() if _is_within(key.brands, who.brands))

    async def create(self, wanted: WantedKey, brands: Iterable[str], who: Caller = LOCAL) -> tuple[AccessKey, str]:
        """
        Keep a new key and return it with the text that opens with it, which nothing keeps.

        *brands* are those that there are for *who*.

        Raises:
            InvalidInputError: The name, a brand, the days or the rate cannot be; its pointers say which.
            NameTakenError: There is a key of this name.
        """
        if faults := tuple(_faults(wanted, tuple(brands), who)):
            raise InvalidInputError("; ".join(fault.detail for fault in faults), faults)
        now = datetime.now(UTC)
        key, text = mint(
            wanted.name.strip(),
            wanted.scopes,
            wanted.brands,
            per_minute=wanted.per_minute,
            created_at=now,
            expires_at=now + timedelta(days=wanted.days) if wanted.days else None,
        )
        await self._store.add(key)
        seen = " ".join(sorted(key.brands)) if key.brands else "all brands"
        detail = f"{' '.join(sorted(key.scopes))}; {seen}"
        await self._audit.note("key.created", f"{key.name} ({key.prefix})", who=who, brand=_only(key), detail=detail)
        return key, text

    async def revoke(self, name_or_prefix: str, who: Caller = LOCAL) -> AccessKey:
        """Make a key useless for good, and return it; NotFoundError when *who* sees none of this name that holds."""
        names = {name for key in await self.seen_by(who) for name in (key.name, key.prefix)}
        if name_or_prefix not in names:
            raise NotFoundError("There is no key of this name or prefix that is not revoked.")
        key = await self._store.revoke(name_or_prefix, datetime.now(UTC))
        await self._audit.note("key.revoked", f"{key.name} ({key.prefix})", who=who, brand=_only(key))
        return key


def _faults(wanted: WantedKey, known: tuple[str, ...], who: Caller) -> Iterable[Pointer]:
    name = wanted.name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        yield Pointer("/name", "a name has 1 to 100 printable characters")
    if not wanted.scopes:
        yield Pointer("/scopes", "say what it may do")
    if wanted.brands is None and who.brands is not None:
        yield Pointer("/brands", "your key is for some brands: say for which of them")
    if unknown := sorted(set(wanted.brands or ()) - set(known)):
        yield Pointer("/brands", f"there is no brand {', '.join(unknown)}; there are: {', '.join(known)}")
    if wanted.brands == ():
        yield Pointer("/brands", "say for which brands")
    if wanted.days is not None and not 1 <= wanted.days <= MAX_DAYS:
        yield Pointer("/days", "it expires after 1 to 3650 days, or never")
    if not 1 <= wanted.per_minute <= MAX_PER_MINUTE:
        yield Pointer("/per_minute", "it makes 1 to 1000000 requests a minute")


def _is_within(brands: Collection[str] | None, seen: frozenset[str] | None) -> bool:
    return seen is None or (brands is not None and set(brands) <= seen)


def _only(key: AccessKey) -> str | None:
    """Return the key's only brand, so that who sees that brand alone sees the entry."""
    return next(iter(key.brands)) if key.brands and len(key.brands) == 1 else None
