"""Reads a judged set: `corpus.jsonl`, `<split>/queries.jsonl` and `<split>/qrels.tsv`."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.domain import Article, Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSet:
    name: str
    articles: tuple[Article, ...]
    questions: Mapping[str, str]
    """Those that have a relevant article."""
    grades: Mapping[str, Mapping[str, int]]
    """Question → article → grade."""


def read(folder: Path, split: str) -> JudgedSet:
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / split / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        question, article, grade = line.split("\t")
        grades[question][article] = int(grade)
    asked = {row["_id"]: _question(row) for row in _rows(folder / split / "queries.jsonl")}
    return JudgedSet(
        name=folder.name,
        articles=tuple(_article(folder.name, row) for row in _rows(folder / "corpus.jsonl")),
        questions={key: text for key, text in asked.items() if max(grades.get(key, {}).values(), default=0) > 0},
        grades=dict(grades),
    )


def labelled(path: Path, domain: str | None) -> dict[str, list[str]]:
    """Return the questions of a file by their label (`label` or `answerability`); those of *domain* when given."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(path):
        if domain in {None, row.get("domain")}:
            found[row.get("label") or row.get("answerability") or "unlabelled"].append(_question(row))
    return dict(found)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _question(row: Mapping[str, Any]) -> str:
    """Return the question; one about a product says nothing without the product's name."""
    return " ".join(filter(None, (row.get("product_title"), row.get("text") or row["question"])))


def _article(brand: str, row: Mapping[str, Any]) -> Article:
    return Article(
        brand=brand,
        source=row["_id"],
        title=row.get("title") or "",
        text=row.get("text") or "",
        language=row.get("lang"),
        url=row.get("url"),
        audience=Audience.INTERNAL if row.get("internal") else Audience.PUBLIC,
    )
