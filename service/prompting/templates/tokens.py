"""How many tokens a text costs, estimated: no tokenizer is asked, since each provider has another."""

import re

_PIECE = re.compile(r"[^\W\d_]+|\d|[^\w\s]|_")
_LETTERS_A_TOKEN = 6


def estimate_tokens(text: str) -> int:
    """Return about how many tokens *text* costs: one for each six letters begun of a word, each digit and each sign."""
    pieces = _PIECE.findall(text)
    return sum(-(-len(piece) // _LETTERS_A_TOKEN) for piece in pieces)
