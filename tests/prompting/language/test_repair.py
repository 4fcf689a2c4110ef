from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.prompting.language import FaultCode, Manner, faults, frame_faults, repair, typeset, vocabulary_faults
from service.prompting.language.fault import mend
from service.replies.text.plain import plain

NB, THIN = "\u00a0", "\u202f"
FRENCH = Manner("fr")
ENGLISH = Manner("en")
SHOP = Manner(
    "fr", "formal", avoid=("pas de souci",), prefer={"mail": "e-mail", "ticket": "demande", "lampe": "luminaire"}
)

_WRITTEN = """
« » “ ” " ' ’ : ; ! ? ... … % € ~ ^ 1 000 1234.50 €20 9h30 24/11/2026 31/02/2026 2026-11-24 2ème 1ère n°5 01 janvier
Mars l' d' mot Tu votre - * ** _ ` | ( ) [1] https://a.example/x?y=1: a@b.example LK-558201 {name} don't It's gonna mail
Mails TICKET lampes hey , .
"""
PIECES = st.sampled_from(_WRITTEN.split()) | st.sampled_from([" ", "  ", NB, THIN, "\n", "\n\n"])
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=25).map("".join) | st.lists(PIECES, max_size=25).map(" ".join)
MANNERS = st.sampled_from([FRENCH, ENGLISH, SHOP, Manner("en", "informal", prefer={"mail": "e-mail"}), Manner("de")])


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("Bonjour : ça va ? Oui !", f"Bonjour{NB}: ça va{THIN}? Oui{THIN}!"),
        ("Bien; merci: à vous!", f"Bien{THIN}; merci{NB}: à vous{THIN}!"),
        ('L\'adresse d\'"Ana" est "ok"...', f"L’adresse d’«{NB}Ana{NB}» est «{NB}ok{NB}»…"),
        ("«Bonjour» dit “Ana”", f"«{NB}Bonjour{NB}» dit «{NB}Ana{NB}»"),
        ("**Attention:** voir https://a.example/x?y=1: ok", f"**Attention{NB}:** voir https://a.example/x?y=1{NB}: ok"),
        ("À 9h30, à 14:05, 48h, 24h/24", f"À 9{NB}h{NB}30, à 14{NB}h{NB}05, 48{NB}h, 24{NB}h/24"),
        ("le 1 janvier, le 24 Novembre 2026", "le 1er janvier, le 24 novembre 2026"),
        ("le 24/11/2026 ou le 2026-12-01", "le 24 novembre 2026 ou le 1er décembre 2026"),
        ("1234.50 €, 5%, €20, 12 000 €", f"1{THIN}234,50{NB}€, 5{NB}%, 20{NB}€, 12{THIN}000{NB}€"),
        ("1 234 567 clients, 10 kg", f"1{THIN}234{THIN}567 clients, 10{NB}kg"),
        ("la 2ème fois, la 1ère, n°5", f"la 2e fois, la 1re, n°{NB}5"),
        ("un mot , suivi .", "un mot, suivi."),
        ("CHF 20.50, 20.50 CHF, 20,50 $", f"CHF{NB}20.50, 20.50{NB}CHF, 20,50{NB}$"),
        ("1.234,50 €, 3.5 €", f"1{THIN}234,50{NB}€, 3,5{NB}€"),
        ("le 24.11.2026, de 9h-18h", f"le 24 novembre 2026, de 9{NB}h-18{NB}h"),
        ("12kg, 20°C, au XXIème siècle, etc...", f"12{NB}kg, 20{NB}°C, au XXIe siècle, etc."),
        ("M. Dupont et Mme Petit", f"M.{NB}Dupont et Mme{NB}Petit"),
    ],
)
def test_french_is_typeset(written: str, mended: str) -> None:
    """Spaces, quotation marks, apostrophes, dates, hours and amounts are written as French print writes them."""
    assert repair(written, FRENCH) == mended


@pytest.mark.parametrize(
    "written",
    [
        "https://a.example/a?b:c;d!e",
        "écrire à a.b@c.example",
        "`a ? b : c`",
        "```\na ? b : 'c'\n```",
        "[lien](https://a.example/a:b?c)",
        "{name}, {{ brand.name }}",
        "020 7946 0160 et 01 23 45 67 89",
        "le 31/02/2026",
        "article LK-558201, rapport 2026-11-24-a",
        "<a title='x'>",
        "10:30:00",
        "Merci ;)",
        "version 2.0.1, ratio 16:9, std::cout",
        "1'234.50, 5G, 4K",
        "| :--- | ---: |",
    ],
)
def test_addresses_codes_and_markup_stay(written: str) -> None:
    """Nothing is touched that has to stay byte for byte."""
    assert repair(written, FRENCH) == written


def test_a_variable_stays_as_it_was_sent() -> None:
    """The exact value of a variable is never rewritten, whatever it holds."""
    assert (
        repair("Voici l'offre \"l'été\" !", Manner("fr", keep=("l'offre \"l'été\"",)))
        == f"Voici l'offre \"l'été\"{THIN}!"
    )


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("Hey! I'm gonna send it.", "Hello. I am going to send it."),
        ("Don't worry, it's been sent.", "Do not worry, it has been sent."),
        ('We can\'t say "yes" !', "We cannot say “yes”."),
        ("It's 5 % off, they'd say « now »...", "It is 5% off, they would say “now”…"),
        ("The customers' bags", "The customers’ bags"),
        ("Don't you have it? Why isn't it here?", "Do you not have it? Why is it not here?"),
        ("It's shipped today, he's waited, it's arrived.", "It is shipped today, he has waited, it has arrived."),
        ("You shouldn't've paid, where've you been", "You should not have paid, where have you been"),
        ("The parcel's on its way, everything's fine", "The parcel is on its way, everything is fine"),
    ],
)
def test_formal_english_is_mended(written: str, mended: str) -> None:
    """Contractions are written out, slang gets its plain word, marks become English ones."""
    assert repair(written, ENGLISH) == mended


@given(TEXTS, MANNERS)
def test_repairing_twice_changes_nothing(text: str, manner: Manner) -> None:
    """What was repaired is right."""
    once = repair(text, manner)
    assert repair(once, manner) == once
    assert typeset(typeset(text, manner.language), manner.language) == typeset(text, manner.language)


@given(TEXTS, MANNERS)
def test_repairs_are_what_the_faults_say(text: str, manner: Manner) -> None:
    """Each finding is a piece of the text with a message in both languages; none overlaps another."""
    found = [fault for fault in faults(text, manner) if fault.code is not FaultCode.LANGUAGE]
    assert all(fault.en and fault.fr and 0 <= fault.start <= fault.end <= len(text) for fault in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(fault.repair != text[fault.start : fault.end] for fault in found)


@given(TEXTS, st.sampled_from(["fr", "en"]))
def test_a_typeset_quote_is_still_found(text: str, language: str) -> None:
    """Typography changes no word: the passage still says what the sentence says."""
    set_ = typeset(text, language)
    assert "".join(filter(str.isalnum, set_)) == "".join(filter(str.isalnum, text))
    for quote in ("L'article coûte 1 234 € : c'est \"payé\" !", 'It\'s 5 % off : "now" ...'):
        assert plain(quote).locate(typeset(quote, language))


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("Un mail, des Mails, UN MAIL.", "Un e-mail, des E-mails, UN E-MAIL."),
        ("Vos tickets et votre Ticket", "Vos demandes et votre Demande"),
        ("Un e-mail, un mailing, des lampes", "Un e-mail, un mailing, des luminaires"),
    ],
)
def test_preferred_words_keep_case_and_number(written: str, mended: str) -> None:
    """A word gives way to the brand's own, in its case and number, and only where it is the whole word."""
    assert repair(written, SHOP) == mended


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("L’e-mail, d'e-mails, cet e-mail", "Le courriel, de courriels, ce courriel"),
        (
            "le texte de l'e-mail, suite à l’e-mail, à cet e-mail",
            "le texte du courriel, suite au courriel, à ce courriel",
        ),
        (
            "le forfait, du forfait, ce forfait, au forfait",
            "l’abonnement, de l’abonnement, cet abonnement, à l’abonnement",
        ),
        ("L’anomalie de l’anomalie", "La panne signalée de la panne signalée"),
        ("un e-mail, votre e-mail", "un courriel, votre courriel"),
    ],
)
def test_the_article_follows_the_preferred_noun(written: str, mended: str) -> None:
    """Elided and contracted little words fit the noun that is put behind them."""
    prefer = {"e-mail": "courriel", "forfait": "abonnement", "anomalie": "panne signalée"}
    assert repair(written, Manner("fr", prefer=prefer)) == mended.replace("'", "’")


def test_an_avoided_word_is_found_and_left_to_people() -> None:
    """Avoided words are found across case, accents and apostrophes; nothing stands in for them."""
    text = "Pas de SOUCI, n'hésitez pas ; les chers clients sont là."
    found = vocabulary_faults(text, "fr", ("pas de souci", "n’hesitez pas", "cher client"), {})
    assert [text[fault.start : fault.end] for fault in found] == ["Pas de SOUCI", "n'hésitez pas", "chers clients"]
    assert all(fault.repair is None for fault in found)


def test_words_that_contradict_each_other_repair_nothing() -> None:
    """When each of two words is to give way to the other, both are reported and neither is written."""
    manner = Manner("en", prefer={"parcel": "package", "package": "parcel"})
    assert repair("A parcel, a package", manner) == "A parcel, a package"
    assert len(faults("A parcel, a package", manner)) == 2


GREETING, CLOSING = "Bonjour Ana,", "Bien à vous,"
WHOLE = "Bonjour Ana,\n\nLe colis arrive demain.\n\nBien à vous,\nL’équipe"


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "Bonjour Ana,\n\nBonjour,\n\nLe colis arrive demain.\n\nBien à vous,\nL’équipe",
        "Le colis arrive demain.\n\nBien à vous,\nL’équipe",
    ],
)
def test_a_reply_greets_once(text: str) -> None:
    """A missing greeting is written, a second one is dropped."""
    assert mend(text, frame_faults(text, "fr", GREETING, CLOSING)) == WHOLE


def test_a_reply_closes_once() -> None:
    """A missing closing is written, and of two the last stays."""
    text = "Bonjour Ana,\n\nLe colis arrive demain."
    closed = mend(text, frame_faults(text, "fr", GREETING, CLOSING))
    assert closed == f"{text}\n\n{CLOSING}"
    twice = f"{text}\n\nCordialement,\n\n{CLOSING}\nL’équipe"
    assert mend(twice, frame_faults(twice, "fr", GREETING, CLOSING)) == f"{closed}\nL’équipe"


@example(lines=[GREETING, GREETING, "", "", GREETING])
@given(st.lists(st.sampled_from([GREETING, CLOSING, "Bonjour,", "Cordialement", "Le colis.", "", "Hi"]), max_size=8))
def test_a_mended_frame_is_whole(lines: list[str]) -> None:
    """Once mended, a reply greets and closes once, and mending again changes nothing."""
    text = "\n".join(lines)
    mended = mend(text, frame_faults(text, "fr", GREETING, CLOSING))
    assert frame_faults(mended, "fr", GREETING, CLOSING) == ()
