from service.domain import Message, Sender, Ticket
from service.replies.question import condense


def ticket(*texts: str, subject: str | None = None) -> Ticket:
    messages = tuple(Message(sender=Sender.CUSTOMER, text=text) for text in texts)
    return Ticket(brand="b", messages=messages, subject=subject)


def test_courtesies_are_no_part_of_the_question() -> None:
    """Greetings, thanks and signatures do not steer the search."""
    asked = (
        "Bonjour Madame,\n\nMon colis n’est pas arrivé alors qu’il est indiqué livré.\n\nMerci d’avance,\nCordialement"
    )
    assert condense(ticket(asked)) == "Mon colis n’est pas arrivé alors qu’il est indiqué livré."


def test_a_short_message_takes_its_topic_along() -> None:
    """ "And for Switzerland?" is searched with what was asked before and with the subject."""
    question = condense(
        ticket("Quels sont les frais de port pour la Belgique ?", "Et la Suisse ?", subject="Livraison")
    )
    assert question == "Livraison Quels sont les frais de port pour la Belgique ? Et la Suisse ?"


def test_a_message_of_courtesies_only_is_still_a_question() -> None:
    """A customer who only says hello is not answered with an error."""
    assert condense(ticket("Bonjour")) == "Bonjour"
