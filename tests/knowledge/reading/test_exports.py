"""The JSON that help centres export becomes an article a record, in the languages it was written in."""

import json

import pytest

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile, Skipped
from service.knowledge.reading.formats.readers import read


def items(document: object, name: str = "export.json") -> list[Draft | Skipped]:
    text = document if isinstance(document, str) else json.dumps(document)
    return list(read(ForeignFile(source=name, data=text.encode())))


def test_zendesk_help_center() -> None:
    """Public, restricted and draft articles of Zendesk are told apart; sections are no articles."""
    found = items(
        {
            "sections": [{"id": 1, "name": "Orders", "description": "All about orders"}],
            "articles": [
                {
                    "id": 115000001, "title": "Late parcel", "body": "<p>Wait <b>two</b> days.</p>", "locale": "en-us",
                    "html_url": "https://help.example/115", "draft": False, "updated_at": "2026-10-03T09:00:00Z",
                    "user_segment_id": None,
                },
                {"id": 115000002, "title": "Refund rights", "body": "<p>Up to 50 €.</p>", "user_segment_id": 360},
                {"id": 115000003, "title": "New", "body": "<p>Soon</p>", "draft": True},
                {"id": 115000004, "title": "Empty", "body": None},
            ],
        }
    )  # fmt: skip
    assert found == [
        Draft(
            title="Late parcel", text="Wait **two** days.", key="115000001", language="en", url="https://help.example/115",
            updated="2026-10-03",
        ),
        Draft(title="Refund rights", text="Up to 50 €.", key="115000002", audience="internal"),
        Skipped(key="115000003", reason="It is a draft."),
    ]  # fmt: skip


def test_intercom_articles_in_two_languages() -> None:
    """Each translation of an Intercom article is an article, under the same id."""
    found = items(
        {
            "type": "list",
            "data": [
                {
                    "type": "article", "id": "871", "title": "Returns", "description": "Short",
                    "body": "<p>Thirty days.</p>",
                    "state": "published", "url": "https://help.example/871", "default_locale": "en",
                    "updated_at": 1760000000,
                    "translated_content": {
                        "type": "article_translated_content",
                        "en": {"title": "Returns", "body": "<p>Thirty days.</p>", "state": "published"},
                        "fr": {"title": "Retours", "body": "<p>Trente jours.</p>", "state": "published"},
                        "de": {"title": "Rückgabe", "body": "<p>Dreißig Tage.</p>", "state": "draft"},
                    },
                }
            ],
        }
    )  # fmt: skip
    assert [(item.key, getattr(item, "language", None), getattr(item, "text", "")) for item in found] == [
        ("871", "en", "Thirty days."), ("871/de", None, ""), ("871/fr", "fr", "Trente jours."),
    ]  # fmt: skip
    assert isinstance(found[0], Draft)
    assert found[0].updated == "2025-10-09"


def test_freshdesk_solutions() -> None:
    """Freshdesk's drafts are skipped, and what stands in a folder for agents is internal."""
    found = items(
        {
            "categories": [
                {
                    "name": "General", "description": "x",
                    "folders": [
                        {"name": "Public", "visibility": 1, "articles": [
                            {"id": 1, "title": "A", "description": "<p>One</p>", "status": 2},
                            {"id": 2, "title": "B", "description": "<p>Two</p>", "status": 1},
                        ]},
                        {"name": "Agents", "visibility": 3, "articles": [
                            {"id": 3, "title": "C", "description": "<p>Three</p>", "status": 2}]},
                    ],
                }
            ]
        }
    )  # fmt: skip
    assert [(item.key, getattr(item, "audience", "skipped")) for item in found] == [
        ("1", "public"), ("2", "skipped"), ("3", "internal"),
    ]  # fmt: skip


def test_records_line_by_line() -> None:
    """A list of records in any tool's words is read, one a line too."""
    found = items(
        '{"question": "Où ?", "réponse": "Ici."}\n\n{"question": "Quand ?", "réponse": "Demain."}\n', "faq.jsonl"
    )
    assert [(item.key, getattr(item, "text", "")) for item in found] == [("ou", "Ici."), ("quand", "Demain.")]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ('{"articles": [', "not valid JSON"),
        ({"orders": [1, 2]}, "no export that we know"),
        ([[[[[[[[[[[1]]]]]]]]]]], "nested too deeply"),
    ],
)
def test_other_json_is_refused(document: object, reason: str) -> None:
    """JSON that holds no articles is refused with what we would understand."""
    with pytest.raises(UnreadableFileError, match=reason):
        items(document)
