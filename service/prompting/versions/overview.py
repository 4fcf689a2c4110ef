"""What there is for a brand: what its files make, where its labels point, and every version that was kept."""

from dataclasses import dataclass

from service.prompting.versions.kept import FilesState, KeptPrompt, PromptVersions
from service.prompting.versions.labels import FILES, PRODUCTION, LabelMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    brand: str
    files: FilesState
    production: str | None
    """The version that writes now; None when the files are broken and no good version is known."""
    is_pinned: bool
    """Whether production was promoted; otherwise it follows the files."""
    labels: tuple[LabelMove, ...]
    """By name, each with its last move; those that point at a version."""
    versions: tuple[KeptPrompt, ...]
    """Newest first."""

    def labels_of(self, version: str) -> tuple[str, ...]:
        """Return the names that point at *version*, `production` and `files` included."""
        moved = [move.label for move in self.labels if move.version == version]
        follows = [PRODUCTION] if not self.is_pinned and version == self.production else []
        return (*follows, *moved, *([FILES] if version == self.files.version else []))


async def overview(prompts: PromptVersions, brand_id: str) -> Overview:
    """Return what there is for the brand; UnknownBrandError when it has no file."""
    files = await prompts.files_state(brand_id)
    labels = await prompts.labels.current(brand_id)
    pinned = next((move.version for move in labels if move.label == PRODUCTION), None)
    return Overview(
        brand=brand_id,
        files=files,
        production=pinned or files.version,
        is_pinned=pinned is not None,
        labels=labels,
        versions=await prompts.kept(brand_id),
    )
