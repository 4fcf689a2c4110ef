from pathlib import Path

import pytest

from service.domain import Usage
from service.errors import ConfigurationError
from service.replies.models.prices import SHIPPED, Price, read_prices

OWN = """
prices:
  - provider: openai
    source: our contract
    models: {gpt-4.1-mini: {input: 1, output: 2}, llama: {input: 0, output: 0}}
"""


def test_a_cost_is_tokens_by_price() -> None:
    assert Price(input=0.4, output=1.6).of(Usage(prompt_tokens=1000, completion_tokens=500)) == pytest.approx(0.0012)


@pytest.mark.parametrize(
    ("name", "input_usd"),
    [
        ("gpt-4.1", 2.0),
        ("gpt-4.1-mini", 0.4),
        ("gpt-4.1-mini-2025-04-14", 0.4),
        ("gpt-4.1-mini-latest", 0.4),
        ("gpt-4.1-gigantic", None),
        ("gpt-4.10", None),
    ],
)
def test_a_dated_name_costs_what_its_model_costs(name: str, input_usd: float | None) -> None:
    """A snapshot has its model's price; a name that merely begins alike has none."""
    price = read_prices().of("openai", name)
    assert (price.input if price else None) == input_usd


def test_the_operators_prices_win(tmp_path: Path) -> None:
    own = tmp_path / "prices.yaml"
    own.write_text(OWN, "utf-8")
    prices = read_prices((SHIPPED, own))
    assert prices.of("openai", "gpt-4.1-mini") == Price(input=1, output=2)
    assert prices.of("openai", "llama") == Price(input=0, output=0)
    assert prices.of("openai", "gpt-4.1") == Price(input=2, output=8)


@pytest.mark.parametrize("text", ["prices: [{provider: openai}]", "prices: {", "{}"])
def test_a_broken_table_is_named(tmp_path: Path, text: str) -> None:
    """A slip in the operator's table is a sentence with the file's name."""
    own = tmp_path / "ours.yaml"
    own.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"ours\.yaml"):
        read_prices((own,))
