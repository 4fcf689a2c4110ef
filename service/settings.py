"""Everything that the environment may say, typed, with units; read once by app, cli, providers and scripts."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, computed_field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_CHECKOUT = Path(__file__).resolve().parent.parent
_STARTER = Path(__file__).resolve().parent / "_starter"


def _shipped(folder: str) -> Path:
    """Return *folder* of the working directory, else of the checkout, else of the installed wheel."""
    candidates = (Path.cwd() / folder, _CHECKOUT / folder, _STARTER / folder)
    return next((path for path in candidates if path.is_dir()), candidates[0])


class Settings(BaseSettings):
    """Read from the environment and `.env`: the names below in capitals after `APLOMB_`, unless an alias is given."""

    model_config = SettingsConfigDict(env_prefix="APLOMB_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path(".data")
    """Where the database, the vectors and the lock file live."""
    prompts_dir: Path = Field(default_factory=lambda: _shipped("prompts"))
    knowledge_dir: Path = Field(default_factory=lambda: _shipped("knowledge"))
    """The demo brands' articles, ingested at first start when the knowledge base is empty."""

    host: str = "127.0.0.1"
    allow_open_network: bool = False
    """Without access keys the service serves loopback only; true says that something in front of it guards it."""
    port: int = Field(8080, ge=1, le=65535)

    database_url: SecretStr | None = Field(None, validation_alias="DATABASE_URL")
    """A PostgreSQL address; without it SQLite in the data directory."""
    database_wait_s: float = Field(5.0, ge=2, le=600)
    """The longest wait for PostgreSQL, each time: to connect, for an answer, for a lock, for a free connection."""
    chroma_url: str | None = None
    """A Chroma server on loopback or a private network; without it an embedded one in the data directory."""

    chat_model: str | None = None
    """`provider:name` as LangChain's init_chat_model takes it, e.g. `openai:gpt-4.1-mini`."""
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    """Any OpenAI-compatible endpoint (vLLM, Ollama, llama.cpp); may be set without a key."""
    chat_fallbacks: Annotated[tuple[str, ...], NoDecode] = ()
    """Asked in this order when the chat model fails, separated by commas; `extractive:extractive-1` never does."""
    anthropic_api_key: SecretStr | None = Field(None, validation_alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str | None = Field(None, validation_alias="ANTHROPIC_BASE_URL")
    google_api_key: SecretStr | None = Field(None, validation_alias="GOOGLE_API_KEY")
    google_gemini_base_url: str | None = Field(None, validation_alias="GOOGLE_GEMINI_BASE_URL")
    chat_timeout_s: float = Field(30.0, gt=0, le=600)
    """The whole call of the chat model: retries, waits and fallbacks included."""
    chat_silence_s: float = Field(10.0, gt=0, le=600)
    """The longest wait for a chat model's first word, and from one word to the next."""
    chat_retries: int = Field(2, ge=0, le=2)
    """Further attempts at one chat model, while nothing has reached the customer."""
    chat_calls: int = Field(16, ge=1, le=1000)
    """Calls that a provider gets at once."""
    chat_queue: int = Field(64, ge=0, le=10_000)
    """Calls that may wait for it; one more is answered 429."""
    chat_images: bool | None = None
    """Whether chat models are shown the images of a ticket; left out, what is known of each model decides."""
    rewrite_question: bool = False
    """Whether the chat model puts a conversation into one question first: a call more, of 3 s at most, per reply."""
    prices_file: Path | None = None
    """A price table of your own, in the form of service/replies/models/prices.yaml; its entries win."""

    embeddings: Literal["minilm", "openai", "hashed"] = "minilm"
    embeddings_model: str = "text-embedding-3-small"
    """For `openai`: the model's name at the endpoint."""

    passages_per_reply: int = Field(6, ge=1, le=20)
    min_answerability: float = Field(0.4, ge=0, le=1)
    """Below it the ticket goes to a person and the chat model is not called; BENCHMARKS.md has what it costs."""

    seal_every_s: float = Field(600.0, gt=0)
    """The ledger's open entries are sealed at the latest after so many seconds."""
    seal_every_entries: int = Field(1024, ge=1)
    """And as soon as so many are open."""

    max_body_bytes: int = Field(1_000_000, ge=1_000)
    """Bound of a request's body, ingest apart."""
    max_ingest_bytes: int = Field(200_000_000, ge=1_000_000)
    """Bound of an ingest's body."""

    log_format: Literal["json", "console"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("chat_fallbacks", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine reaches the service."""
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def has_chat_model(self) -> bool:
        """Whether a real chat model is configured; otherwise replies are extracts."""
        return bool(self.chat_model or self.openai_api_key or self.openai_base_url)
