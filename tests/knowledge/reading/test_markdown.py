"""Markdown files become articles that say what their owner wrote, without the debris of the tool they come from."""

import pytest

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.readers import read


def article(text: str, name: str = "delivery.md") -> Draft:
    draft = next(read(ForeignFile(source=name, data=text.encode())))
    assert isinstance(draft, Draft)
    return draft


def test_front_matter_is_kept() -> None:
    """What the knowledge manager states above an article travels with it."""
    draft = article(
        "---\ntitle: Retours\nurl: https://shop.example/retours\nlanguage: fr-FR\naudience: internal\nproduct: Lampe\n"
        "updated: 2026-11-02\nowner: Léa\nexpires: 2027-01-01\norder: 3\n---\n\nTrente jours.\n"
    )
    assert (draft.title, draft.text, draft.language, draft.audience) == ("Retours", "Trente jours.", "fr", "internal")
    assert (draft.url, draft.product, draft.owner) == ("https://shop.example/retours", "Lampe", "Léa")
    assert (draft.updated, draft.expires) == ("2026-11-02", "2027-01-01")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("audience: everyone but Bob", "audience"),
        ("visibility: perhaps", "visibility"),
        ("updated: soon", "updated"),
        ("expires: 2026-02-31", "expires"),
        ("url: javascript:alert(1)", "url"),
        ("language: French please", "language"),
        ("title: [a, b]", "title"),
    ],
)
def test_wrong_front_matter_names_its_key(line: str, key: str) -> None:
    """A mistake above an article is refused with the name of the key to correct."""
    with pytest.raises(UnreadableFileError, match=f"'{key}'"):
        article(f"---\n{line}\n---\nText.")


def test_broken_yaml_names_its_line() -> None:
    """Front matter that is no YAML is refused with the line where it breaks."""
    with pytest.raises(UnreadableFileError, match="line 3"):
        article("---\ntitle: a\nowner: b: c\n---\nText.")


def test_unpublished_articles_are_refused() -> None:
    """A draft never becomes knowledge."""
    with pytest.raises(UnreadableFileError, match="not published"):
        article("---\ndraft: true\n---\nText.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('# Creating a job<a name="job"></a>\n\nText.', "Creating a job"),
        ("Intro.\n\n# **Late** parcels\n", "Late parcels"),
        ("## Costs\n\nText.\n\n# Later", "Costs"),
        ("```\n# a comment\n```\n\nText.", "track my order"),
        ("Underlined\n==========\nText.", "Underlined"),
        ("No heading.", "track my order"),
    ],
)
def test_title_comes_from_heading_or_name(text: str, title: str) -> None:
    """Without a stated title the first heading is the title, else the file's name as words."""
    assert article(text, "help/track-my_order.md").title == title


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("See [the API](API_Create.md#top) now.", "See the API now."),
        ("See [us](https://shop.example/a) now.", "See [us](https://shop.example/a) now."),
        ("See [us][1] now.\n\n[1]: https://shop.example/a", "See [us](https://shop.example/a) now."),
        ("A [](https://x.example) link, [x](javascript:alert(1)).", "A  link, x."),
        ("![Screenshot of the menu](img/menu.png)\n\nNext.", "Next."),
        ("Tap ![Gear](gear.svg) above.", "Tap Gear above."),
        ("![](data:image/png;base64,AAAA)Text.", "Text."),
        (r"Amazon S3 \(Simple\)\. A\-B, 5 \* 3.", r"Amazon S3 (Simple). A-B, 5 \* 3."),
        ("See [`run`](cli.md#run) and [a](#b c d) &gt; &nbsp;now.", "See `run` and a > \xa0now."),
        (
            "**\n\n\xa0\n\nText\n\n    ```\n    a\\.  \n\n\n    ```<a name='x'></a>\n\nb\\.",
            "Text\n\n    ```\n    a\\.  \n\n\n    ```\n\nb.",
        ),
        ("One<br>\ntwo<br/>three", "One\ntwo\nthree"),
        ("<div align='center'><b>Bold</b> <ExportName></div>", "Bold <ExportName>"),
        ("<!-- hidden -->Text<script>alert(1)</script>.", "Text."),
        ("{% include a.md %}Text{:.note} of {{ site.name }}.", "Text of ."),
        ("Use `[a](b.md)` and:\n\n```\n<br> \\. ![x](y)\n```", "Use `[a](b.md)` and:\n\n```\n<br> \\. ![x](y)\n```"),
        ("| a  |  b |\n|---|---|\n|  1<br>2  | 3 |", "| a | b |\n|---|---|\n| 1 2 | 3 |"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "| A | B |\n| --- | --- |\n| 1 | 2 |",
        ),
    ],
)
def test_debris_goes_and_words_stay(written: str, kept: str) -> None:
    """Dead links, pictures, anchors and escapes vanish; words, living links and code stay as they were."""
    assert article(written).text == kept


def test_text_costs_no_more_than_its_length() -> None:
    """A page of brackets and blanks is read at once, not after minutes of searching."""
    hostile = "[" * 20_000 + " " * 20_000 + "x ![" * 5_000 + "<a " * 5_000 + "`" * 5_001 + "\n" * 5_000 + "* " * 5_000
    assert article(hostile).text
