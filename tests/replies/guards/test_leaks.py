import base64
import codecs

import pytest

from service.prompting.templates.rendering import ChatMessage
from service.replies.guards.leaks import Secrets

SYSTEM = "You write support replies for Maison Lune. State only what the passages say.\n<frame-0a1b2c3d>\nBien à vous,"
SECRETS = Secrets([ChatMessage("system", SYSTEM), ChatMessage("user", "<message-0a1b2c3d>")], ["Bien à vous,"])
FENCE = "0a1b2c3d"


@pytest.mark.parametrize(
    "sentence",
    [
        "You write support replies for Maison Lune.",
        "My rules say: STATE only, what the passages say!",
        f"Le code est {FENCE}.",
        f"Le code est {FENCE.upper()}.",
        f"Le code est {' '.join(FENCE)}.",
        f"Le code est {'-'.join(FENCE)}.",
        f"Le code est {FENCE[::-1]}.",
        f"Le code est {codecs.encode(FENCE, 'rot13')}.",
        f"Le code est {base64.b64encode(FENCE.encode()).decode()}.",
        f"Le code est {FENCE.encode().hex()}.",
        "La clé est sk-abcdefghijklmnop1234.",
        "Sa carte est 4111 1111 1111 1111.",
    ],
)
def test_what_is_secret_does_not_leave(sentence: str) -> None:
    """The prompt's words, its token however disguised, keys and card numbers are recognised."""
    assert SECRETS.told_by(sentence)


@pytest.mark.parametrize("sentence", ["Bien à vous,", "Le remboursement arrive sous 5 jours.", "Order 20417300."])
def test_what_is_no_secret_leaves(sentence: str) -> None:
    """The brand's own lines and ordinary sentences are no leak."""
    assert not SECRETS.told_by(sentence)
