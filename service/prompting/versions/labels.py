"""Labels: movable names for prompt versions, by brand; every move is kept with its note and its author."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import InvalidInputError, Pointer, ReplyLogError, UnknownPromptError
from service.prompting.versions.tables import prompt_moves, prompt_versions

PRODUCTION = "production"
"""Follows the files until it is moved."""
FILES = "files"
"""Follows the files always; its moves are made by edits."""

FRESH_S = 0.5
"""For how long a label is not looked up again; a move in this process is seen at once."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMove:
    brand: str
    label: str
    version: str | None
    """None: the label follows the files (`production`), or is gone (any other)."""
    note: str
    author: str
    moved_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    is_rollback: bool = False


def is_version(name: str) -> bool:
    return _VERSION.fullmatch(name) is not None


class PromptLabels:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, str], tuple[float, str | None]] = {}

    async def version(self, brand: str, label: str) -> str | None:
        """Return the version that the label points at, or None when it points at none."""
        known = self._known.get((brand, label))
        if known is None or known[0] < time.monotonic():
            moves = await self._moves(brand, label, limit=1)
            known = (time.monotonic() + FRESH_S, moves[0].version if moves else None)
            self._known[brand, label] = known
        return known[1]

    async def history(self, brand: str, label: str) -> tuple[LabelMove, ...]:
        """Return the label's moves, newest first; empty when it was never moved."""
        return tuple(await self._moves(brand, label))

    async def current(self, brand: str) -> tuple[LabelMove, ...]:
        """Return where each label of the brand points that points at a version, by name; `files` is left out."""
        last = {move.label: move for move in reversed(await self._moves(brand))}
        return tuple(last[label] for label in sorted(last) if label != FILES and last[label].version)

    async def moves(self, brand: str) -> tuple[LabelMove, ...]:
        """Return the moves of every label of the brand but `files`, oldest first."""
        return tuple(each for each in reversed(await self._moves(brand)) if each.label != FILES)

    async def move(self, brand: str, label: str, version: str | None, *, note: str = "", author: str = "") -> LabelMove:
        """
        Point *label* at *version*; None lets `production` follow the files again, and takes any other label away.

        Raises:
            InvalidInputError: The label cannot be moved, or its name cannot be one.
            UnknownPromptError: The brand has no such version.
        """
        _check(label)
        return await self._write(LabelMove(brand=brand, label=label, version=version, note=note, author=author))

    async def roll_back(self, brand: str, label: str, *, note: str = "", author: str = "") -> LabelMove:
        """
        Undo the label's last move that was not undone yet.

        Raises:
            InvalidInputError: There is nothing to undo, or the label cannot be moved.
        """
        _check(label)
        before = _stack(await self._moves(brand, label))
        if len(before) < 2:  # noqa: PLR2004 - where it points, and where it pointed before
            raise InvalidInputError("The label was never moved, or every move is undone already.")
        back = LabelMove(brand=brand, label=label, version=before[-2], note=note, author=author, is_rollback=True)
        return await self._write(back)

    async def follow(self, brand: str, version: str) -> None:
        """Note that the files now make *version*."""
        if await self.version(brand, FILES) != version:
            await self._write(LabelMove(brand=brand, label=FILES, version=version, note="", author=FILES))

    async def _moves(self, brand: str, label: str | None = None, limit: int | None = None) -> Sequence[LabelMove]:
        query = select(prompt_moves).where(prompt_moves.c.brand == brand).order_by(prompt_moves.c.id.desc())
        query = query.where(prompt_moves.c.label == label) if label else query
        try:
            async with self._engine.connect() as connection:
                rows = (await connection.execute(query.limit(limit))).mappings().all()
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt labels could not be read.") from exc
        return [LabelMove(**{key: value for key, value in row.items() if key != "id"}) for row in rows]

    async def _write(self, move: LabelMove) -> LabelMove:
        known = select(prompt_versions.c.version).where(
            prompt_versions.c.version == move.version, prompt_versions.c.brand == move.brand
        )
        row: dict[str, Any] = {name: getattr(move, name) for name in LabelMove.__slots__}
        try:
            async with self._engine.begin() as connection:
                if move.version and (await connection.execute(known)).first() is None:
                    raise UnknownPromptError("There is no prompt version of this name for this brand.")
                await connection.execute(prompt_moves.insert().values(row))
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt label could not be moved.") from exc
        self._known[move.brand, move.label] = (time.monotonic() + FRESH_S, move.version)
        return move


def _stack(newest_first: Sequence[LabelMove]) -> list[str | None]:
    """Return where the label pointed, oldest first, without what was undone; before any move, nowhere."""
    stack: list[str | None] = [None]
    for move in reversed(newest_first):
        if move.is_rollback:
            stack.pop()
        else:
            stack.append(move.version)
    return stack


def _check(label: str) -> None:
    if label == FILES:
        raise InvalidInputError("The label “files” follows the files and cannot be moved.", (Pointer("/label", ""),))
    if not _NAME.fullmatch(label) or is_version(label):
        detail = "small letters, figures, - and _, and not the form of a version"
        raise InvalidInputError("This cannot be the name of a label.", (Pointer("/label", detail),))
