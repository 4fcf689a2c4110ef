import pytest

from service.domain import ReasonCode
from service.replies.guards.mood import moods


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Je n’ai plus envie de vivre.", ReasonCode.CUSTOMER_IN_DANGER),
        ("I want to kill myself.", ReasonCode.CUSTOMER_IN_DANGER),
        ("Mon avocat prendra contact avec vous.", ReasonCode.LEGAL_THREAT),
        ("I am going to sue you.", ReasonCode.LEGAL_THREAT),
        ("Je veux parler à un vrai conseiller.", ReasonCode.PERSON_REQUESTED),
        ("Let me talk to a human please", ReasonCode.PERSON_REQUESTED),
        ("Mon mari est décédé le mois dernier.", ReasonCode.VULNERABLE_CUSTOMER),
        ("My mother passed away.", ReasonCode.VULNERABLE_CUSTOMER),
        ("J’ai perdu mon emploi.", ReasonCode.VULNERABLE_CUSTOMER),
        ("I can't afford to eat this month", ReasonCode.VULNERABLE_CUSTOMER),
        ("I am 14 years old", ReasonCode.VULNERABLE_CUSTOMER),
        ("C’est inadmissible, j’en ai assez", ReasonCode.ANGRY_CUSTOMER),
        ("This is a disgrace!!!", ReasonCode.ANGRY_CUSTOMER),
    ],
)
def test_what_a_customer_shows_is_read(text: str, code: ReasonCode) -> None:
    """Danger, hardship, anger, legal threats and the wish for a person are recognised in French and English."""
    assert code in moods([text])


@pytest.mark.parametrize(
    "text",
    [
        "Comment saisir le tribunal ?",
        "La batterie est morte, où en commander une ?",
        "My account was disabled, how do I sign in?",
        "Où est mon colis ?",
        "Which number do I call?",
        "Que faire si je ne trouve pas la case « Je ne suis pas un robot » ?",
    ],
)
def test_an_ordinary_question_shows_nothing(text: str) -> None:
    """Words that only look alarming raise no reason."""
    assert moods([text]) == ()
