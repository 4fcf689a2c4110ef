"""
Opens a Chroma directory in a process of its own, because a damaged one can take its process down.

Run as a script: exit code 0 says that its database is whole and every collection can be counted, read and searched.
"""

import resource
import sqlite3
import sys
from pathlib import Path

import chromadb
from chromadb.config import Settings

_QUESTIONS = 50
"""Enough to walk through the whole upper part of a graph; about 50 ms."""


def main(directory: str, computing_s: int) -> None:
    """Touch everything that a search would touch; the process is killed once it has computed for *computing_s*."""
    resource.setrlimit(resource.RLIMIT_CPU, (computing_s, computing_s))
    _check_database(Path(directory) / "chroma.sqlite3")
    client = chromadb.PersistentClient(directory, settings=Settings(anonymized_telemetry=False))
    for collection in client.list_collections():
        if collection.count():
            some = collection.get(limit=_QUESTIONS, include=["embeddings"])["embeddings"]
            collection.query(query_embeddings=some, n_results=10, include=["distances"])


def _check_database(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        [(verdict,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    if verdict != "ok":
        sys.exit("the database is damaged")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
