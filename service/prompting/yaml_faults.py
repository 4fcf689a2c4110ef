"""Why a YAML text cannot be read, in words for people who do not know the parser's; the lint translates them."""

import yaml

NESTED = "lists and keys stand too deep in one another"
NO_MAPPING = "it is not a list of keys and values, such as name: Maison Lune"
EMPTY = "it says nothing"
UNCLOSED = "the front matter begins with --- and is never closed by a second line of ---"
WRONG_VALUE = "a value does not fit the type that is written before it"
TAB = "a tab stands before the text; YAML is indented with spaces only"
COLON = "a colon stands where none can: put the text in quotes, or look at the line above for a missing colon or space"
QUOTE_OR_INDENT = (
    "here, or in a line above, a quote is not closed, stands inside a quoted text, "
    "or the line is not indented as its neighbours are"
)
UNENDED = "a quote is opened and never closed"
BRACKET = "a list begins with [ and lacks its ] or a comma"
BRACE = "what begins with { lacks its } or a comma"
VALUE = "a value is missing here, after a bracket, a comma or a colon"
SIGN = "a text cannot begin with this sign: put it in quotes"
ESCAPE = "a backslash stands in double quotes: write it twice, or use single quotes"
CONTROL = "it holds a control character that no text may hold"
ALIAS = "a text that begins with * is taken for a reference: put it in quotes"
TAG = "a text that begins with ! is taken for a type: put it in quotes"
DOCUMENTS = "a line of --- begins a second document; a file holds one"
KEY = "a list or a mapping stands where a key must be"
OTHER = "it is not YAML"

_PROBLEMS = {
    "mapping values are not allowed": COLON,
    "could not find expected ':'": COLON,
    "did not find expected key": QUOTE_OR_INDENT,
    "did not find expected '-' indicator": QUOTE_OR_INDENT,
    "did not find expected <document start>": QUOTE_OR_INDENT,
    "found unexpected end of stream": UNENDED,
    "found unexpected document indicator": UNENDED,
    "did not find expected ',' or ']'": BRACKET,
    "did not find expected ',' or '}'": BRACE,
    "did not find expected node content": VALUE,
    "cannot start any token": SIGN,
    "did not find expected alphabetic or numeric": SIGN,
    "unknown escape character": ESCAPE,
    "invalid Unicode character escape": ESCAPE,
    "did not find expected hexdecimal": ESCAPE,
    "undefined alias": ALIAS,
    "could not determine a constructor": TAG,
    "found another document": DOCUMENTS,
    "unhashable key": KEY,
}
"""By a part of the parser's words."""
_OPEN = {UNENDED, BRACKET, BRACE}


def reason_of(error: yaml.YAMLError, text: str) -> str:
    """Return why *text* cannot be read."""
    if isinstance(error, yaml.reader.ReaderError):
        return CONTROL
    problem = str(getattr(error, "problem", None) or "")
    reason = next((said for part, said in _PROBLEMS.items() if part in problem), problem or OTHER)
    return TAB if reason == SIGN and _is_tab(error, text) else reason


def line_of(error: yaml.YAMLError, text: str) -> int:
    """Return the line at which the parser stopped, or at which began what is not closed; 0 for the first."""
    if isinstance(error, yaml.reader.ReaderError):
        return text.count("\n", 0, error.position)
    is_open = reason_of(error, text) in _OPEN
    mark = getattr(error, "context_mark" if is_open else "problem_mark", None)
    return mark.line if mark else 0


def _is_tab(error: yaml.YAMLError, text: str) -> bool:
    mark = getattr(error, "problem_mark", None)
    lines = text.split("\n")
    return mark is not None and mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t"
