from datetime import date
from pathlib import Path

import pytest

from service.database import migrate, open_engine, sqlite_url
from service.errors import UnknownPromptError
from service.prompting.files import PromptFiles
from service.prompting.lint.lint import PromptLint
from service.prompting.versions.history import PromptHistory
from service.prompting.versions.kept import PromptVersions
from tests.prompting.lint.edits import PROMPTS


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    for name in ("reply.md", "brands/maison-lune.yaml", "tones/attentive.md"):
        (tmp_path / "prompts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "prompts" / name).write_bytes((PROMPTS / name).read_bytes())
    return tmp_path / "prompts"


async def test_an_edit_is_compared_with_the_version_that_wrote_before_it(prompts: Path, tmp_path: Path) -> None:
    """Kept versions stand in the order of their first use, and an edit that costs a fifth more is named."""
    migrate(sqlite_url(tmp_path))
    engine = open_engine(sqlite_url(tmp_path))
    try:
        history = PromptHistory(engine)
        versions, lint = PromptVersions(PromptFiles(prompts), engine), PromptLint(prompts, history, None)
        first = await versions.resolve("maison-lune", None, "production")
        assert not [each for each in await lint.files(date(2026, 11, 23)) if each.code == "token_growth"]
        with (prompts / "tones" / "attentive.md").open("a", encoding="utf-8") as tone:
            tone.writelines(f"Say the figure {number} as the passage does.\n" for number in range(40))
        grown = [each for each in await lint.files(date(2026, 11, 23)) if each.code == "token_growth"]
        assert [each.words["version"] for each in grown] == [first.version]
        second = await versions.resolve("maison-lune", None, "production")
        assert [each.text.version for each in await history.all()] == [first.version, second.version]
        assert await history.before(second.text) == first.text
        assert await history.before(first.text) is None
        assert "token_growth" in [each.code for each in await lint.version(second.version, date(2026, 11, 23))]
        with pytest.raises(UnknownPromptError):
            await lint.version("0" * 12, date(2026, 11, 23))
    finally:
        await engine.dispose()
