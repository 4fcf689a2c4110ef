from collections.abc import Iterator

from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.text import decode, one_line


def read_plain(file: ForeignFile) -> Iterator[Draft]:
    """Yield the file's one article; a short first line that stands alone is its title."""
    text = decode(file.data).strip("\n")
    first, _, rest = text.partition("\n")
    stands_alone = len(first) <= 120 and (rest.startswith("\n") or set(rest.split("\n", 1)[0]) <= set("=-~*")) and rest
    yield Draft(title=one_line(first) if stands_alone and first.strip() else file.title, text=text)
