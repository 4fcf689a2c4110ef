"""What Obsidian vaults and Notion exports write that Markdown does not know, as plain Markdown."""

import re
from collections.abc import Collection

_EMBED = re.compile(r"!\[\[([^\[\]\n|]+?)(?:\|[^\[\]\n]*)?\]\]")
_WIKILINK = re.compile(r"\[\[([^\[\]\n|]+)(?:\|([^\[\]\n]*))?\]\](?!\()")
_CALLOUT = re.compile(r"^([ \t]*>[ \t>]*)\[!([\w-]+)\][+-]?[ \t]*(.*)$", re.MULTILINE)
_BLOCK_ID = re.compile(r"[ \t]\^[A-Za-z0-9-]+[ \t]*$", re.MULTILINE)
_REMARK = re.compile(r"%%.*?%%", re.DOTALL)
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]*[^\s=])==")
_ATTACHMENT = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif|mp[34]|webm|wav|m4a|ogg|mov|pdf|canvas|base)$", re.IGNORECASE
)
_NOTION_ID = re.compile(r"(?:%20|[ _-])[0-9a-f]{32}(?=$|[/.#?_])")


def plain_wiki(text: str) -> str:
    """Return *text* with wikilinks, embeds, callouts and block ids turned into plain Markdown."""
    if "[[" in text:
        text = _EMBED.sub(lambda match: "" if _ATTACHMENT.search(match[1]) else _name(match[1]), text)
        text = _WIKILINK.sub(lambda match: match[2] or _name(match[1]), text)
    if "[!" in text:
        text = _CALLOUT.sub(_callout, text)
    if " ^" in text:
        text = _BLOCK_ID.sub("", text)
    if "%%" in text:
        text = _REMARK.sub("", text)
    return _HIGHLIGHT.sub(r"\1", text) if "==" in text else text


def without_notion_id(name: str) -> str:
    """Return a file's path without the 32 hex digits that Notion adds to each page's name."""
    return _NOTION_ID.sub("", name)


def whole_table(name: str, names: Collection[str]) -> str | None:
    """Return the file that holds all rows of the table in *name*: Notion exports a view and the whole beside it."""
    whole = f"{name.removesuffix('.csv')}_all.csv"
    return whole if name.endswith(".csv") and _NOTION_ID.search(name) and whole in names else None


def _name(linked: str) -> str:
    """`folder/Note#Heading^block` is shown as `Note › Heading`; a link within the note as its heading."""
    note, *headings = [part.strip() for part in linked.split("#")]
    parts = [note.rsplit("/", 1)[-1], *(heading for heading in headings if not heading.startswith("^"))]
    return " › ".join(part for part in parts if part)


def _callout(match: re.Match[str]) -> str:
    title = match[3].strip() or match[2].replace("-", " ").capitalize()
    return f"{match[1]}**{title}**"
