from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain import Article, Customer, Message, Sender, Ticket
from service.knowledge.reading.folder import read_path
from service.prompting.files import PromptFiles
from service.prompting.language import FaultCode, Manner, detect_language, faults, is_foreign, register_faults
from service.prompting.prompts import Prompt, PromptText, build_prompt
from service.replies.text.sentences import split_sentences

ROOT = Path(__file__).parents[3]
FILES = PromptFiles(ROOT / "prompts")


def prompt(brand_id: str) -> Prompt:
    tone = FILES.brand(brand_id).tone
    text = PromptText(FILES.template_text(), brand_id, FILES.brand_text(brand_id), tone, FILES.tone_text(tone))
    return build_prompt(text, "production")


def spoken_lines() -> Iterator[tuple[str, str, str]]:
    """Yield brand, language and each line that a customer of a shipped brand may read."""
    ticket = Ticket(
        brand="b",
        messages=(Message(sender=Sender.CUSTOMER, text="?"),),
        customer=Customer(name="Ana"),
        channel="email",
    )
    for brand_id in FILES.brand_ids():
        brand = FILES.brand(brand_id)
        for language in brand.languages:
            voice = brand.voice[language]
            named = prompt(brand_id).frame(language, ticket.customer.name if ticket.customer else None)
            lines = {*named.lines, *prompt(brand_id).frame(language, None).lines, voice.handoff}
            lines |= set(voice.handoff_for.values()) | ({voice.disclosure} if voice.disclosure else set())
            yield from ((brand_id, language, line) for line in sorted(lines))


@pytest.mark.parametrize(("brand_id", "language", "line"), list(spoken_lines()))
def test_the_shipped_brands_speak_as_they_ask_others_to(brand_id: str, language: str, line: str) -> None:
    """No line of a shipped brand breaks its own register, words, language or typography."""
    assert faults(line, Manner.of(FILES.brand(brand_id).voice[language], language)) == ()


@pytest.mark.parametrize("brand_id", FILES.brand_ids())
def test_the_demo_articles_keep_register_and_language(brand_id: str) -> None:
    """No sentence of the demo articles says tu to a customer, or stands in a language that is not its article's."""
    for article in read_path(ROOT / "knowledge" / brand_id, brand_id):
        assert isinstance(article, Article)
        language = article.language or detect_language(article.text, ("fr", "en")) or ""
        if language == "fr":
            assert register_faults(f"{article.title}\n\n{article.text}", "fr", "formal") == (), article.source
        foreign = [article.text[start:end] for start, end in split_sentences(article.text)]
        assert [sentence for sentence in foreign if is_foreign(sentence, language)] == [], article.source


def test_a_fault_code_is_one_word() -> None:
    """Codes are stable words that machines may read."""
    assert all(code.value.isalpha() for code in FaultCode)
