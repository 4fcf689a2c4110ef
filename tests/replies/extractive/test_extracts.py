from service.replies.extractive.extracts import extracts

ARTICLE = """## Retourner un article

Vous avez 30 jours pour changer d’avis. Ils courent à partir de la livraison. Comment faire ?

Pour préparer le colis :

1. Ouvrez votre compte.
2. Imprimez l’étiquette.

| Zone | Frais |
|---|---|
| France | 4,90 € |

- Emballage
- Le retour est gratuit si l’article était abîmé à son arrivée chez vous.

```
APN internet
```
![photo](https://a.example/x.png)
"""


def test_only_whole_statements_are_taken() -> None:
    """Headings, tables, questions, code, images and lone words never reach a reply; steps stay together."""
    assert [extract.lines for extract in extracts(1, ARTICLE)] == [
        ("Vous avez 30 jours pour changer d’avis.",),
        ("Ils courent à partir de la livraison.",),
        ("Pour préparer le colis :", "1. Ouvrez votre compte.", "2. Imprimez l’étiquette."),
        ("Le retour est gratuit si l’article était abîmé à son arrivée chez vous.",),
    ]


def test_a_sentence_that_leans_on_the_one_before_says_so() -> None:
    """ "Ils courent…" is never quoted without what "ils" are."""
    assert [extract.leans for extract in extracts(1, ARTICLE)] == [False, True, False, False]


def test_numbered_steps_stand_without_a_lead_in_below_their_heading() -> None:
    """A procedure right below its heading is one extract that knows the heading."""
    found = extracts(1, "Tell us early, please.\n\n## How to book\n\n1. Open the app.\n2. Choose a day.\n")
    assert [(extract.heading, len(extract.lines)) for extract in found] == [("", 1), ("How to book", 2)]
