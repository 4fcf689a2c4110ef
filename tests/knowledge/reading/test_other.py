"""Wikis, plain text and e-mails are read as their writers meant them."""

import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from service.domain import Article
from service.errors import UnreadableFileError
from service.knowledge.reading import Refusal, read_path
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.readers import read
from service.knowledge.reading.text import clean, decode
from service.knowledge.reading.titles import leading_title

NOTION = "0123456789abcdef0123456789abcdef"


def article(data: str | bytes, name: str) -> Draft:
    draft = next(read(ForeignFile(source=name, data=data if isinstance(data, bytes) else data.encode())))
    assert isinstance(draft, Draft)
    return draft


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("See [[Folder/Refunds#Delay|the delay]].", "See the delay."),
        ("See [[Folder/Refunds#Delay]] and [[Costs]].", "See Refunds › Delay and Costs."),
        ("![[screenshot.png|300]]\nAs in ![[Costs]].", "\nAs in Costs.".strip()),
        ("> [!warning]- Be quick\n> Five days.", "> **Be quick**\n> Five days."),
        ("> [!note]\n> Five days.", "> **Note**\n> Five days."),
        ("A ==marked== word. ^block-1\n%% private %%", "A marked word."),
        ("`[[not a link]]` and [[1]](https://a.example)", "`[[not a link]]` and [[1]](https://a.example)"),
    ],
)
def test_obsidian_marks_become_markdown(written: str, kept: str) -> None:
    """Wikilinks, embeds, callouts and private remarks of a vault leave words only."""
    assert article(written, "vault/note.md").text == kept


@pytest.mark.parametrize("nested", [False, True])
def test_notion_export_loses_its_ids(tmp_path: Path, nested: bool) -> None:
    """A Notion export keeps its pages under their names, whichever way it was packed."""
    part = tmp_path / ("Part-1.zip" if nested else "export.zip")
    with zipfile.ZipFile(part, "w") as archive:
        archive.writestr(f"Help {NOTION}.md", f"# Help\n\nSee [Costs](Help%20{NOTION}/Costs%20{NOTION}.md).")
        archive.writestr(f"Help {NOTION}/Costs {NOTION}.md", "# Costs\n\nFive euros.")
        archive.writestr(f"Help {NOTION}/cat.png", b"\x89PNG")
        archive.writestr(f"FAQ {NOTION}.csv", "Question,Answer\nA?,B.")
        archive.writestr(f"FAQ {NOTION}_all.csv", "Question,Answer\nA?,B.")
        archive.writestr("__MACOSX/._Help.md", b"\0")
    if nested:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            archive.write(part, part.name)
    found = list(read_path(tmp_path / "export.zip", "b"))
    assert [each.source for each in found if isinstance(each, Refusal)] == ["FAQ.csv", "Help/cat.png"]
    assert {each.source: each.text for each in found if isinstance(each, Article)} == {
        "FAQ_all.csv#a": "B.",
        "Help/Costs.md": "# Costs\n\nFive euros.",
        "Help.md": "# Help\n\nSee Costs.",
    }


def test_two_notion_pages_of_one_name_stay_apart(tmp_path: Path) -> None:
    """Where names without ids would clash, the ids stay."""
    for digit in "ab":
        (tmp_path / f"Page {digit * 32}.md").write_text("Text.")
    assert [each.source for each in read_path(tmp_path, "b")] == [f"Page {digit * 32}.md" for digit in "ab"]


def test_plain_text_has_a_title_where_it_looks_like_one() -> None:
    """The first line of a text is its title when it stands alone."""
    assert article("Retours\n\nTrente jours,\npas plus.\n-----\nMerci.", "a.txt") == Draft(
        title="Retours", text="Retours\n\nTrente jours,\npas plus.\n\nMerci."
    )
    assert article("Trente jours.\nMerci.", "les-retours.txt").title == "les retours"


@pytest.mark.parametrize("first", ["Bonjour Ana,", "Nous remboursons en cinq jours.", "* UI", "| a | b |", "", "{: x}"])
def test_a_sentence_or_an_item_is_no_title(first: str) -> None:
    """A salutation, a sentence or an item of a list names nothing, even when it stands alone."""
    assert not leading_title(f"{first}\n\nLe reste.")
    assert leading_title("« Retours » : où et quand ?\n\nLe reste.") == "« Retours » : où et quand ?"
    assert not leading_title(first)


def test_mail_is_its_body() -> None:
    """Of an e-mail the subject and the body are read, not the attachment."""
    message = EmailMessage()
    message["Subject"] = "Re: TR: Délai de remboursement"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0100"
    message.set_content("Sous cinq jours ouvrés.")
    message.add_alternative("<p>Sous <b>cinq</b> jours ouvrés.</p>", subtype="html")
    message.add_attachment(b"\0\1", maintype="application", subtype="octet-stream", filename="x.exe")
    assert article(message.as_bytes(), "m.eml") == Draft(
        title="Délai de remboursement", text="Sous **cinq** jours ouvrés.", updated="2026-11-02"
    )


def test_mail_with_a_wrong_charset_is_read() -> None:
    """A mail program that lies about its encoding does not hide the text."""
    mail = b"Subject: X\nContent-Type: text/plain; charset=no-such\n\nD\xe9lai"
    assert article(mail, "m.eml") == Draft(title="X", text="Délai")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-be"])
def test_encodings_are_told_apart(encoding: str) -> None:
    """Whatever program saved it, a French sentence comes out as it was typed."""
    text = "L’été dernier, le délai était de 10 jours à réception, soit 3,50 € par lettre."
    assert decode(text.encode(encoding)) == text


def test_other_alphabets_are_detected() -> None:
    """An old Russian file is not read as Western gibberish."""
    text = "Возврат товара возможен в течение тридцати дней после получения заказа."
    assert decode((text * 3).encode("cp1251")) == text * 3


def test_invisible_marks_cannot_hide_words() -> None:
    """Zero-width, direction and tag characters are removed, composed forms are used, lines end in one way."""
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "ignore")
    written = f"e\u0301te\u0301\u200b\u202e{hidden}\ufeff\x00\x07 \ufb01n\r\nligne\u2028\tfin\ud800\x9b"
    assert clean(written) == "été fin\nligne\n\tfin\ufffd"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"\x7fELF\0\0\0\1\0\0" * 99, "binary data"),
        ("a.md", b"", "empty"),
        ("a.md", b" \n", "empty"),
        ("a.doc", b"x", "save it as .docx"),
        ("a.png", b"x", "Pictures"),
        ("a.css", b"x", "'.css'"),
        ("README", b"x", "without ending"),
    ],
)
def test_files_that_hold_no_article_say_so(name: str, data: bytes, reason: str) -> None:
    """Each file that is not read gets a sentence that says why and what to do."""
    with pytest.raises(UnreadableFileError, match=reason):
        next(read(ForeignFile(source=name, data=data)))


def test_refusal_is_a_sentence(tmp_path: Path) -> None:
    """A file in which nothing remains to be read is refused in words, not stored empty."""
    (tmp_path / "a.md").write_text("![only a picture](a.png)")
    assert list(read_path(tmp_path, "b")) == [Refusal(source="a.md", reason="There is no text in it.")]
