"""Words that turn a statement: negations, exceptions, restrictions and pairs of opposites, French and English."""

import re
from functools import lru_cache

NOT, EXCEPT, ONLY = "not", "except", "only"

TURNING = frozenset({NOT, EXCEPT, ONLY})
DENYING = frozenset({"allow", "accept", "inside", "possible", "with"})
"""Kinds whose other side also says no: forbidden, refused, excluded, impossible, without."""

_WORDS = """
not: negated not pas never jamais no none neither nor nothing nobody aucun* nul nulle rien unable
    avoid evite eviter evitez
except: except
only: only solely exclusively seulement uniquement exclusivement
order: avant before prior prealablement anterieur* / apres after ensuite afterwards posterieur*
bound: atleast minimum minimal* / atmost maximum maximal*
more: plus more superieur* above over exceed* higher greater larger longer
    / moins less fewer inferieur* below under lower smaller shorter
often: toujours always systematiquement souvent often generalement usually / never jamais rarement rarely seldom
with: avec with / sans without
free: gratuit* free offert offerte offerts offertes / payant* paid chargeable factur*
inside: inclu* compris comprise comprises / exclu*
allow: autoris* permet* permis permise* allow* permit* / interdi* forbid* prohibit* defendu* deny denied denies
accept: accept* approuv* approv* / refus* reject* rejet* declin*
must: obligatoire* mandatory required compulsory necessaire* necessary / facultati* optional*
open: ouver* ouvr* open* / ferm* close closed closes closing
rise: augment* increas* hauss* raise raised raises / diminu* redui* reduction* decreas* reduc* baiss*
active: activ* enabl* / desactiv* disabl* deactivat* inactiv*
first: premier* first / dernier* last final
begin: debut* start* begin* commenc* / fin finit finir end ends ended ending termin*
valid: valide valides valid / invalid*
public: public publics publique publiques / prive privee prives privees private
internal: interne* internal inbound entrant* / externe* external outbound sortant*
success: succes success* succeed* reussi* / echec* echou* fail*
automatic: automati* / manuel* manual*
add: ajout* add adds added adding / supprim* retir* remov* delet*
possible: possible possibles / impossible impossibles
easy: facile* easy easily simple / difficil* difficult* hard
same: identique* same identical / different differente*
legal: legal* licite* lawful* / illega* illicite* unlawful*
whole: entier* total totale totalement entire* full* complet* all tous tout toute toutes / partiel* partial* partly
individual: individuel* individual* personnel* / collecti*
day: jour journee day daytime / nuit night overnight
"""
"""A star stands for any ending; a slash parts opposites. Words are levelled; `polarity` joins phrases."""


@lru_cache(maxsize=65536)
def turns(word: str) -> tuple[tuple[str, int], ...]:
    """Return the kinds to which a levelled *word* belongs, each with its side: 1, or -1 for what a slash precedes."""
    if word[-1:] in _SIDES:
        return ((word[:-1], _SIDES[word[-1]]),)
    return tuple((kind, side) for kind, side, pattern in _KINDS if pattern.fullmatch(word))


def turned_round(kind: str, side: int) -> str:
    """Return what stands for the other side of a kind as a word."""
    return f"{kind}{'+' if side < 0 else '-'}"


def _read() -> list[tuple[str, int, re.Pattern[str]]]:
    kinds = []
    for line in re.sub(r"\n\s+", " ", _WORDS.strip()).splitlines():
        kind, _, listed = line.partition(": ")
        for side, words in zip((1, -1), listed.split(" / "), strict=False):
            kinds.append((kind, side, re.compile("|".join(words.split()).replace("*", r"\w*"))))
    return kinds


_SIDES = {"+": 1, "-": -1}
_KINDS = _read()
