"""A chat model that is ready to be asked, with all that we must know about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from service.domain import Attachment, ChatModelRef
from service.prompting.templates.rendering import ChatMessage
from service.replies.models.parameters import Parameters
from service.replies.models.prices import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChatModel:
    ref: ChatModelRef
    chat_model: BaseChatModel
    parameters: Parameters
    """The prompt version's sampling in this provider's words."""
    price: Price | None
    """None when no table knows it."""
    sees_images: bool = False
    calls_out: bool = True
    """False for a model inside this process, which has no exchange of bytes, no lane and no breaker."""

    @property
    def full_name(self) -> str:
        return f"{self.ref.provider}:{self.ref.name}"

    def to_messages(self, messages: Sequence[ChatMessage], images: Sequence[Attachment]) -> list[BaseMessage]:
        """Return LangChain's messages; *images* follow the last one's text if this model sees them."""
        if not (images and self.sees_images):
            return [_message(message) for message in messages]
        blocks: list[str | dict[str, str]] = [{"type": "text", "text": messages[-1].content}]
        blocks += [{"type": "image", "base64": image.data, "mime_type": image.media_type} for image in images]
        return [*map(_message, messages[:-1]), HumanMessage(content=blocks)]


def _message(message: ChatMessage) -> BaseMessage:
    return SystemMessage(message.content) if message.role == "system" else HumanMessage(message.content)
