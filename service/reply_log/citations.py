"""Which articles a reply cites: a row for each, so that nobody opens the records to count them."""

from sqlalchemy import Column, Index, String, Table, Text

from service.database import UtcDateTime, metadata
from service.domain import Reply
from service.reply_log.line import Write

citations = Table(
    "citations",
    metadata,
    Column("reply_id", String(40), primary_key=True),
    Column("article", Text, primary_key=True),
    Column("brand", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_citations_brand", "brand", "at"),
    info={"personal": True},
    sqlite_with_rowid=False,
)
"""An article is named by its source, as ingests name it; an erasure takes the rows along."""

_CITE = citations.insert()


def cited(reply: Reply) -> list[Write]:
    """Return what is written once the reply is whole."""
    articles = dict.fromkeys(citation.article for sentence in reply.sentences for citation in sentence.citations)
    about = {"reply_id": reply.id, "brand": reply.brand, "at": reply.created_at}
    return [(_CITE, {**about, "article": article}) for article in articles]
