import subprocess
import sys


def test_an_ingest_waits_for_nothing_that_it_does_not_need() -> None:
    """The command that ingests imports no web framework, no chat model library and no vector store before its work."""
    program = "import sys; from service.cli import commands, ingesting; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split()
    )
    assert loaded.isdisjoint({"fastapi", "langchain", "langchain_core", "chromadb", "openvino"})
