"""What can go wrong for us: each error knows its HTTP status, its problem type and what the caller can do next."""

from dataclasses import dataclass
from typing import ClassVar


class ServiceError(Exception):
    """
    Base of every error that may reach a caller.

    The message is for people and must never carry the caller's input; `pointers` name where in the input it went wrong.
    """

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    retry_after_s: int | None = None
    """What the answer's Retry-After says; an error may know better than its class."""

    def __init__(self, detail: str, pointers: "tuple[Pointer, ...]" = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointers = pointers


@dataclass(frozen=True, slots=True)
class Pointer:
    """One place in the caller's input (RFC 6901) and what is wrong there."""

    pointer: str
    detail: str


class InvalidInputError(ServiceError):
    """The request does not say what it must, or says what it may not."""

    status = 422
    type = "invalid-input"
    title = "The request is not valid"


class VariableError(InvalidInputError):
    """A business variable is missing, unknown or ill-typed."""

    type = "invalid-variables"
    title = "The ticket's variables do not fit the brand's declarations"


class NotFoundError(ServiceError):
    status = 404
    type = "not-found"
    title = "Not found"


class UnknownBrandError(NotFoundError):
    type = "unknown-brand"
    title = "No such brand"


class UnknownPromptError(NotFoundError):
    """Neither a label nor a prompt version."""

    type = "unknown-prompt"
    title = "No such prompt label or version"


class UnknownToneError(NotFoundError):
    type = "unknown-tone"
    title = "No such tone"


class ForeignHostError(ServiceError):
    """A request that names another host: a web page may have made its own name point at this machine."""

    status = 421
    type = "foreign-host"
    title = "This service does not answer for this host"


class KeyRequiredError(ServiceError):
    """A request without an access key that holds."""

    status = 401
    type = "key-required"
    title = "An access key is needed"


class ScopeMissingError(ServiceError):
    """The key is good, but not for this."""

    status = 403
    type = "scope-missing"
    title = "The access key does not allow this"


class ForeignFormError(ServiceError):
    """A change that a session asks for without the token of our own pages."""

    status = 403
    type = "foreign-form"
    title = "The request does not come from our pages"


class RateLimitError(ServiceError):
    """The access key has made its requests of this minute."""

    status = 429
    type = "rate-limited"
    title = "Too many requests"

    def __init__(self, detail: str, retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class RequestKeyMismatchError(InvalidInputError):
    """An idempotency key came back with another request."""

    type = "idempotency-key-reused"
    title = "This idempotency key belongs to another request"


class RequestRunningError(ServiceError):
    """The first request under this idempotency key is not answered yet."""

    status = 409
    type = "request-running"
    title = "The same request is being answered"
    retry_after_s = 2


class StaleDraftError(ServiceError):
    """A reply to an earlier message was asked for after a newer one had come in."""

    status = 409
    type = "stale-draft"
    title = "The customer wrote again"


class UnknownGenerationError(NotFoundError):
    type = "unknown-generation"
    title = "No such generation"


class UnknownUploadError(NotFoundError):
    """The plan of an upload is not kept any more."""

    type = "unknown-upload"
    title = "No such upload"


class NameTakenError(ServiceError):
    """Something of this name is there, and is not overwritten."""

    status = 409
    type = "name-taken"
    title = "The name is taken"


class PromptError(ServiceError):
    """A brand, tone or template file cannot be used as it stands."""

    type = "broken-prompt"
    title = "The prompt files are broken"


class UpstreamError(ServiceError):
    """Something that we depend on failed; the caller may try again."""

    status = 503
    type = "upstream-error"
    title = "A part of the service failed"
    retry_after_s: int | None = 5


class KnowledgeError(UpstreamError):
    """The knowledge base could not be searched or written."""

    type = "knowledge-unavailable"
    title = "The knowledge base is unavailable"


class IngestBusyError(KnowledgeError):
    """Another ingest of this brand, or another process, holds the knowledge base."""

    status = 409
    type = "ingest-busy"
    title = "The knowledge base is being written"


class UnreadableFileError(ServiceError):
    """A file holds nothing that can be read as an article; the message says why, in words for its owner."""

    status = 422
    type = "unreadable-file"
    title = "The file cannot be read"


class EmbeddingError(UpstreamError):
    """The embedding model is missing, damaged, or did not answer."""

    type = "embeddings-unavailable"
    title = "The embedding model is unavailable"


class StoreError(UpstreamError):
    """Something could not be read from the database, or written to it."""

    next_step: ClassVar[str] = " Check that the database runs and answers, and that its disk has room."

    def __init__(self, detail: str, pointers: tuple[Pointer, ...] = ()) -> None:
        super().__init__(detail + self.next_step, pointers)


class DatabaseError(UpstreamError):
    """The database could not be opened, or brought to the newest schema."""

    type = "database-unavailable"
    title = "The database is unavailable"


class ReplyLogError(StoreError):
    """The reply log could not be read or written."""

    type = "reply-log-unavailable"
    title = "The reply log is unavailable"


class AccessError(StoreError):
    """The access keys or the audit log could not be read or written."""

    type = "access-unavailable"
    title = "The access keys are unavailable"


class ReviewsError(StoreError):
    """The reviews could not be read or written."""

    type = "reviews-unavailable"
    title = "The reviews are unavailable"


class ReservationLostError(ServiceError):
    """A reviewer's reservation ran out, and the reply is in other hands now."""

    status = 409
    type = "reservation-lost"
    title = "Another reviewer has this reply"


class ChatModelError(UpstreamError):
    """The chat model refused, failed, or did not finish in time."""

    status = 502
    type = "chat-model-error"
    title = "The chat model failed"


class ChatModelUnavailableError(ChatModelError):
    """The chat model's provider is down, or too busy for us; it may be back soon."""

    status = 503
    type = "chat-model-unavailable"
    title = "The chat model is unavailable"


class ChatModelTimeoutError(ChatModelError):
    """The chat model was not done within the deadline."""

    status = 504
    type = "chat-model-timeout"
    title = "The chat model took too long"


class ChatModelBusyError(ChatModelError):
    """As many calls as the settings allow are under way or waiting."""

    status = 429
    type = "chat-model-busy"
    title = "Too many replies are being written"
    retry_after_s = 1


class ChatModelRefusedError(ChatModelError):
    """The provider does not take our key, model name or request: asking again will not help, the operator will."""

    type = "chat-model-refused"
    title = "The chat model's provider refused the request"
    retry_after_s = None


class ConfigurationError(ServiceError):
    """A setting makes the service unable to start or to do what was asked."""

    type = "configuration"
    title = "The configuration is not usable"
