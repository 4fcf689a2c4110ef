"""How French and English texts tell whose name follows: introductions, labels, titles, kinship, greetings, closings."""

import re
from collections.abc import Iterator

# Every repetition is bounded: whoever writes a ticket chooses the text.
_WORD = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){0,40}"
_INITIAL = r"[A-ZÀ-Þ]\.(?:-?[A-ZÀ-Þ]\.)?"
_CAPITALISED = rf"(?=[^\W\d_a-zà-ÿ])(?!I\b(?!\.))(?:{_INITIAL}|{_WORD})"
_PARTICLE = r"(?:de|du|des|la|le|van|von|der|den|da|dos|el|al|ben|bin|d['’])"
_MORE = rf"[ \u00a0]{{1,3}}(?:{_PARTICLE}[ \u00a0]{{1,3}}){{0,2}}{_CAPITALISED}"
NAME = rf"{_CAPITALISED}(?:{_MORE}){{0,3}}"
_FULL = rf"{_CAPITALISED}(?:{_MORE}){{1,3}}"
"""A first name and more: where one capitalised word may be anything."""

_KIN_FR = (
    r"mari|femme|épou[sx]e?|fils|fille|père|mère|frère|sœur|soeur|amie?|copaine?|copine|compagn(?:on|e)|conjointe?"
    r"|voisine?|collègue|oncle|tante|cousine?|grand-(?:père|mère)|belle?-(?:père|mère|fille|sœur)|beau-(?:père|frère|fils)"
    r"|nièce|neveu|cliente?|assistante?|patronn?e?"
)
_KIN_EN = (
    r"husband|wife|son|daughter|mother|father|mum|mom|dad|brother|sister|kid|child|partner|(?:boy|girl)?friend|fiancée?"
    r"|neighbou?r|colleague|uncle|aunt|cousin|grand(?:father|mother|son|daughter)|niece|nephew|flatmate|roommate|boss"
)
_STAFF = (
    r"collègue|conseill(?:er|ère)|agente?|technicien(?:ne)?|livreu(?:r|se)|coll(?:aborateur|aboratrice)"
    r"|colleague|agent|advis[eo]r|engineer|representative|driver"
)
_INTRODUCED = re.compile(
    r"(?i:\bje m['’]appelle|\bje suis (?:m\.|mme|monsieur|madame)|\bje soussignée?"
    r"|\bmon (?:pré)?nom(?: complet| de famille)? est|\bau nom de"
    r"|\bà l['’]attention de|\battn\.?:?|\bsignée? par|\bprénommée?s?|\bdénommée?s?"
    r"|\bmy (?:full |first |last |maiden |family )?name is|\b(?:her|his) (?:\w+ )?name is|\bname['’]?s|\bthis is"
    r"|\bon behalf of|\bin the name of|\b(?:signed|accepted) by|\b(?:was|is|were) called"
    rf"|\b(?:mon|ma|mes|notre|nos|son|sa)\s+(?:{_KIN_FR})|\b(?:my|our|his|her)\s+(?:{_KIN_EN})"
    rf"|\b(?:votre|your)\s+(?:{_STAFF}))"
    rf",?[ :\u00a0]{{1,9}}(?P<name>{NAME})"
)
_INTRODUCED_IN_FULL = re.compile(
    r"(?i:\bje suis|\bici|\bc['’]est|\bi['’]m|\bi am|\bit['’]s|\bhere is|\bremise? à|\b(?:j['’]ai )?parlé (?:à|avec)"
    r"|\b(?:spoke|talked) (?:to|with)|\b(?:deliver|hand|handed)(?:ed)? to|\badd|\bajouter|\bprévenir|\bcontacter)"
    rf"[ \u00a0]{{1,9}}(?P<name>{_FULL})"
)
_TITLED = re.compile(
    r"(?<!\w)(?:M\.|Mme|Mlle|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Mm]r\.?|[Mm]rs\.?|Ms\.?|ms\.|Miss|[Dd]r\.?|[Dd]octeur|Me)"
    rf"[ \u00a0]{{1,9}}(?P<name>{NAME})"
)
_LABELLED = re.compile(
    r"^[ \t>*•-]{0,9}(?i:nom(?: et prénom| de famille| complet)?|prénoms?(?: et nom)?|destinataire|titulaire"
    r"|bénéficiaire|expéditeur|contact|signée?|signataire|de|à l['’]attention de|client|name|surname"
    r"|(?:full|first|last|contact|customer) name|customer|recipient|account holder|card ?holder|signed|from|attention)"
    rf"[ \t\u00a0]{{0,9}}:[ \t\u00a0]{{0,9}}(?P<name>{NAME})",
    re.MULTILINE,
)
_HELD = re.compile(
    r"(?i:\b(?:titulaire|bénéficiaire|account holder|card ?holder|name on the \w+)\b[^.:?!\n]{0,50}?\b(?:est|is|to|en))"
    rf"[ \u00a0]{{1,9}}(?P<name>{NAME})"
)
_ASKED = re.compile(
    r"(?i:\b(?:name|nom|prénom)\b[^.?!\n]{0,40}\?\s{0,9}(?:[^\W\d_]{1,20} ?:\s{0,9})?)"
    rf"(?P<name>{NAME})(?=[ \t]{{0,9}}(?:[.,;\n]|$))"
)
_GREETED = re.compile(
    r"(?:^|(?<=[.!?\n]))\s{0,9}(?i:bonjour|bonsoir|salut|coucou|cher|chère|hello|hi|hey|dear"
    r"|good (?:morning|afternoon|evening))"
    rf"[ \u00a0]{{1,9}}(?P<name>{NAME})(?=[ \u00a0]{{0,9}}(?:[,!.\n]|$))"
)
_LIVING = re.compile(
    rf"(?<!\w)(?P<name>{_FULL})(?=[ \u00a0]{{1,9}}(?:habite|réside|demeure|lives? (?:at|on|in)|resides (?:at|on|in))\b)"
)
_CLOSING = (
    r"(?:bien |très )?cordialement|bien (?:à vous|amicalement)|amicalement|respectueusement|cd?lt|sincères salutations"
    r"|salutations(?: distinguées)?|merci(?: d['’]avance| beaucoup)?|à bientôt|bonne (?:fin de )?(?:journée|soirée)"
    r"|bon week-?end|à vous lire|(?:(?:best|kind|warm)(?:est)? )?(?:regards|wishes)|best|sincerely|yours(?: \w+)?"
    r"|thanks(?: in advance| a lot)?|many thanks|thank you|cheers|all the best"
)
_SIGNED = re.compile(
    rf"(?i:{_CLOSING})[ \t]{{0,9}}[,.!]?[ \t]{{0,9}}\n\s{{0,9}}(?P<name>{NAME}\.?)[ \t]{{0,9}}(?=\n|$)"
)
_LAST_LINE = re.compile(rf"\n[ \t]{{0,9}}(?P<name>{_FULL})\s{{0,9}}\Z")
_PATTERNS = (
    _INTRODUCED, _INTRODUCED_IN_FULL, _LABELLED, _HELD, _ASKED, _GREETED, _LIVING, _SIGNED, _LAST_LINE,
)  # fmt: skip
_LINE = re.compile(rf"^[ \t>]{{0,9}}(?P<name>{_FULL})[ \t]{{0,9}}$", re.MULTILINE)

_NEVER = re.compile(
    r"madame|monsieur|mademoiselle|messieurs|mesdames|mr|mrs|ms|miss|dr|mme|mlle|sir|bonjour|bonsoir|merci|clients?|cliente"
    r"|services?|équipe|support|teams?|customers?|care|help|desk|hello|thanks?|regards|sales|manager|order|commande|colis"
    r"|everyone|everybody|all|folks|there|paris|london|france|belgique|suisse|united|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november|december"
    r"|rela[yi]s?|point|poste|chronopost|colissimo|mondial|express|dhl|ups|fedex|dpd|gls|royal|mail|amazon|google|visa"
    r"|mastercard|paypal|sav"
)
"""No word of a name; carriers and houses that everybody writes about among them."""
_NEVER_FIRST = re.compile(
    r"je|nous|vous|votre|notre|le|la|les|une?|cette?|m(?:on|a|es)|[ldci]|the|th(?:is|at)|your|our|it|an?|my|we|you|to"
    r"|envoyé|sent|tous|toute?|très|trop|bien|plus|pas|not|so|very|just|too"
)
"""Not how a name begins, but behind a title: Mme Le Goff."""


def introduced(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands that the words around it tell to be one; the same place may come twice."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if not _is_ordinary(found["name"]):
                yield found.span("name")
    for found in _TITLED.finditer(text):
        if not _has_never(_words(found["name"])):
            yield found.span("name")


def full_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield lines that are a first name and more, and nothing else."""
    for found in _LINE.finditer(text):
        if not _is_ordinary(found["name"]):
            yield found.span("name")


def _is_ordinary(name: str) -> bool:
    words = _words(name)
    return bool(_NEVER_FIRST.fullmatch(words[0])) or _has_never(words)


def _has_never(words: list[str]) -> bool:
    return any(_NEVER.fullmatch(word) for word in words)


def _words(name: str) -> list[str]:
    return [word.strip(".") for word in re.split(r"[ \u00a0'’]+", name.casefold())]
