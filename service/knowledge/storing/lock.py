"""One process owns a data directory: two on one embedded Chroma would serve each other's stale results."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from service.errors import IngestBusyError, KnowledgeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who holds a data directory."""

    pid: int
    address: str | None
    """Where the service answers; None when no work can be handed over (another ingest, a service that starts)."""
    token: str
    """Lets a process that may read the data directory hand over work; new with each owner."""


class DataDirLock:
    """
    Holds *data_dir* until `release` or the process's end, however that comes.

    Raises:
        IngestBusyError: From `acquire`, when another process holds it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._lock = FileLock(data_dir / "owner.lock", timeout=0, thread_local=False)
        self._card = data_dir / "owner.json"
        self._token = secrets.token_urlsafe(24)

    @property
    def token(self) -> str:
        """What `handover` sends, to be checked by the service."""
        return self._token

    def acquire(self, address: str | None = None) -> Self:
        """Take the directory and leave a card that says who has it."""
        try:
            self._card.parent.mkdir(parents=True, exist_ok=True)
            # A little patience: `owner` of another process holds it for a moment to see whether anybody does.
            self._lock.acquire(timeout=0.5)
            self.announce(address)
        except Timeout as exc:
            owner = self._read_card()
            who = f"process {owner.pid}" if owner else "another process"
            raise IngestBusyError(f"{who} is using the data directory; try again when it has ended") from exc
        except OSError as exc:
            self._lock.release()
            raise KnowledgeError(f"the data directory cannot be written: {exc.strerror}") from exc
        return self

    def announce(self, address: str | None) -> None:
        """Say where work can be handed over, once the service listens."""
        card = Owner(pid=os.getpid(), address=address, token=self._token)
        new = self._card.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(card), file)
        new.replace(self._card)

    def release(self) -> None:
        if self._lock.is_locked:
            self._card.unlink(missing_ok=True)
            self._lock.release()

    def owner(self) -> Owner | None:
        """Return who holds the directory now, or None when nobody does (a card may outlive a killed process)."""
        if self._lock.is_locked:
            return self._read_card()
        try:
            with self._lock:
                return None
        except Timeout:
            return self._read_card()
        except FileNotFoundError:
            return None

    def __enter__(self) -> Self:
        return self if self._lock.is_locked else self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _read_card(self) -> Owner | None:
        with suppress(OSError, ValueError, TypeError):
            return Owner(**json.loads(self._card.read_text()))
        return None


@contextmanager
def one_ingest(lock_dir: Path, brand: str) -> Iterator[None]:
    """
    Let one ingest of *brand* go on at a time, in this process and beside others on the machine.

    Raises:
        IngestBusyError: Another one is under way.
    """
    name = f"ingest-{sha256(brand.encode()).hexdigest()[:16]}.lock"
    lock = FileLock(lock_dir / name, timeout=0, thread_local=False)
    try:
        lock_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as exc:
        raise IngestBusyError("another ingest of this brand is under way; try again when it has ended") from exc
    except OSError as exc:
        raise KnowledgeError(f"the data directory cannot be written: {exc.strerror}") from exc
    try:
        yield
    finally:
        lock.release()
