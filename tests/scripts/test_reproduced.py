"""Every logged reply can be rebuilt, whatever happened to the desk since."""

import asyncio

import pytest

from scripts.measures.reply_log.reproduced import measure

_REPLIES = 300


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_every_reply_comes_out_again_after_edits_moves_an_ingest_and_a_restart(database_url: str) -> None:
    """Replies of every kind and state, of both chat models, are rebuilt byte for byte in a new process."""
    own = None if database_url.startswith("sqlite") else database_url
    figures = asyncio.run(measure(_REPLIES, own, "hashed"))

    assert (figures["replies"], figures["reproduced"]) == (_REPLIES, _REPLIES)
    assert min(figures[f"state_{state}"] for state in ("finished", "failed", "cut_off", "incomplete")) > 0
    assert min(figures[f"model_{provider}"] for provider in ("extractive", "openai", "none")) > 0
    assert figures["requests"] > _REPLIES / 3
    assert figures["texts"] > _REPLIES / 5
    assert figures["with_personal_values"] > 0
