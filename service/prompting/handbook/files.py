"""The pages of the prompt files as they stand: a brand, a tone, the reply template."""

from collections.abc import Iterator

from service.prompting.brands import Brand
from service.prompting.handbook.edition import Edition, Words
from service.prompting.handbook.figures import results_table
from service.prompting.handbook.markdown import Link, fence, page, plain, table
from service.prompting.tones import Tone

_LINES = ("greeting", "greeting_unnamed", "closing", "signature", "disclosure", "handoff")


def template_page(edition: Edition) -> str:
    words = edition.words
    return page(
        {"title": words["template"]},
        f"# {words['template']}",
        words["template_about"],
        fence(edition.book.template, "markdown"),
        edition.findings_in("reply.md"),
    )


def brand_page(edition: Edition, brand_id: str, text: str, brand: Brand | None) -> str:
    words = edition.words
    name = brand.name if brand else brand_id
    parts = [plain(brand.about), *_voices(brand, words), *_declared(brand, words)] if brand else [words["broken"]]
    versions = [each for each in edition.book.versions if each.text.brand_id == brand_id]
    return page(
        {"title": name, "brand": brand_id, "languages": list(brand.languages) if brand else []},
        f"# {plain(name)}",
        *parts,
        edition.findings_in(f"brands/{brand_id}.yaml"),
        f"## {words['versions']}",
        results_table(versions, "../", words) or words["no_versions"],
        f"## {words['file']}",
        fence(text, "yaml"),
    )


def tone_page(edition: Edition, tone_id: str, text: str, tone: Tone | None) -> str:
    words = edition.words
    users = [
        Link.to(brand.name, f"../brands/{brand_id}.md")
        for brand_id, _, brand in edition.book.brands
        if brand and brand.tone == tone_id
    ]
    lines = [
        (words[key], language, line)
        for key in ("opening", "ending")
        for language, line in (getattr(tone, key) if tone else {}).items()
    ]
    return page(
        {"title": tone_id, "description": tone.description if tone else None},
        f"# {plain(tone_id)}",
        plain(tone.description or "") if tone else words["broken"],
        f"{words['used_by']} {', '.join(users)}" if users else "",
        table((words["voice"], words["languages"], ""), lines),
        edition.findings_in(f"tones/{tone_id}.md"),
        f"## {words['file']}",
        fence(text, "markdown"),
    )


def _voices(brand: Brand, words: Words) -> Iterator[str]:
    yield f"## {words['voice']}"
    yield table(
        ("", *brand.voice),
        ((key, *(getattr(voice, key) for voice in brand.voice.values())) for key in _LINES),
    )


def _declared(brand: Brand, words: Words) -> Iterator[str]:
    if brand.variables:
        yield f"## {words['variables']}"
        yield table(
            (words["name"], words["type"], words["description"], words["sample"]),
            ((name, each.type, each.description, each.sample) for name, each in brand.variables.items()),
        )
    if brand.handoff_topics:
        yield f"## {words['topics']}"
        yield "\n".join(f"- {plain(topic)}: {plain(', '.join(said))}" for topic, said in brand.handoff_topics.items())
