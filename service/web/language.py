"""Which of the interface's languages a visitor reads: the one chosen before, else the browser's first that we have."""

from starlette.requests import Request

LANGUAGES = ("en", "fr")
"""The first one is the default."""
COOKIE = "aplomb_language"
PARAMETER = "lang"
_MAX_HEADER_CHARS = 500


def interface_language(request: Request) -> str:
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> str:
    """Return the best of ours by quality; equal qualities keep the browser's order."""
    ranked = sorted(map(_ranked, header[:_MAX_HEADER_CHARS].split(",")), key=lambda each: -each[1])
    return next((code for code, quality in ranked if code in LANGUAGES and quality > 0), LANGUAGES[0])


def _ranked(entry: str) -> tuple[str, float]:
    tag, _, quality = entry.partition(";q=")
    try:
        return tag.strip().lower()[:2], float(quality) if quality else 1.0
    except ValueError:
        return "", 0.0
