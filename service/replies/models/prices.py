"""What a chat model's tokens cost: a table that the operator may edit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.domain import Usage
from service.errors import ConfigurationError

SHIPPED = Path(__file__).with_name("prices.yaml")
_MILLION = 1_000_000
_CHARS_PER_TOKEN = 4
"""For providers that report no usage: English has about 4, French a little less."""


class Price(BaseModel):
    """US dollars for a million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)

    def of(self, usage: Usage) -> float:
        """Return US dollars; what the provider did not report counts nothing."""
        return ((usage.prompt_tokens or 0) * self.input + (usage.completion_tokens or 0) * self.output) / _MILLION


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: str
    source: str
    date: str | None = None
    models: dict[str, Price]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    prices: tuple[_Source, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by `provider:name`; the longest entry that the name begins with counts, so that dated names are found."""

    by_name: dict[str, Price]

    def of(self, provider: str, name: str) -> Price | None:
        """Return the model's price, or None when the table does not know it."""
        wanted = f"{provider}:{name}"
        known = [each for each in self.by_name if re.fullmatch(re.escape(each) + r"([-@]\d.*|-latest)?", wanted)]
        return self.by_name[max(known, key=len)] if known else None


def read_prices(files: Iterable[Path] = (SHIPPED,)) -> Prices:
    """
    Return the prices in *files*; a later file's win.

    Raises:
        ConfigurationError: A file is missing, no YAML, or not of the table's form; the message names it.
    """
    by_name: dict[str, Price] = {}
    for file in files:
        try:
            table = _Table.model_validate(yaml.safe_load(file.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
            raise ConfigurationError(f"The price table {file.name} cannot be read as YAML.") from exc
        except ValidationError as exc:
            key = ".".join(map(str, exc.errors(include_input=False)[0]["loc"]))
            raise ConfigurationError(f"The price table {file.name} is wrong at {key or 'its top'}.") from exc
        by_name |= {f"{each.provider}:{name}": price for each in table.prices for name, price in each.models.items()}
    return Prices(by_name)


def estimate_usage(prompt_chars: int, answer_chars: int) -> Usage:
    """Return about how many tokens these are, for a provider that reports none."""
    return Usage(
        prompt_tokens=prompt_chars // _CHARS_PER_TOKEN + 1, completion_tokens=answer_chars // _CHARS_PER_TOKEN + 1
    )
