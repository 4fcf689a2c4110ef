"""Opens the chat models that the settings name; the only place that knows every provider."""

import os
from collections.abc import Callable
from typing import Any

import structlog
from langchain.chat_models import init_chat_model
from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr

from service.domain import ChatModelRef
from service.errors import ConfigurationError
from service.replies.models.opened import OpenChatModel
from service.replies.models.parameters import (
    Parameters,
    anthropic_parameters,
    compatible_parameters,
    google_parameters,
    openai_parameters,
)
from service.replies.models.plain_completions import PlainCompletions
from service.replies.models.prices import SHIPPED, read_prices
from service.replies.models.recording import recording_client
from service.settings import Settings

log = structlog.get_logger()

_OPENAI_URL = "https://api.openai.com/v1"
_ANTHROPIC_URL = "https://api.anthropic.com"
_DEFAULT_OPENAI_MODEL = "gpt-4.1-mini"


class ChatModels:
    """Opens each chat model once, by its name."""

    def __init__(self, settings: Settings, *inside: OpenChatModel) -> None:
        """*inside* are the models of this process, which need no provider."""
        _keep_tracing_off()
        self._settings = settings
        self._prices = read_prices((SHIPPED, settings.prices_file) if settings.prices_file else (SHIPPED,))
        self._opened = {model.full_name: model for model in inside}

    @property
    def names(self) -> tuple[str, ...]:
        """The models that write when a brand names none, by preference; empty when none is configured."""
        if not self._settings.has_chat_model:
            return ()
        return (self._settings.chat_model or f"openai:{_DEFAULT_OPENAI_MODEL}", *self._settings.chat_fallbacks)

    def open(self, full_name: str) -> OpenChatModel:
        """
        Return the chat model `provider:name`.

        Raises:
            ConfigurationError: The provider is unknown, its package is not installed, or it refuses its parameters.
        """
        if full_name not in self._opened:
            self._opened[full_name] = self._open(*full_name.partition(":")[::2])
        return self._opened[full_name]

    def _open(self, provider: str, name: str) -> OpenChatModel:
        opener = _OPENERS.get(provider)
        if opener is None:
            raise ConfigurationError(f"There is no chat model provider {provider}: use one of {', '.join(_OPENERS)}.")
        try:
            chat_model, parameters = opener(self._settings, name)
        except ImportError as exc:
            hint = f"install aplomb[{'google' if provider == 'google_genai' else provider}] anew"
            raise ConfigurationError(f"The package for {provider} is missing or too old: {hint}.") from exc
        except ValueError as exc:
            raise ConfigurationError(f"The chat model {provider}:{name} cannot be opened; is its key set?") from exc
        seen = (chat_model.profile or {}).get("image_inputs", False)
        return OpenChatModel(
            ref=ChatModelRef(provider=provider, name=name),
            chat_model=chat_model,
            parameters=parameters,
            price=self._prices.of(provider, name),
            sees_images=seen if self._settings.chat_images is None else self._settings.chat_images,
        )


def _open_openai(settings: Settings, name: str) -> tuple[BaseChatModel, Parameters]:
    # An endpoint of one's own often has no key, but the client insists on one.
    chat_model: Any = init_chat_model(
        name,
        model_provider="openai",
        api_key=_secret(settings.openai_api_key) or "none",
        base_url=settings.openai_base_url,
        http_async_client=recording_client(settings.chat_timeout_s),
        timeout=settings.chat_timeout_s,
        max_retries=0,
        # Ours are the deadlines; its own would be one more way to fail.
        stream_chunk_timeout=None,
        use_responses_api=False,
        stream_usage=True,
    )
    chat_model.async_client = PlainCompletions(chat_model.root_async_client)
    return chat_model, compatible_parameters if settings.openai_base_url else openai_parameters


def _open_anthropic(settings: Settings, name: str) -> tuple[BaseChatModel, Parameters]:
    chat_model: Any = init_chat_model(
        name,
        model_provider="anthropic",
        api_key=_secret(settings.anthropic_api_key) or "none",
        base_url=settings.anthropic_base_url or _ANTHROPIC_URL,
        timeout=settings.chat_timeout_s,
        max_retries=0,
        stream_usage=True,
    )
    # LangChain has no parameter for the HTTP client of this provider; the property below is made once and kept.
    client = chat_model._async_client.copy(http_client=recording_client(settings.chat_timeout_s))  # noqa: SLF001
    chat_model.__dict__["_async_client"] = client
    return chat_model, anthropic_parameters


def _open_google(settings: Settings, name: str) -> tuple[BaseChatModel, Parameters]:
    # Older releases of the package speak gRPC through another library, which no deadline of ours reaches.
    from google.genai import Client  # noqa: PLC0415 - an extra
    from google.genai.types import HttpOptions  # noqa: PLC0415 - an extra

    key = _secret(settings.google_api_key) or "none"
    chat_model: Any = init_chat_model(
        name, model_provider="google_genai", api_key=key, timeout=settings.chat_timeout_s, max_retries=1
    )
    options = HttpOptions(
        base_url=settings.google_gemini_base_url, httpx_async_client=recording_client(settings.chat_timeout_s)
    )
    chat_model.client = Client(api_key=key, http_options=options)
    return chat_model, google_parameters


_OPENERS: dict[str, Callable[[Settings, str], tuple[BaseChatModel, Parameters]]] = {
    "openai": _open_openai,
    "anthropic": _open_anthropic,
    "google_genai": _open_google,
}


def _secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None


def _keep_tracing_off() -> None:
    """LangSmith would send prompts away whenever the environment happens to hold its variables."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        os.environ[name] = "false"
