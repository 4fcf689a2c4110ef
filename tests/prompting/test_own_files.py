from pathlib import Path

import pytest

from service.errors import InvalidInputError
from service.prompting.own_files import list_name, write_own


def test_only_its_own_pages_are_written_and_removed(tmp_path: Path) -> None:
    """Notes that stand beside the handbook are never touched, and a file of the same name stops it before it writes."""
    (tmp_path / "notes.md").write_text("mine", "utf-8")
    write_own(tmp_path, {"a.md": "1", "versions/b.md": "2"}, "handbook")
    assert set(write_own(tmp_path, {"a.md": "3"}, "handbook")) == {"a.md", "versions/b.md"}
    assert not (tmp_path / "versions" / "b.md").exists()
    with pytest.raises(InvalidInputError, match=r"notes\.md"):
        write_own(tmp_path, {"a.md": "4", "notes.md": "5"}, "handbook")
    assert ((tmp_path / "a.md").read_text("utf-8"), (tmp_path / "notes.md").read_text("utf-8")) == ("3", "mine")


def test_an_edited_list_removes_nothing_outside_the_folder(tmp_path: Path) -> None:
    """The list of our own pages is not trusted with paths that lead elsewhere."""
    outside = tmp_path / "precious.md"
    outside.write_text("keep", "utf-8")
    folder = tmp_path / "book"
    write_own(folder, {"a.md": "1"}, "handbook")
    (folder / list_name("handbook")).write_text(f'{{"files": ["a.md", "../precious.md", "{outside}"]}}', "utf-8")
    write_own(folder, {"a.md": "2"}, "handbook")
    assert outside.exists()
    (folder / list_name("handbook")).write_text("[", "utf-8")
    with pytest.raises(InvalidInputError):
        write_own(folder, {"a.md": "3"}, "handbook")


def test_two_sets_in_one_folder_leave_each_other_alone(tmp_path: Path) -> None:
    """A handbook and an export in the same folder do not remove each other's files."""
    write_own(tmp_path, {"a.md": "1"}, "handbook")
    write_own(tmp_path, {"b.yaml": "2"}, "promptfoo")
    assert write_own(tmp_path, {"a.md": "1"}, "handbook") == ()
    assert (tmp_path / "b.yaml").exists()
