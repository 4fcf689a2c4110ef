from service.prompting.brands import Sampling
from service.replies.models.parameters import (
    anthropic_parameters,
    compatible_parameters,
    google_parameters,
    openai_parameters,
)

FULL = Sampling(temperature=1.4, top_p=0.9, frequency_penalty=0.5, presence_penalty=0.2, max_tokens=300)


def test_anthropic_gets_neither_penalties_nor_two_ways_to_sample() -> None:
    assert anthropic_parameters("claude", FULL) == {"temperature": 1.0, "max_tokens": 300}
    assert anthropic_parameters("claude", Sampling(top_p=0.9)) == {"top_p": 0.9, "max_tokens": 700}


def test_google_names_the_length_its_own_way() -> None:
    assert google_parameters("gemini", FULL) == {
        "temperature": 1.4, "top_p": 0.9, "frequency_penalty": 0.5, "presence_penalty": 0.2, "max_output_tokens": 300,
    }  # fmt: skip


def test_a_reasoning_model_gets_the_length_only() -> None:
    """OpenAI's reasoning models refuse a request with any other parameter."""
    assert openai_parameters("gpt-5-mini", FULL) == openai_parameters("o3", FULL) == {"max_tokens": 300}
    assert openai_parameters("gpt-4.1", Sampling(temperature=0.2)) == {"temperature": 0.2, "max_tokens": 700}


def test_an_endpoint_of_ones_own_is_told_the_length_under_both_names() -> None:
    """Some local servers know only the older name, and would write without end."""
    assert compatible_parameters("llama", Sampling())["extra_body"] == {"max_tokens": 700}
