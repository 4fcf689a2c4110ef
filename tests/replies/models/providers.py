"""The three providers as a test opens them, each on a server of the test's own."""

from collections.abc import Container, Iterable
from importlib.util import find_spec

import pytest
from _pytest.mark import ParameterSet
from pydantic import SecretStr

from service.settings import Settings

OPENAI, ANTHROPIC, GOOGLE = "openai", "anthropic", "google_genai"
NAMES = {OPENAI: "gpt-4.1-mini", ANTHROPIC: "claude-haiku-4-5", GOOGLE: "gemini-2.5-flash"}
KEYS = {provider: f"sk-canary-{provider}-5f3a9c" for provider in NAMES}

_has_google = find_spec("google") is not None and find_spec("google.genai") is not None
_needs_google = pytest.mark.skipif(not _has_google, reason="the installed langchain-google-genai is older than 4")


def cells(cases: Iterable[str], quick: Container[str] = ()) -> list[ParameterSet]:
    """
    Return provider, case and form (SSE or not) of every combination.

    The *quick* cases run by default: plain for the first provider, as SSE for the others; the rest is slow.
    """
    return [
        pytest.param(
            provider,
            case,
            sse,
            marks=_marks(provider, is_quick=case in quick and sse == (provider != OPENAI)),
            id=f"{case}-{provider}-{'sse' if sse else 'plain'}",
        )
        for case in cases
        for provider in NAMES
        for sse in (False, True)
    ]


def _marks(provider: str, *, is_quick: bool) -> list[pytest.MarkDecorator]:
    return ([_needs_google] if provider == GOOGLE else []) + ([] if is_quick else [pytest.mark.slow])


def settings_of(provider: str, base_url: str, fallbacks: tuple[str, ...] = ()) -> Settings:
    """Return settings whose chat model is *provider*'s, spoken to at *base_url*."""
    return Settings(
        chat_model=f"{provider}:{NAMES[provider]}",
        chat_fallbacks=fallbacks,
        openai_base_url=base_url if provider == OPENAI else None,
        anthropic_base_url=base_url if provider == ANTHROPIC else None,
        google_gemini_base_url=base_url if provider == GOOGLE else None,
        openai_api_key=SecretStr(KEYS[OPENAI]),
        anthropic_api_key=SecretStr(KEYS[ANTHROPIC]),
        google_api_key=SecretStr(KEYS[GOOGLE]),
    )
