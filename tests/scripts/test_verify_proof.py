"""The proof of a reply can be checked by a stranger with Python alone."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from service.database import migrate, open_engine, sqlite_url
from service.reply_log.seals.proofs import bundle
from service.reply_log.seals.sealing import Sealer
from service.reply_log.store import ReplyLog
from tests.conftest import ROOT
from tests.reply_log.conftest import make_logged


@pytest.fixture
def proof(tmp_path: Path) -> dict[str, Any]:
    """Return the proof of the third of five sealed replies, with a second seal since."""
    return asyncio.run(_proof(sqlite_url(tmp_path)))


async def _proof(url: str) -> dict[str, Any]:
    await asyncio.to_thread(migrate, url)
    engine = open_engine(url)
    log, sealer = ReplyLog(engine), Sealer(engine, every_s=60, every_entries=10)
    ids = [(await log.begin(make_logged(str(number)))).reply.id for number in range(5)]
    await sealer.seal_all()
    await log.begin(make_logged())
    await sealer.seal_all()
    made = await bundle(engine, ids[2])
    await engine.dispose()
    return made


def check(tmp_path: Path, proof: dict[str, Any], *more: str) -> tuple[int, str]:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof), "utf-8")
    script = ROOT / "scripts" / "verify_proof.py"
    done = subprocess.run(
        [sys.executable, "-I", script, path, *more], capture_output=True, text=True, check=False, timeout=20
    )
    return done.returncode, done.stdout.strip()


def test_a_proof_holds_against_the_newest_seal(tmp_path: Path, proof: dict[str, Any]) -> None:
    """The reply, the way to its seal and the chain since are all in order."""
    code, said = check(tmp_path, proof, "--seal", proof["seals"][-1]["seal"])

    assert (code, said) == (0, "the reply is as it was logged, and nothing before its seal changed")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda proof: proof["row"].update(decision="send"), "the reply is not the one that was logged"),
        (lambda proof: proof["entry"].update(position=9), "the entry is not under its seal"),
        (lambda proof: proof["seals"][1].update(root="0" * 64), "seal 2 is broken"),
        (lambda proof: proof["steps"].pop(), "the entry is not under its seal"),
    ],
)
def test_a_proof_that_was_tampered_with_fails(
    tmp_path: Path, proof: dict[str, Any], change: Callable[[dict[str, Any]], Awaitable[None]], said: str
) -> None:
    """Whatever is changed in it is named."""
    change(proof)

    assert check(tmp_path, proof) == (1, said)


def test_a_seal_that_the_chain_does_not_hold_is_told(tmp_path: Path, proof: dict[str, Any]) -> None:
    """A chain that was rewritten since does not end where it should."""
    assert check(tmp_path, proof, "--seal", "f" * 64) == (1, "the chain does not hold the seal that you kept")
