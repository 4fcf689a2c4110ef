"""Reads Markdown with front matter, and cleans what its tools leave behind: anchors, escapes, dead links, images."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.wiki import plain_wiki
from service.knowledge.reading.links import link
from service.knowledge.reading.metadata import known, title_of
from service.knowledge.reading.text import clean, decode, one_line

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r"^ {0,3}#[ \t]+([^\n]+?)[ \t#]*$|^ {0,3}([^\s#>\-][^\n]*)\n=+[ \t]*$", re.MULTILINE)
_AFTER_FENCE = re.compile(r"^([ \t]*`{3,})<a\b[^<>]*></a>[ \t]*$", re.MULTILINE)
# Code is put aside under its number while the prose around it, links across it included, is cleaned.
_SHELF = ("\ue000", "\ue001")
_SHELVED = re.compile("\ue000([0-9]+)\ue001")
_FIRST = re.compile(r"\s*#{1,6}[ \t]+([^\n]+?)[ \t#]*$()", re.MULTILINE)
_TAGS = (
    "a|abbr|article|aside|b|big|blockquote|br|button|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|"
    "figure|font|footer|form|h[1-6]|header|hr|i|iframe|img|input|ins|kbd|label|li|main|mark|nav|object|ol|p|picture|pre|q|"
    "s|samp|section|small|source|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video|wbr"
)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|svg|iframe|video|object)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TEMPLATING = re.compile(r"\{%-?.*?-?%\}|\{\{-?\s*(?:site|page|include|layout)\..*?\}\}|\{[:#][^{}\n]*\}", re.DOTALL)
_ROW = re.compile(r"^[ \t]*\|[^\n]*<br[^\n]*$", re.MULTILINE | re.IGNORECASE)
_LINE_BREAK = re.compile(r"(?<!\\)\\[ \t]*$", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_HTML_TABLE = re.compile(r"<table\b.*?</table\s*>", re.DOTALL | re.IGNORECASE)
_HTML_LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE)
_DESTINATION = (
    r"\(\s*+(?:<([^<>\n]*+)>|((?:[^\s()\\]|\\.|\([^\s()]*+\))*+))(?:\s++(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
# Possessive, so that a file full of brackets costs no more than its length.
_WORDS = r"(?:[^\[\]\\\n]|\\.|\n(?!\s*\n)|\[[^\[\]\n]*+\])*+"
_IMAGE = re.compile(rf"!\[({_WORDS})\](?:{_DESTINATION}|\[[^\[\]]*\])")
_LINK = re.compile(rf"\[({_WORDS})\](?:{_DESTINATION}|\(#[^()\n]*\))")
_REFERENCE = re.compile(r"^ {0,3}\[([^\[\]^\n][^\[\]\n]*)\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?[ \t]*$", re.MULTILINE)
_REFERRED = re.compile(r"(?<![!\]])\[([^\[\]\n]+)\](?:\[([^\[\]\n]*)\])?(?![(:\[])")
_NEEDLESS_ESCAPE = re.compile(r"(?<!\\)\\([.()\-!,:;'\"/+=?@%&~_{}$^])")
_ICON_ALT = re.compile(r"[^\W\d_][\w '’&.-]{0,38}")
_TRAILING = re.compile(r"(?<![ \t\xa0])[ \t\xa0]++$", re.MULTILINE)
_STRAY_SPACE = re.compile(r"(?<=\n\n) (?=\S)|\A (?=\S)")
_CELL_PADDING = re.compile(r"(?<=[|\S]) {2,}(?=\|)|(?<=\|) {2,}")
_NOTHING = re.compile(r"^(?:\*\*){1,3}$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


def read_markdown(file: ForeignFile) -> Iterator[Draft]:
    """
    Yield the file's one article.

    Raises:
        UnreadableFileError: The front matter is broken, or says that the article is a draft.
    """
    stated, body = split_front_matter(decode(file.data))
    if stated.get("draft") == "true" or stated.get("published") == "false":
        raise UnreadableFileError("The front matter says that this article is not published.")
    facts = known(stated)
    text = clean_markdown(body, facts.get("url"))
    title = title_of(stated) or _heading(text) or file.title
    yield Draft(title=title, text=text, **facts)


def _heading(text: str) -> str:
    """Return the first heading of the first level, or the one that the text begins with; empty without either."""
    heading = _FIRST.match(text) or _TITLE.search(_CODE.sub("", text) if "```" in text or "~~~" in text else text)
    return plain(heading[1] or heading[2] or "") if heading else ""


def split_front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """Return what stands between the first two lines of dashes, and the rest; nothing is stated without them."""
    if not text.startswith("---"):
        return {}, text
    # Slow to import, and whole knowledge bases have no front matter.
    from service.knowledge.reading.formats.front_matter import parse  # noqa: PLC0415

    return parse(text)


def clean_markdown(text: str, base: str | None = None) -> str:
    """Return *text* as the Markdown a customer's reply could quote; code stays as it is, links are kept if absolute."""
    text = _AFTER_FENCE.sub(r"\1", text).replace(_SHELF[0], "").replace(_SHELF[1], "")
    code: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        code.append(match[0])
        return f"{_SHELF[0]}{len(code) - 1}{_SHELF[1]}"

    prose = _clean_prose(_CODE.sub(put_aside, text) if "`" in text or "~~~" in text else text, base)
    return _SHELVED.sub(lambda match: code[int(match[1])], prose).strip("\n")


def plain(words: str) -> str:
    """Return a heading's or title's *words* without Markdown."""
    words = _LINK.sub(r"\1", _IMAGE.sub("", words))
    return one_line(re.sub(r"\\([^\w\s])|<a\b[^>]*></a>|(\*\*|__|`)|(?<!\w)[*_]|[*_](?!\w)", r"\1", words))


def _clean_prose(text: str, base: str | None) -> str:
    if "<" in text:
        text = _without_html(text, base)
    if "{" in text:
        text = _TEMPLATING.sub("", text)
    if "&" in text:
        text = clean(unescape(text))
    text = plain_wiki(text)
    if "[" in text:
        text = _IMAGE.sub(lambda match: _alt(text, match), text)
        text = _LINK.sub(lambda match: link(match[1], match[2] or match[3] or "", base), text)
        text = _resolve(text, base) if "]:" in text else text
    if "\\" in text:
        text = _NEEDLESS_ESCAPE.sub(r"\1", _LINE_BREAK.sub("", text))
    for debris, rest in ((_TRAILING, ""), (_NOTHING, ""), (_GAPS, "\n\n"), (_STRAY_SPACE, ""), (_CELL_PADDING, " ")):
        text = debris.sub(rest, text)
    return text


def _without_html(text: str, base: str | None) -> str:
    text = _HIDDEN.sub("", text)
    text = _HTML_TABLE.sub(lambda match: _table(match[0], base), text)
    text = _HTML_LINK.sub(lambda match: link(match[2], match[1], base), text)
    text = _ROW.sub(lambda match: _BREAK.sub(" ", match[0]), text)
    return _TAG.sub("", _BREAK.sub("\n", text))


def _table(html: str, base: str | None) -> str:
    # Slow to import, and few Markdown files hold HTML tables.
    from service.knowledge.reading.formats.html import markdown_of  # noqa: PLC0415

    return f"\n\n{markdown_of(html, base)}\n\n"


def _alt(text: str, image: re.Match[str]) -> str:
    """Return an image's words where it is an icon within a sentence; elsewhere they are not worth reading."""
    line = text[text.rfind("\n", 0, image.start()) + 1 : image.start()] + text[image.end() :].split("\n", 1)[0]
    alone = not re.search(r"\w{2}", _IMAGE.sub("", line))
    return "" if alone or not _ICON_ALT.fullmatch(image[1]) else image[1]


def _resolve(text: str, base: str | None) -> str:
    addresses = {match[1].lower(): match[2] for match in _REFERENCE.finditer(text)}

    def resolved(match: re.Match[str]) -> str:
        address = addresses.get((match[2] or match[1]).lower())
        return match[0] if address is None else link(match[1], address, base)

    return _REFERRED.sub(resolved, _REFERENCE.sub("", text)) if addresses else text
