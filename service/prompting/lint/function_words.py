"""Words that say nothing of a line's matter, without accents; they tell English from French too."""

import unicodedata

_ENGLISH = """
a an and any are as at be by can customer customers do each every for from give has have in is it its keep
make may must of on or our please reply replies say should so that the their them there they this to use very
want we what which will with write you your always also
"""
_FRENCH = """
au aux avec c ce ces cet cette client clients cliente comme d dans de des doit doivent du elle en est et il
ils l la le les leur lui mais on ou par peut pour qu que qui s sa se ses son sont sur toujours tous tout toute
toutes un une utilisez utiliser votre vos vous y repondez reponse reponses faites faire mettez mettre dites
dire ecrivez ecrire nous notre nos
"""

ENGLISH = frozenset(_ENGLISH.split())
FRENCH = frozenset(_FRENCH.split())


def folded(text: str) -> str:
    """Return *text* in small letters without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
