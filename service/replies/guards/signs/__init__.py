"""Signs in words: lists of patterns in the files beside this one, for whoever knows the customers to read and edit."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml


def read_signs(name: str) -> dict[str, Any]:
    """Return the lists of `<name>.yaml`, with `<word>` replaced by the list of that name under `words`."""
    lists = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    words = {word: any_of(forms).pattern for word, forms in lists.pop("words", {}).items()}
    return {key: _filled(value, words) for key, value in lists.items()}


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of *patterns*; with none of them, nothing is found."""
    return re.compile("(?:" + "|".join(patterns) + ")" if (patterns := list(patterns)) else r"(?!)", re.MULTILINE)


def _filled(value: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, str):
        return re.sub(r"<(\w+)>", lambda word: words.get(word[1], word[0]), value)
    if isinstance(value, dict):
        return {key: _filled(each, words) for key, each in value.items()}
    return [_filled(each, words) for each in value]
