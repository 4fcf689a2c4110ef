"""Turns foreign bytes into clean text: the right encoding, NFC, nothing invisible that could hide words."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from service.errors import UnreadableFileError

MAX_CHARACTERS = 5_000_000
_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"), (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LEGACY = ["cp1252", "iso8859_15", "mac_roman", "cp850", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030"]
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls but tab and newline
    "\xad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e01ef]"  # tags and variation selectors can carry a hidden message
)
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f]")
_CONTROL_BYTES = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_BINARY = "The file holds binary data, not text."
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_RULES = re.compile(r"^[ \t]*([-=_*~#·•])(?:[ \t]*\1){3,}[ \t]*$", re.MULTILINE)
_LIGATURES = re.compile("[ﬀ-ﬆ]")


def decode(data: bytes, declared: str | None = None) -> str:
    """
    Return *data* as clean text: byte order mark, UTF-8, the *declared* encoding, then detection decide in that order.

    Raises:
        UnreadableFileError: The bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return clean(data.decode(encoding, errors="replace"))
    if b"\0" in data:
        return clean(_decode_with_nuls(data))
    for likely in ("utf-8", declared):
        decoded = _try(data, likely) if likely else None
        if decoded is not None:
            return clean(decoded)
    if len(_CONTROL_BYTES.findall(data[:4096])) * 20 > len(data[:4096]):
        raise UnreadableFileError(_BINARY)
    return clean(_detect(data))


def clean(text: str) -> str:
    """Return *text* in NFC with plain line ends, without controls but tab and newline, and without invisible marks."""
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    if text.isascii():
        return text
    text = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _LONE_SURROGATES.sub("\ufffd", text))
    return unicodedata.normalize("NFC", text)


def without_rules(text: str) -> str:
    """Return *text* without its lines of dashes and the like, which Markdown would take for underlined headings."""
    return _RULES.sub("", text)


def one_line(text: str) -> str:
    """Return *text* cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _decode_with_nuls(data: bytes) -> str:
    sample = data[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > len(zeros) // 2:
            decoded = _try(data, encoding)
            if decoded is not None and not _CONTROLS.search(decoded[:4096]):
                return decoded
    decoded = _try(data.replace(b"\0", b""), "utf-8")
    if decoded is None or sample.count(0) * 100 > len(sample):
        raise UnreadableFileError(_BINARY)
    return decoded


def _detect(data: bytes) -> str:
    """Windows' Western encoding is by far the likeliest in French and English offices: others must look better."""
    western = _try(data, "cp1252")
    if western is not None and _looks_western(western):
        return western
    # Slow to import, and most files never come here.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(data[:200_000], cp_isolation=_LEGACY, threshold=0.5).best()
    if best is None:
        raise UnreadableFileError("The file's encoding cannot be told; save it as UTF-8.")
    return data.decode(best.encoding, errors="replace")


def _looks_western(text: str) -> bool:
    foreign = [char for char in text[:200_000] if char > "\x7f"]
    usual = sum(
        char in "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆñáíóúßÑÁÍÓÚåøØÅãõ¿¡’‘“”–—…«»°€£§©®²³·•™\xa0" for char in foreign
    )
    return usual >= 0.9 * len(foreign)
