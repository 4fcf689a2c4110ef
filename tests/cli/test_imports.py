import subprocess
import sys


def test_an_ingest_waits_for_nothing_that_it_does_not_need() -> None:
    """The command that ingests imports no web framework, no chat model library and no vector store before its work."""
    assert loaded_by("ingesting").isdisjoint({"fastapi", "langchain", "langchain_core", "chromadb", "openvino"})


def test_a_lint_waits_for_nothing_that_it_does_not_need() -> None:
    """The command that a prompt engineer runs after each edit loads no framework, no migrations and no vectors."""
    assert loaded_by("linting").isdisjoint({"fastapi", "langchain_core", "chromadb", "alembic", "numpy"})


def test_a_service_starts_without_what_it_needs_later() -> None:
    """Serving imports neither a provider's SDK nor the vector store nor the embedding's runtime before it is ready."""
    assert loaded_by("serving").isdisjoint({"openai", "anthropic", "chromadb", "openvino"})


def loaded_by(command: str) -> set[str]:
    program = f"import sys; from service.cli import commands, {command}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    return set(done.stdout.split())
