import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(bash|json)\n(.*?)```", README, re.DOTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, environment: dict[str, str], seconds: float) -> Iterator[tuple[int, Path]]:
    """Run scripts/serve until it is ready, and end it by its process id."""
    port, said = free_port(), Path(environment["HOME"]) / "said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "scripts/serve", "--port", str(port)], cwd=folder, env=environment, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + seconds
        while not ready(port):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.3)
        yield port, said
    finally:
        process.terminate()
        assert process.wait(30) == 0


def told_with(said: Path, words: str) -> str:
    """Return what was said once *words* are in it: the greeting comes after a sample reply, in its own time."""
    deadline = time.monotonic() + 60
    while words not in said.read_text():
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.3)
    return said.read_text()


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def holds(answer: Any, shown: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether everything that *shown* says stands in *answer*; a list shows some of its items."""
    if isinstance(shown, dict):
        return all(key in answer and holds(answer[key], value) for key, value in shown.items())
    if isinstance(shown, list):
        return all(any(holds(item, value) for item in answer) for value in shown)
    return bool(answer == shown)


def curl_of_readme(port: int) -> dict[str, Any]:
    command = next(text for kind, text in BLOCKS if kind == "bash" and text.startswith("curl"))
    done = subprocess.run(
        ["bash", "-c", command.replace(":8080", f":{port}")], capture_output=True, check=True, timeout=60
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_readmes_curl_answers_as_the_readme_shows(tmp_path: Path) -> None:
    """Whoever copies the curl gets the answer that is printed below it."""
    environment = {**os.environ, "HOME": str(tmp_path), "APLOMB_DATA_DIR": str(tmp_path / "data")}
    shown = json.loads(next(text for kind, text in BLOCKS if kind == "json"))
    with served(ROOT, environment, 90) as (port, said):
        answer = curl_of_readme(port)
        told = told_with(said, f"http://127.0.0.1:{port}/replies")
    assert holds(answer, shown), json.dumps(answer, ensure_ascii=False, indent=1)
    assert f"http://127.0.0.1:{port}/replies" in told
    assert "no model key: replies are extracts from your articles" in told
    assert "Setting up" not in told


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_readmes_everyday_commands_run(tmp_path: Path) -> None:
    """Each everyday command of the README does what it says on an installation of its own."""
    environment = {**os.environ, "HOME": str(tmp_path), "APLOMB_DATA_DIR": str(tmp_path / "data")}
    everyday = next(text for kind, text in BLOCKS if kind == "bash" and "aplomb doctor" in text)
    codes = [
        subprocess.run(
            ["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, timeout=90, check=False
        ).returncode
        for line in everyday.strip().splitlines()
    ]
    failed = [
        line.split("#")[0].strip() for line, code in zip(everyday.strip().splitlines(), codes, strict=True) if code
    ]
    # Nothing is ingested by a plan: the doctor finds brands without articles.
    assert failed == [".venv/bin/aplomb doctor"]


def test_the_first_screen_is_a_screen() -> None:
    """What Aplomb is, for whom, how to start and what leaves the machine stand within 45 lines."""
    first = README.split("## Everyday commands")[0].strip().splitlines()
    assert len(first) <= 45


def test_an_occupied_port_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    """A port that is taken is named, with another one to try."""
    environment = {**os.environ, "HOME": str(tmp_path), "APLOMB_DATA_DIR": str(tmp_path / "data")}
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            ["bash", "scripts/serve", "--port", str(port)],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert f"--port {port + 1}" in done.stderr


@pytest.mark.parametrize(
    ("answers", "said"),
    [("*ensurepip*) exit 1;;", "apt-get install python3-venv"), ("*version_info*) exit 1;;", "3.11 or newer")],
)
def test_what_a_machine_lacks_is_one_line_that_says_what_to_do(tmp_path: Path, answers: str, said: str) -> None:
    """Without venv, or with an old Python, nothing is installed and one line names the remedy."""
    clone, tools = tmp_path / "clone", tmp_path / "bin"
    tools.mkdir()
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True, timeout=60)
    (tools / "python3").write_text(f'#!/bin/sh\ncase "$*" in {answers} *) exec /usr/bin/python3 "$@";; esac\n')
    (tools / "python3").chmod(0o755)
    environment = {"HOME": str(tmp_path), "PATH": f"{tools}:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "scripts/serve"],
        cwd=clone, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.newcomer
@pytest.mark.timeout(600)
def test_a_clean_clone_answers_a_ticket_within_ninety_seconds(tmp_path: Path) -> None:
    """A stranger on a bare machine clones, runs one command, and has an answer; a repeat installs nothing."""
    clone, home = tmp_path / "clone", tmp_path / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True, timeout=60)
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    began = time.monotonic()
    with served(clone, environment, 90) as (port, said):
        assert curl_of_readme(port)["decision"] == "review"
        assert time.monotonic() - began <= 90
        assert "Setting up" in said.read_text()
    with served(clone, environment, 30) as (port, said):
        assert curl_of_readme(port)["decision"] == "review"
        assert "Setting up" not in said.read_text()
        assert "Ingested" not in said.read_text()
