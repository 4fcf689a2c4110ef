"""Keeps the vectors of passages in SQL, rounded to float16, by the digest of the text that was embedded."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from sqlalchemy import and_, select

from service.knowledge.storing import rows, steps
from service.knowledge.storing.content import KeyChanges, Vector, VectorKey
from service.knowledge.storing.packed import PACKED, PackedVectors, pack, unpack
from service.knowledge.storing.transactions import Transactions, add

_PRUNED_AT_ONCE = 100
"""Article versions."""
_SCANNED_FROM = 5_000
"""So many vectors are read faster together with all others than each by its key."""


class KeptVectors:
    """Every index is made from them; each method is a few short transactions, and raises KnowledgeError."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def complete_at(self, brand: str, model: str) -> int:
        """Return up to which generation every article has its vectors of *model*."""
        table = rows.embedded.c
        query = select(table.generation).where(table.brand == brand, table.model == model)
        async with self._transactions.reading("the state of the vectors") as connection:
            return (await connection.execute(query)).scalar() or 0

    async def dimension(self, model: str) -> int:
        """Return how long the kept vectors of *model* are; 0 when there are none."""
        query = select(rows.vectors.c.vector).where(rows.vectors.c.model == model).limit(1)
        async with self._transactions.reading("a vector") as connection:
            packed = (await connection.execute(query)).scalar()
        return unpack(packed).size if packed else 0

    async def by_key(self, brand: str, model: str, keys: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of *keys* by key; those that were never embedded are left out."""
        digests: dict[str, str] = {}
        async with self._transactions.reading("the vectors' keys") as connection:
            for some in rows.slices(keys):
                digests |= {row.key: row.text_digest for row in await connection.execute(rows.needs(model, some))}
        kept = await self.by_text(brand, model, set(digests.values()))
        return {key: kept[digest] for key, digest in digests.items() if digest in kept}

    async def matrix(self, brand: str, model: str, keys: Sequence[str], dimension: int) -> PackedVectors:
        """Return a line for each of *keys*, in their order: its vector, or zeros where it was never embedded."""
        matrix = np.zeros((len(keys), dimension), PACKED)
        places = {key: place for place, key in enumerate(keys)}
        if len(keys) > _SCANNED_FROM:
            await self._fill_living(brand, model, matrix, places)
        for key, vector in (await self.by_key(brand, model, places)).items():
            matrix[places[key]] = vector
        return matrix

    async def _fill_living(self, brand: str, model: str, matrix: PackedVectors, places: dict[str, int]) -> None:
        """Fill in those that live, all at once, six times as fast as one by one; leave in *places* what is missing."""
        async with self._transactions.reading("the vectors") as connection:
            stream = await connection.stream(rows.living_vectors(brand, model))
            async for some in stream.partitions(rows.READ_AT_ONCE):
                wanted = [(places.pop(key), packed) for key, packed in some if key in places]
                lines = np.frombuffer(b"".join(packed for _, packed in wanted), PACKED)
                matrix[[place for place, _ in wanted]] = lines.reshape(len(wanted), -1)

    async def by_text(self, brand: str, model: str, digests: Collection[str]) -> dict[str, Vector]:
        """Return the vectors that are kept already, by the digest of their text."""
        held = rows.vectors.c
        found: dict[str, Vector] = {}
        async with self._transactions.reading("vectors") as connection:
            for some in rows.slices(digests):
                query = select(held.text_digest, held.vector).where(
                    held.brand == brand, held.model == model, held.text_digest.in_(some)
                )
                found |= {digest: unpack(vector) for digest, vector in await connection.execute(query)}
        return found

    async def keys(self, brand: str, model: str) -> frozenset[str]:
        """Return the key of every vector that the newest generation needs."""
        query = rows.keys(model, rows.alive(brand))
        async with self._transactions.reading("the vectors' keys") as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def keys_of(self, brand: str, model: str, sources: Collection[str]) -> frozenset[str]:
        """Return the keys that the living versions of *sources* need."""
        found: set[str] = set()
        async with self._transactions.reading("the vectors' keys") as connection:
            for some in rows.slices(sources):
                query = rows.keys(model, and_(rows.alive(brand), rows.lives.c.source.in_(some)))
                found.update((await connection.execute(query)).scalars())
        return frozenset(found)

    async def changes(self, brand: str, model: str, after: int) -> KeyChanges:
        """Return what an index of *model* at generation *after* must add and forget; 0 adds everything."""
        async with self._transactions.reading("the vectors' changes") as connection:
            head = await steps.head(connection, brand)
            after = after if after <= head else 0
            born = frozenset((await connection.execute(rows.keys(model, rows.born(brand, after, head)))).scalars())
            died = set((await connection.execute(rows.keys(model, rows.died(brand, after, head)))).scalars()) - born
            for some in rows.slices(tuple(died)):
                needed = await connection.execute(rows.needs(model, some))
                died -= {row.key for row in needed if row.died is None}
        return KeyChanges(generation=head, born=born, died=frozenset(died))

    async def keep(self, brand: str, model: str, vectors: Mapping[str, Vector]) -> None:
        """Write vectors by the digest of their text, rounded to float16."""
        new = [
            {"brand": brand, "model": model, "text_digest": digest, "vector": pack(vector)}
            for digest, vector in vectors.items()
        ]
        async with self._transactions.writing("vectors") as connection:
            await add(connection, rows.vectors, new)

    async def keep_keys(self, model: str, keys: Iterable[VectorKey]) -> None:
        """Write which vectors the articles need."""
        new = [{"model": model, "version": k.version, "key": k.key, "text_digest": k.text_digest} for k in keys]
        async with self._transactions.writing("the vectors' keys") as connection:
            await add(connection, rows.article_vectors, new)

    async def mark_complete(self, brand: str, model: str, generation: int) -> None:
        """Say that every article of *generation* has its vectors of *model*."""
        async with self._transactions.writing("the state of the vectors") as connection:
            await steps.mark_embedded(connection, brand, model, generation)

    async def prune(self, brand: str) -> int:
        """
        Delete the vectors that no generation within reach of a rollback needs, and return how many.

        Passages and articles stay for good: receipts quote them.
        """
        async with self._transactions.reading("what is out of reach") as connection:
            floor = await steps.head(connection, brand) - steps.KEPT_GENERATIONS
            versions = (await connection.execute(rows.out_of_reach(brand, floor))).scalars().all() if floor > 0 else ()
        pruned = 0
        # In short transactions, so that the reply log never waits.
        for some in rows.slices(versions, _PRUNED_AT_ONCE):
            async with self._transactions.writing("the vectors") as connection:
                pruned += await steps.forget_vectors(connection, brand, some)
        return pruned
