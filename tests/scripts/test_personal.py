"""Our own labelled tickets: what is personal is hidden, what is business stays."""

from collections import Counter

from stdnum import iban, luhn
from stdnum.fr import nir

from scripts.measures.reply_log.personal import measure_own, own_cases


def test_the_set_is_large_and_its_numbers_could_be_real() -> None:
    """At least 150 tickets, most of them French, with more business values than personal ones; check digits hold."""
    cases = own_cases()
    kinds = Counter(label.kind for case in cases for label in case.labels)
    values = {kind: [case.text[each.start : each.end] for case in cases for each in case.labels if each.kind == kind]
              for kind in kinds}  # fmt: skip

    assert len(cases) >= 150
    assert sum(case.language == "fr" for case in cases) >= 100
    assert kinds["KEEP"] > sum(kinds.values()) / 2
    assert min(kinds[kind] for kind in ("NAME", "ADDRESS", "PHONE", "EMAIL", "IBAN", "CARD", "ID")) >= 5
    assert all(iban.is_valid(each) for each in values["IBAN"])
    assert all(luhn.is_valid("".join(filter(str.isdigit, each))) for each in values["CARD"])
    assert sum(nir.is_valid(each) for each in values["ID"]) >= 3


def test_nothing_personal_is_left_and_nothing_else_is_taken() -> None:
    """Every value is hidden to its last letter, every order number and amount stays."""
    figures = measure_own()
    assert {name: share for name, share in figures.items() if name.startswith("recall")} == dict.fromkeys(
        (name for name in figures if name.startswith("recall")), 1.0
    )
    assert (figures["precision"], figures["kept"]) == (1.0, 1.0)
