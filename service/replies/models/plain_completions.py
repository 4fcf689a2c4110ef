"""OpenAI's chat completions as plain dictionaries, which LangChain takes as they are."""

from typing import TYPE_CHECKING, Any

from service.replies.models.read_ahead import ReadAhead

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class PlainCompletions:
    """
    Stands in for the SDK's `chat.completions`: the same request, errors and stream, but no objects.

    The SDK makes nested objects of each word, which LangChain turns back into a dictionary; for a reply of sixty words
    that took longer than everything else between the wire and us.
    """

    def __init__(self, client: "AsyncOpenAI") -> None:
        self._client = client

    async def create(self, *, extra_body: dict[str, Any] | None = None, **payload: Any) -> ReadAhead:  # noqa: ANN401 - the SDK's own
        """Send *payload*, which asks for a stream, and return its chunks."""
        # Imported late: it would cost every start 0.2 s, and whoever calls this has opened the SDK's client already.
        from openai import AsyncStream  # noqa: PLC0415

        body = {**payload, **(extra_body or {})}
        stream = await self._client.post(
            "/chat/completions", body=body, cast_to=object, stream=True, stream_cls=AsyncStream[object]
        )
        return ReadAhead(stream)
