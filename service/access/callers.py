"""Who calls, what they may do, and whose things they see."""

from dataclasses import dataclass
from enum import StrEnum

from service.errors import ScopeMissingError


class Scope(StrEnum):
    """A right of an access key; `admin` includes the others."""

    REPLY_WRITE = "reply:write"
    REPLY_READ = "reply:read"
    REVIEW_WRITE = "review:write"
    KNOWLEDGE_WRITE = "knowledge:write"
    PROMPTS_WRITE = "prompts:write"
    PERSONAL_READ = "personal:read"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    name: str
    """The key's name, as the audit log has it."""
    scopes: frozenset[Scope]
    brands: frozenset[str] | None = None
    """None sees every brand."""
    key_id: str | None = None
    """None for who needs no key."""

    @property
    def only_brand(self) -> str | None:
        """The brand of who sees a single one."""
        return next(iter(self.brands)) if self.brands and len(self.brands) == 1 else None

    def may(self, wanted: frozenset[Scope]) -> bool:
        """Say whether one of the scopes *wanted* is the caller's; nothing wanted is everybody's."""
        return not wanted or Scope.ADMIN in self.scopes or bool(wanted & self.scopes)


def require(caller: Caller, scope: Scope) -> None:
    """Raise ScopeMissingError unless the caller has it: for what depends on more than the route."""
    if not caller.may(frozenset({scope})):
        raise ScopeMissingError(f"It needs the scope {scope}.")


LOCAL = Caller(name="local", scopes=frozenset({Scope.ADMIN}))
"""Whoever may read the data directory, and on loopback anybody as long as there is no key."""
