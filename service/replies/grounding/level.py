"""Text made even for comparison, letter for letter: small, without accents, with plain spaces, hyphens and quotes."""

import unicodedata

_EVEN = {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
_EVEN |= {
    code: base
    for code in range(0xC0, 0x180)
    if len(base := unicodedata.normalize("NFD", chr(code))[0].lower()) == 1 and base.isascii()
}
_EVEN |= dict.fromkeys((0xA0, 0x202F, 0x2009, 0x2007), " ")
_EVEN |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
_EVEN |= dict.fromkeys((0x2018, 0x2019, 0x02BC), "'")
_TABLE = str.maketrans({chr(code): even for code, even in _EVEN.items()})


def level(text: str) -> str:
    """Return *text* made even; it keeps its length, so that places in both are the same."""
    return text.translate(_TABLE)
