import re
from collections.abc import Iterator

from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.text import decode, without_rules
from service.knowledge.reading.titles import leading_title

_UNDERLINED = re.compile(r"(?<=\n\n)([^\s#][^\n]{0,120})\n(?:={4,}|-{4,}|~{4,})[ \t]*$", re.MULTILINE)


def read_plain(file: ForeignFile) -> Iterator[Draft]:
    """Yield the file's one article; a short first line that stands alone is its title."""
    text = _UNDERLINED.sub(r"# \1\n", decode(file.data))
    text = without_rules(text).strip("\n")
    yield Draft(title=leading_title(text) or file.title, text=text)
