from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Message, Sender, Ticket
from service.replies.question.condensing import MAX_CHARS, condense

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def ticket(*texts: str, subject: str | None = None) -> Ticket:
    """Make a conversation; what begins with "> " is the agent's."""
    messages = tuple(
        Message(sender=Sender.AGENT if text.startswith("> ") else Sender.CUSTOMER, text=text.removeprefix("> "))
        for text in texts
    )
    return Ticket(brand="b", messages=messages, subject=subject)


def test_courtesies_are_no_part_of_the_question() -> None:
    """Greetings, thanks and signatures do not steer the search."""
    asked = (
        "Bonjour Madame,\n\nMon colis n’est pas arrivé alors qu’il est indiqué livré.\n\nMerci d’avance,\nCordialement"
    )
    assert condense(ticket(asked)) == "Mon colis n’est pas arrivé alors qu’il est indiqué livré."


def test_quoted_mail_is_no_part_of_the_question() -> None:
    """What a mail program puts below an answer was said before, by others."""
    below = "Le lun. 23 nov. 2026 à 09:12, Aide <aide@example.com> a écrit :\n> Votre retour est accepté."
    assert condense(ticket(f"Où déposer mon colis de retour ?\n\n{below}")) == "Où déposer mon colis de retour ?"
    assert condense(ticket("Where is the drop-off point?\n> Your return is accepted.\n-- \nAda")) == (
        "Where is the drop-off point?"
    )


def test_a_short_message_takes_its_topic_along() -> None:
    """ "And for Switzerland?" is searched with what was asked before and with the subject."""
    question = condense(
        ticket("Quels sont les frais de port pour la Belgique ?", "Et la Suisse ?", subject="Re: Livraison")
    )
    assert question == "Livraison Quels sont les frais de port pour la Belgique ? Et la Suisse ?"


@pytest.mark.parametrize(
    ("topic", "follow_up"),
    [
        ("Comment commander une carte cadeau ?", "et pour la carte ?"),
        ("Comment commander une carte cadeau ?", "Combien ça coûte ?"),
        ("J'ai perdu ma carte bancaire.", "Comment la bloquer ?"),
        ("Je cherche un lave-linge encastrable.", "Qu'en est-il des garanties ?"),
        ("Do you ship the espresso machine abroad?", "what about refunds"),
        ("Do you ship the espresso machine abroad?", "How much is it?"),
        ("Do you ship the espresso machine abroad?", "And to Canada?"),
        ("Which espresso machines do you sell?", "Can I return them?"),
    ],
)
def test_a_follow_up_is_searched_with_what_it_is_about(topic: str, follow_up: str) -> None:
    """Pronouns and "what about" point at the last message that says what this is about, past the agent's answer."""
    assert condense(ticket(topic, "> Bien sûr. Of course.", follow_up)) == f"{topic} {follow_up}"
    assert condense(ticket(topic, "> Yes.", "OK", "> Else?", follow_up)).endswith(follow_up)


@pytest.mark.parametrize(
    "alone",
    [
        "Comment puis-je annuler ma commande avant l'expédition ?",
        "Factures",
        "Il faut combien de jours pour la livraison en Corse ?",
        "Invoices",
        "How do I reset the password of my account?",
        "I changed the filter of my vacuum cleaner but it still smells of dust",
    ],
)
def test_a_new_question_is_searched_alone(alone: str) -> None:
    """A message that names what it asks about is not mixed with the subject before."""
    assert condense(ticket("Where is my parcel to Lyon?", "> In Lyon.", alone)) == alone


def test_an_answer_is_searched_with_the_agents_question() -> None:
    """ "Yes, please" asks for what the agent offered; nothing else of the agent's words is searched."""
    conversation = ("My kettle leaks.", "> I am sorry. Shall I explain how to order a new seal?", "Yes please")
    assert condense(ticket(*conversation)) == "Shall I explain how to order a new seal? Yes please"
    assert "seal" not in condense(ticket(*conversation[:2], "How long is it under warranty?"))


def test_what_was_settled_is_left_out() -> None:
    """After "it works now", or thanks with a new subject, the old subject steers nothing."""
    for ending in ("Merci, c'est réglé !", "That solved it, thanks", "Parfait, bonne journée"):
        assert condense(ticket("My kettle leaks.", "> Try a seal.", ending, "How much is it?")) == "How much is it?"
    assert condense(ticket("My kettle leaks.", "> Try a seal.", "Thanks!", "Invoices")) == "Invoices"
    thanked = ticket("Frais pour Rome ?", "> 5 €", "Merci !", "Et pour Oslo ?")
    assert condense(thanked) == "Frais pour Rome ? Et pour Oslo ?"


@pytest.mark.parametrize("ending", ["Thank you", "Merci beaucoup !", "No, that's all, goodbye", "Bonne journée"])
def test_thanks_ask_nothing_anew(ending: str) -> None:
    """Who says thanks or goodbye is not answered with the same article again."""
    assert condense(ticket("My kettle leaks.", "> Anything else?", ending)) == ending


def test_a_long_silence_ends_a_matter() -> None:
    """A month later the customer writes about something else; a week later about the same."""

    def after(days: int) -> str:
        first = Message(sender=Sender.CUSTOMER, text="My kettle leaks.", at=NOON)
        last = Message(sender=Sender.CUSTOMER, text="How much is it?", at=NOON + timedelta(days=days))
        return condense(Ticket(brand="b", messages=(first, last)))

    assert after(7) == "My kettle leaks. How much is it?"
    assert after(40) == "How much is it?"


def test_a_message_of_courtesies_only_is_still_a_question() -> None:
    """A customer who only says hello is not answered with an error."""
    assert condense(ticket("Bonjour")) == "Bonjour"


def test_a_letter_keeps_its_beginning_and_its_end() -> None:
    """A long letter tells first and asks last; the middle goes."""
    question = condense(ticket("It began in May. " + "And then more happened. " * 200 + "Can I have my money back?"))
    assert question.startswith("It began in May.")
    assert question.endswith("Can I have my money back?")
    assert len(question) <= MAX_CHARS


SENDERS = st.sampled_from([Sender.CUSTOMER, Sender.AGENT, Sender.ASSISTANT])
TIMES = st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC))
COMMON = ["and", "it", "et", "elle", "how", "carte", "frais", "refund", "merci", "réglé", "?", ">", "--", "bye"]
WORDS = st.lists(st.sampled_from(COMMON), max_size=12)
TEXTS = st.text(max_size=80) | WORDS.map(" ".join) | WORDS.map("\n".join)
MESSAGES = st.lists(st.builds(Message, sender=SENDERS, text=TEXTS, at=TIMES), max_size=6)


@given(MESSAGES, st.builds(Message, sender=st.just(Sender.CUSTOMER), text=TEXTS, at=TIMES), st.none() | TEXTS)
def test_the_question_is_bounded_and_never_empty(earlier: list[Message], last: Message, subject: str | None) -> None:
    """Whatever was said before, the question has words when the message has, stays short, and is always the same."""
    asked = Ticket(brand="b", messages=(*earlier, last), subject=subject)
    question = condense(asked)
    assert len(question) <= MAX_CHARS
    assert bool(question.strip()) or not last.text.strip()
    assert question == condense(asked)


@given(MESSAGES, st.lists(st.sampled_from(COMMON[:8]), min_size=1, max_size=30))
def test_the_last_messages_words_are_always_searched(earlier: list[Message], said: list[str]) -> None:
    """What is carried over stands in front; the customer's own last words all stay."""
    last = Message(sender=Sender.CUSTOMER, text=" ".join(said))
    assert condense(Ticket(brand="b", messages=(*earlier, last))).endswith(" ".join(said))
