import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.errors import PromptError
from service.prompting.brands import Brand, parse_brand

PROMPTS = Path(__file__).parents[2] / "prompts"
LUNE = (PROMPTS / "brands" / "maison-lune.yaml").read_text("utf-8")


def lune(replaced: str = "", by: str = "") -> Brand:
    assert replaced in LUNE
    return parse_brand("maison-lune", LUNE.replace(replaced, by))


@pytest.mark.parametrize(
    ("utc_hour", "greeting"), [(3, "Bonsoir Ana,"), (4, "Bonjour Ana,"), (16, "Bonjour Ana,"), (17, "Bonsoir Ana,")]
)
def test_the_greeting_follows_the_hour_where_the_brand_is(utc_hour: int, greeting: str) -> None:
    """In Paris evening begins at 18:00, which is 17:00 UTC in November, and lasts until five."""
    brand = lune()
    local = brand.local(datetime(2026, 11, 24, utc_hour, 0, tzinfo=UTC))
    assert brand.voice["fr"].greet("Ana Duarte", local) == greeting


def test_hours_within_one_day_and_over_midnight_are_told_apart() -> None:
    """Good morning from five to noon, Dear in the afternoon, Good evening from six until five."""
    voice, brand = lune().voice["en"], lune()
    said = [voice.greet(None, brand.local(datetime(2026, 11, 24, hour, tzinfo=UTC))) for hour in range(24)]
    assert said == ["Good evening,"] * 4 + ["Good morning,"] * 7 + ["Hello,"] * 6 + ["Good evening,"] * 7


def test_a_closing_may_name_the_customer() -> None:
    """`{name}` in the closing is the first name, and goes with its space when there is none."""
    voice = lune('closing: "Bien à vous,"', 'closing: "Belle journée {name},"').voice["fr"]
    assert voice.close("Ana Duarte") == "Belle journée Ana,"
    assert voice.close(None) == "Belle journée,"


def test_a_topic_may_have_a_message_of_its_own() -> None:
    """An injury is told something else than a wish to speak to a person."""
    voice = lune().voice["fr"]
    assert "au sérieux" in voice.handoff_message("injury")
    assert voice.handoff_message("person") == voice.handoff_message(None) == voice.handoff


def test_a_label_changes_only_what_it_names() -> None:
    """The candidate's temperature is its own; its bound of tokens stays the brand's."""
    brand = lune(
        "candidate: {sampling: {temperature: 0}}", "candidate: {chat_models: ['openai:x'], sampling: {top_p: 0.5}}"
    )
    assert brand.sampling_for("production") == brand.sampling_for(None) == brand.sampling
    candidate = brand.sampling_for("candidate")
    assert (candidate.temperature, candidate.top_p, candidate.max_tokens) == (0.2, 0.5, 700)
    assert brand.chat_models_for("candidate") == ("openai:x",)
    assert brand.chat_models_for("production") == ()


def test_the_disclosure_is_written_where_the_brand_asks_for_it() -> None:
    """A list of channels names where replies say that they are automatic; an empty one means everywhere."""
    assert lune().discloses_on("email")
    assert not lune().discloses_on("chat")
    assert not lune().discloses_on(None)
    assert lune("disclosure_channels: [email]", "").discloses_on("chat")


@pytest.mark.parametrize(
    ("replaced", "by", "named"),
    [
        ("timezone: Europe/Paris", "timezone: Paris/Europe", "timezone: no such time zone"),
        ("languages: [fr, en]", "languages: [fr, en, de]", "no voice for the language de"),
        ('greeting: "Bonjour {name},"', 'greeting: "Bonjour,"', "a greeting holds"),
        ('      injury: "Nous', '      injuries: "Nous', "injuries"),
        ("18:00-05:00", "18h-5h", "at_hours.0.hours"),
        ("send: false", "sends: false", "sends"),
        ("temperature: 0.2", "temperature: 3", "sampling.temperature"),
        ("unsupported: drop", "unsupported: perhaps", "unsupported"),
        ("order_id:", "Order Id:", "variables.Order Id"),
        ("send: false", "send: oui", "line 59: send: it is true or false"),
        ("disclosure_channels:", "disclosure_chanels:", "line 54: disclosure_chanels: .* did you mean disclosure_ch"),
        ("    closing: ", "    colsing: ", "voice.fr.colsing: there is no such key; did you mean closing"),
        ("send: false", "signature: Lune", "signature: .* its place is voice.<language>.signature"),
        ("temperature: 0.2", "temperature: 0,2", "look for a comma in a number"),
        ("languages: [fr, en]", "languages: fr", "languages: it is a list"),
        ("name: Maison Lune", "name: Maison: Lune", "line 2: a colon stands where none can"),
    ],
)
def test_a_wrong_key_is_named(replaced: str, by: str, named: str) -> None:
    """The error of a brand file says at which line which key is wrong, and what was probably meant."""
    with pytest.raises(PromptError, match=r"brands/maison-lune\.yaml") as caught:
        lune(replaced, by)
    assert re.search(named, caught.value.detail)
