"""The brands that a page offers."""

from service.prompting.brands import Brand
from service.prompting.versions.kept import PromptVersions


async def answering(prompts: PromptVersions) -> dict[str, Brand]:
    """Return the brands that can answer, by name."""
    return dict(sorted((await prompts.brands()).items(), key=lambda each: each[1].name.casefold()))
