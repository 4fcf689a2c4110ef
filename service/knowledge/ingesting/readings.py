"""Remembers what each file gave, so that a file that is byte for byte as it was is not read again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from service.domain import Article
from service.knowledge.ingesting import rules
from service.knowledge.ingesting.plan import version_of
from service.knowledge.reading import Refusal

Given: TypeAlias = dict[str, str]
"""Source of an article → its version."""


class Readings:
    """
    A memory of (file, bytes) → articles, which holds whatever happens to the knowledge base: it only saves the reading.

    Bytes are compared, by their hash, and not the time of change: two saves within one tick are two files.
    """

    def __init__(self, place: Path, brand: str, stored: Mapping[str, str], languages: Sequence[str]) -> None:
        """Take from *place* what the brand's last ingest learnt; *stored* says which version of an article lives."""
        name = hashlib.sha256(brand.encode()).hexdigest()[:16]
        self._file = place / f"readings-{name}.json"
        self._stored = stored
        self._languages = languages
        self._rules = "/".join((rules.reading(), rules.splitting(), *sorted(languages)))
        self._held: dict[str, tuple[str, Given]] = self._load()
        self._digests: dict[str, str] = {}
        self.kept: set[str] = set()
        """Sources of the articles in files that were not read, because they live as they stand there."""

    def knows(self, source: str, data: bytes) -> bool:
        """Whether *data* gave articles, all of which live: then it need not be read."""
        digest = self._digests[source] = hashlib.sha256(data).hexdigest()
        known, given = self._held.get(source, ("", Given()))
        if known != digest or any(self._stored.get(article) != version for article, version in given.items()):
            return False
        self.kept |= given.keys()
        return True

    def learn(self, source: str, found: Sequence[Article | Refusal]) -> None:
        """Remember what the file gave; one with a refusal in it is read each time, so that each report tells of it."""
        articles = [each for each in found if isinstance(each, Article)]
        if articles and len(articles) == len(found) and source in self._digests:
            given = {article.source: version_of(article, self._languages) for article in articles}
            self._held[source] = (self._digests[source], given)

    def save(self, living: Mapping[str, str]) -> None:
        """
        Keep for the next ingest the files whose articles are *living*; a full disk costs no more than the reading.

        Others are read again should they come back: files that went, or were renamed, would stay for ever.
        """
        files = {source: held for source, held in self._held.items() if held[1].items() <= living.items()}
        new = self._file.with_suffix(".new")
        with suppress(OSError):
            new.write_text(json.dumps({"rules": self._rules, "files": files}, ensure_ascii=False), "utf-8")
            new.replace(self._file)

    def _load(self) -> dict[str, tuple[str, Given]]:
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self._file.read_text("utf-8"))
            if told["rules"] == self._rules:
                return {source: (digest, given) for source, (digest, given) in told["files"].items()}
        return {}
