import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(settings.data_dir),
        "APLOMB_DATA_DIR": str(settings.data_dir),
        "APLOMB_PROMPTS_DIR": str(settings.prompts_dir),
        "APLOMB_KNOWLEDGE_DIR": str(settings.knowledge_dir),
        "APLOMB_EMBEDDINGS": "hashed",
    }


def aplomb(*arguments: str, settings: Settings, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        capture_output=True, text=True, input=typed, env=environment_of(settings), timeout=90, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.fixture
def own_settings(tmp_path: Path, demo_settings: Settings) -> Settings:
    """Settings of a service that has no articles yet."""
    return demo_settings.model_copy(update={"data_dir": tmp_path / "data", "embeddings": "hashed"})


def test_from_a_folder_to_a_reply(own_settings: Settings, tmp_path: Path) -> None:
    """A plan changes nothing, an ingest does, a second one has nothing to do, and a reply rests on the article."""
    (tmp_path / "articles").mkdir()
    article = tmp_path / "articles" / "retours.md"
    article.write_text(
        "# Retourner un article\n\nVous pouvez retourner un article sous 30 jours. Le retour coûte 4,90 €.\n", "utf-8"
    )
    folder, brand = str(article.parent), ["--brand", "maison-lune"]
    plan = json.loads(aplomb("ingest", folder, *brand, "--plan", "--json", settings=own_settings).stdout)
    assert plan["added"] == ["retours.md"]
    first = aplomb("ingest", folder, *brand, "--json", settings=own_settings)
    assert (first.returncode, json.loads(first.stdout)["generation"]) == (0, 1)
    second = json.loads(aplomb("ingest", folder, *brand, "--json", settings=own_settings).stdout)
    assert (second["added"], second["changed"], second["generation"]) == ([], [], 1)
    replied = aplomb("reply", "-", *brand, "--json", settings=own_settings, typed="Sous combien de jours retourner ?")
    reply = json.loads(replied.stdout)
    assert replied.returncode == 0
    assert "30 jours" in reply["text"] or reply["decision"] == "handoff"


def test_what_is_asked_wrongly_exits_with_2(own_settings: Settings) -> None:
    """An unknown brand, a missing path and an empty message are the caller's to mend."""
    for arguments in (
        ("reply", "Bonjour", "--brand", "nobody"),
        ("ingest", "/nowhere-at-all", "--brand", "maison-lune"),
        ("reply", " ", "--brand", "maison-lune"),
        ("reply", "Bonjour", "--brand", "maison-lune", "--variable", "x"),
    ):
        result = aplomb(*arguments, settings=own_settings)
        assert result.returncode == 2, result.stderr
        assert "Traceback" not in result.stderr


def test_a_refused_file_exits_with_1(own_settings: Settings, tmp_path: Path) -> None:
    """One unreadable file is named and does not stop the others."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nUn article lisible, avec une phrase entière.\n", "utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 damaged")
    result = aplomb("ingest", str(folder), "--brand", "maison-lune", "--json", settings=own_settings)
    report = json.loads(result.stdout)
    assert result.returncode == 1
    assert report["added"] == ["a.md"]
    assert [refusal["source"] for refusal in report["refused"]] == ["b.pdf"]


def test_doctor_says_what_is_missing(own_settings: Settings) -> None:
    """An installation without articles is told which brands need an ingest."""
    result = aplomb("doctor", "--json", settings=own_settings)
    found = {each["part"]: each for each in json.loads(result.stdout)}
    assert found["database"]["ok"]
    assert not found["knowledge"]["ok"]
    assert "aplomb ingest" in found["knowledge"]["detail"]


@pytest.mark.slow
def test_a_running_service_is_handed_the_work(own_settings: Settings, tmp_path: Path) -> None:
    """While the service runs, ingest, reply, search and rollback go through it, and what it serves is never stale."""
    folder = tmp_path / "articles"
    folder.mkdir()
    with running_service(own_settings) as port:
        for days in (30, 45):
            (folder / "retours.md").write_text(
                f"# Retourner un article\n\nVous pouvez retourner un article sous {days} jours.\n", "utf-8"
            )
            ingested = aplomb("ingest", str(folder), "--brand", "maison-lune", "--json", settings=own_settings)
            assert ingested.returncode == 0, ingested.stderr
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/v1/knowledge/search?brand=maison-lune&q=retourner+article", timeout=10
            ) as answer:
                assert f"{days} jours" in json.load(answer)["passages"][0]["text"]
        searched = aplomb("search", "retourner", "--brand", "maison-lune", "--json", settings=own_settings)
        assert json.loads(searched.stdout)["candidates"]
        replied = aplomb("reply", "Retourner un article ?", "--brand", "maison-lune", "--json", settings=own_settings)
        assert json.loads(replied.stdout)["id"].startswith("rep_")
        rolled = aplomb("rollback", "1", "--brand", "maison-lune", "--json", settings=own_settings)
        assert json.loads(rolled.stdout)["number"] == 3


@contextmanager
def running_service(settings: Settings) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    empty = settings.data_dir.parent / "no-demo"
    empty.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", str(port), "--json"],
        env={**environment_of(settings), "APLOMB_KNOWLEDGE_DIR": str(empty)},
        cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_doctor_names_verified_answers_that_have_expired(own_settings: Settings, tmp_path: Path) -> None:
    """An answer past its last day is named with its owner; it is not given any more."""
    shutil.copytree(own_settings.prompts_dir, tmp_path / "prompts")
    answers = tmp_path / "prompts" / "answers" / "maison-lune.yaml"
    answers.write_text(answers.read_text("utf-8").replace("2027-12-31", "2020-01-31"), "utf-8")

    result = aplomb("doctor", "--json", settings=own_settings.model_copy(update={"prompts_dir": tmp_path / "prompts"}))

    found = {each["part"]: each for each in json.loads(result.stdout)}["verified answers"]
    assert not found["ok"]
    assert "where-is-my-parcel since 2020-01-31 (ask Service client)" in found["detail"]
