import re
from collections.abc import Iterator

from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.text import decode, one_line, without_rules

_UNDERLINED = re.compile(r"(?<=\n\n)([^\s#][^\n]{0,120})\n(?:={4,}|-{4,}|~{4,})[ \t]*$", re.MULTILINE)
_MAX_TITLE = 120


def read_plain(file: ForeignFile) -> Iterator[Draft]:
    """Yield the file's one article; a short first line that stands alone is its title."""
    text = _UNDERLINED.sub(r"# \1\n", decode(file.data))
    text = without_rules(text).strip("\n")
    first, _, rest = text.partition("\n")
    is_title = first.strip() and len(first) <= _MAX_TITLE and rest.startswith("\n")
    yield Draft(title=one_line(first).lstrip("# ") if is_title else file.title, text=text)
