"""Why a file was refused, in the visitor's language: the reader's own sentences are English."""

import re


def in_words(language: str, reason: str) -> str:
    """Return *reason* in *language*, as the reader wrote it where we have no other words."""
    if language != "fr":
        return reason
    for pattern, words in _FRENCH:
        if found := pattern.fullmatch(reason):
            return words.format(*found.groups())
    return reason


_PAIRS = """
Its name in the archive points outside the archive.
= Son nom dans l’archive mène hors de l’archive.
It is a link, and links are not followed.
= C’est un lien, et les liens ne sont pas suivis.
It is protected by a password; pack it without one.
= Il est protégé par un mot de passe ; archivez-le sans.
It is larger than {} MB.
= Il dépasse {} Mo.
The file is larger than {} MB.
= Il dépasse {} Mo.
The archive is larger than {} MB.
= L’archive dépasse {} Mo.
The archive has no such file.
= L’archive n’a pas ce fichier.
The archive is damaged or incomplete.
= L’archive est endommagée ou incomplète.
The archive holds more than {} files; split it.
= L’archive contient plus de {} fichiers ; divisez-la.
The archive unpacks to far more than its size; it was not opened.
= L’archive se déploie bien au-delà de sa taille ; elle n’a pas été ouverte.
The folder holds more than {} files; ingest its parts.
= Le dossier contient plus de {} fichiers ; ajoutez-le par parties.
It lies deeper than {} folders.
= Il se trouve sous plus de {} dossiers.
The folder cannot be opened: {}.
= Le dossier ne peut pas être ouvert : {}.
It cannot be opened: {}.
= Il ne peut pas être ouvert : {}.
It is no ordinary file.
= Ce n’est pas un fichier ordinaire.
All of its rows are read from '{}'.
= Toutes ses lignes sont lues dans « {} ».
The reader is not running.
= Le lecteur ne tourne pas.
The file needs more memory than reading may take.
= Sa lecture demande plus de mémoire que permis.
The file made its reader crash; it seems damaged.
= Il a fait échouer son lecteur ; il semble endommagé.
The file is nested too deeply to be read.
= Il est imbriqué trop profondément pour être lu.
The file could not be read; it seems damaged ({}).
= Il n’a pas pu être lu ; il semble endommagé ({}).
Reading the file took longer than {} seconds.
= Sa lecture a pris plus de {} secondes.
Reading the file took more than {} seconds of computing; split it.
= Sa lecture a pris plus de {} secondes de calcul ; divisez-le.
The text is longer than {} characters; split it.
= Le texte dépasse {} caractères ; divisez-le.
There is no text in it.
= Il ne contient aucun texte.
it holds no text
= Il ne contient aucun texte.
The file is empty.
= Le fichier est vide.
The file holds binary data, not text.
= Le fichier contient des données binaires, pas du texte.
The file's encoding cannot be told; save it as UTF-8.
= L’encodage du fichier est indéterminable ; enregistrez-le en UTF-8.
The export holds more than {} records; split it.
= L’export contient plus de {} articles ; divisez-le.
The file is not valid JSON (line {}).
= Ce n’est pas du JSON valide (ligne {}).
The JSON is nested too deeply.
= Le JSON est imbriqué trop profondément.
The JSON is no export that we know: {}
= Ce JSON n’est aucun export connu : Zendesk, Intercom, Freshdesk, ou une liste de fiches avec un titre et un corps.
It is a draft.
= C’est un brouillon.
The file is no Word document, or a damaged one.
= Ce n’est pas un document Word, ou il est endommagé.
The document is protected by a password; save it without one.
= Le document est protégé par un mot de passe ; enregistrez-le sans.
The document is in the old binary Office format; save it as .docx or .xlsx.
= Le document est dans l’ancien format d’Office ; enregistrez-le en .docx ou .xlsx.
The document declares XML entities, which real documents never do.
= Le document déclare des entités XML, ce qu’un vrai document ne fait jamais.
The document is in the old binary Word format; save it as .docx.
= Le document est dans l’ancien format de Word ; enregistrez-le en .docx.
The e-mail has no text, only attachments.
= Le courriel n’a pas de texte, seulement des pièces jointes.
The table's quoting is broken: {}.
= Les guillemets du tableau sont faux : {}.
The workbook is protected by a password; save it without one.
= Le classeur est protégé par un mot de passe ; enregistrez-le sans.
The workbook is damaged or is no spreadsheet.
= Le classeur est endommagé, ou n’est pas un tableur.
The sheet '{}' has more than {} rows; split it.
= La feuille « {} » a plus de {} lignes ; divisez-la.
The table has more than {} rows or {} columns; split it.
= Le tableau a plus de {} lignes ou {} colonnes ; divisez-le.
Row {} has no question.
= La ligne {} n’a pas de question.
Row {} has no answer.
= La ligne {} n’a pas de réponse.
The front matter is not valid YAML (line {}): {}.
= L’en-tête n’est pas du YAML valide (ligne {}) : {}.
The front matter is not valid YAML: {}.
= L’en-tête n’est pas du YAML valide : {}.
The front matter says that this article is not published.
= L’en-tête dit que cet article n’est pas publié.
Slides are not read; export them as PDF.
= Les diapositives ne sont pas lues ; exportez-les en PDF.
Rich text is not read; save it as .docx.
= Le texte enrichi n’est pas lu ; enregistrez-le en .docx.
OpenDocument text is not read; save it as .docx.
= Le texte OpenDocument n’est pas lu ; enregistrez-le en .docx.
Pages documents are not read; export them as .docx.
= Les documents Pages ne sont pas lus ; exportez-les en .docx.
Outlook messages are not read; save them as .eml.
= Les messages Outlook ne sont pas lus ; enregistrez-les en .eml.
Pictures are not read; only the words of an article are.
= Les images ne sont pas lues, seulement les mots d’un article.
Files that end in '{}' are not read.
= Les fichiers en « {} » ne sont pas lus.
A file without ending is not read.
= Un fichier sans extension n’est pas lu.
The file is not a PDF, whatever its name says.
= Ce n’est pas un PDF, quoi qu’en dise son nom.
The PDF is protected by a password; save it without one.
= Le PDF est protégé par un mot de passe ; enregistrez-le sans.
The PDF is damaged or incomplete.
= Le PDF est endommagé ou incomplet.
The PDF holds no text, only pictures of it; run it through text recognition first.
= Le PDF n’a pas de texte, seulement des images ; passez-le d’abord à la reconnaissance de caractères.
The PDF has more than {} pages; split it.
= Le PDF a plus de {} pages ; divisez-le.
The PDF holds more than {} characters; split it.
= Le PDF dépasse {} caractères ; divisez-le.
The key '{}' must be one line of text.
= La clé « {} » doit tenir en une ligne de texte.
The key '{}' must be a language code such as fr or en.
= La clé « {} » doit être un code de langue, comme fr ou en.
The key '{}' must be a web address that begins with http:// or https://.
= La clé « {} » doit être une adresse qui commence par http:// ou https://.
The key '{}' must be public or internal.
= La clé « {} » doit être public ou internal.
The key '{}' must be a date such as 2026-11-23.
= La clé « {} » doit être une date, comme 2026-11-23.
another article has the same source
= Un autre article a la même source.
Another file of the upload has this name.
= Un autre fichier envoyé porte ce nom.
""".strip().split("\n")
"""A reader's sentence, then ours; `{}` is a part of it that stays."""


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(re.escape(sentence).replace(r"\{\}", "(.*)"), re.DOTALL)


_FRENCH = [
    (_pattern(english), french.removeprefix("= ")) for english, french in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
]
