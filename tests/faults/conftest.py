"""A folder with all the files of a service."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    (tmp_path / "data").mkdir()
    (tmp_path / "knowledge").mkdir()
    shutil.copy(ROOT / "knowledge" / "maison-lune" / "fr" / "remboursements.md", tmp_path / "knowledge")
    return tmp_path
