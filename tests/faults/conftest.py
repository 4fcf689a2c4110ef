"""A folder with all the files of a service."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "place"
    shutil.copytree(ROOT / "prompts", place / "prompts")
    (place / "data").mkdir()
    (place / "knowledge").mkdir()
    shutil.copy(ROOT / "knowledge" / "maison-lune" / "fr" / "remboursements.md", place / "knowledge")
    return place
