from service.replies.extractive.extracts import Extract
from service.replies.extractive.selection import MAX_SENTENCES, Asked, select


def extract(passage: int, position: int, *lines: str, leans: bool = False) -> Extract:
    return Extract(passage, position, lines, leans)


CARD = extract(1, 0, "Le remboursement par carte arrive sous 5 jours ouvrés.")
RUNS = extract(1, 1, "Il court à partir de la réception du retour.", leans=True)
BANK = extract(1, 2, "Le remboursement par virement arrive sous 10 jours ouvrés.")
AGAIN = extract(2, 0, "Le remboursement par carte arrive sous 5 jours ouvrés !")
LAMPS = extract(3, 0, "Les lampes sont garanties 5 ans.")
ALL = (CARD, RUNS, BANK, AGAIN, LAMPS)


def chosen(question: str, *candidates: Extract) -> tuple[Extract, ...]:
    topics = {1: "Remboursements\n", 2: "Foire aux questions\n", 3: "Garanties\n"}
    return select([Asked(question, question, "fr", topics, {})], candidates)[0]


def test_the_answer_comes_from_the_article_that_answers_and_is_said_once() -> None:
    """What two articles say alike is written once, and another subject stays out."""
    picked = chosen("Quand arrive le remboursement par carte ?", *ALL)
    assert CARD in picked
    assert AGAIN not in picked
    assert LAMPS not in picked


def test_a_leaning_sentence_never_stands_without_its_support() -> None:
    """ "Il court…" is written only after the sentence that says what "il" is."""
    picked = chosen("À partir de quand court la réception du retour ?", *ALL)
    assert picked.index(CARD) < picked.index(RUNS)
    assert RUNS not in chosen("À partir de quand court la réception du retour ?", RUNS, LAMPS)


def test_a_lone_sentence_gets_its_neighbour() -> None:
    """Two sentences answer better than one: the one after it, or before when it is the last."""
    other = extract(1, 3, "Rien de tel ne vaut pour un cadeau.")
    assert chosen("virement ?", BANK, other) == (BANK, other)
    assert (
        chosen("garanties lampes ?", extract(3, 0, "Une facture suffit."), extract(3, 1, *LAMPS.lines))[0].position == 0
    )


def test_a_reply_stays_short() -> None:
    """However much matches, a reply has at most so many sentences, in the author's order."""
    many = [extract(1, place, f"Le remboursement numéro {place} du lot {place * 7} arrive.") for place in range(12)]
    picked = chosen("remboursement ?", *many)
    assert 2 <= len(picked) <= MAX_SENTENCES
    assert [each.position for each in picked] == sorted(each.position for each in picked)


def test_nothing_to_say_is_nothing() -> None:
    """Without an extract, or without one that touches the question, there is no answer."""
    assert chosen("remboursement ?") == ()
    assert chosen("vélos électriques ?", LAMPS) == ()


def test_an_open_question_is_not_answered_with_yes() -> None:
    """ "Oui, …" answers the question that an article put; who asks how much is told something else, if there is any."""
    yes = extract(1, 0, "Oui, le remboursement par carte est gratuit sous 5 jours.")
    assert yes not in chosen("Combien de jours prend le remboursement par carte ?", yes, BANK)
    assert yes in chosen("Le remboursement par carte est-il gratuit ?", yes, LAMPS)
    assert yes in chosen("Combien coûte le remboursement par carte ?", yes)
