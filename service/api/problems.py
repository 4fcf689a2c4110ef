"""Errors on the wire: RFC 9457 problems that say what went wrong and what to do, and never repeat what was sent."""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from service.errors import InvalidInputError, Pointer, ServiceError

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
_TYPE_BASE = "/problems/"
"""README, "Errors", documents each type under its last part."""

_UNSAFE_KINDS = frozenset({"value_error", "assertion_error", "literal_error", "enum", "string_pattern_mismatch"})
"""Messages of these could repeat the input or our internals; ours are said instead."""

_HTTP_WORDS = {
    400: ("Bad request", "The body could not be read."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Method not allowed", "This address does not take this method."),
    408: ("The request took too long", "The body did not arrive in time."),
    413: ("The request is too large", "The body is larger than this service takes."),
}


class ProblemPointer(BaseModel):
    pointer: str = Field(description="RFC 6901 pointer into the request's body.", examples=["/ticket/messages"])
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["/problems/invalid-input"])
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemPointer] = Field(default=[], description="For 422: each place that is wrong.")


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries for these statuses."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Problem", "model": Problem, "content": content} for status in statuses}


def to_problem(error: ServiceError, request_id: str) -> Problem:
    return Problem(
        type=_TYPE_BASE + error.type,
        title=error.title,
        status=error.status,
        detail=error.detail,
        request_id=request_id,
        errors=[ProblemPointer(pointer=each.pointer, detail=each.detail) for each in error.pointers],
    )


def respond(error: ServiceError, request_id: str) -> JSONResponse:
    """Return the answer that *error* becomes."""
    headers = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s else None
    return _respond(to_problem(error, request_id), headers)


def install(app: FastAPI) -> None:
    """Answer every error with a problem."""
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_bug)


def request_id_of(request: Request) -> str:
    return str(getattr(request.state, "request_id", ""))


def _respond(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    body = problem.model_dump(exclude_defaults=True)
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


async def _on_service_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)  # noqa: S101 - the handler is registered for nothing else
    if error.status >= 500:  # noqa: PLR2004 - HTTP
        log.error("request.failed", type=error.type, detail=error.detail, cause=type(error.__cause__).__name__)
    return respond(error, request_id_of(request))


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler is registered for nothing else
    invalid = InvalidInputError(
        "The request's body or parameters are not as the API describes.", _pointers(error.errors())
    )
    return respond(invalid, request_id_of(request))


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for nothing else
    title, detail = _HTTP_WORDS.get(error.status_code, ("The request failed", "The request failed."))
    problem = Problem(
        type=_TYPE_BASE + title.lower().replace(" ", "-"),
        title=title,
        status=error.status_code,
        detail=detail,
        request_id=request_id_of(request),
    )
    return _respond(problem, dict(error.headers or {}))


async def _on_bug(request: Request, error: Exception) -> JSONResponse:
    # The traceback may hold the customer's words: only its type and place are logged.
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_qualname}:{frame.tb_lineno}" if frame else ""
    log.error("request.crashed", error=type(error).__name__, place=place)
    unexpected = ServiceError("Something unexpected happened; the log has the request id.")
    return respond(unexpected, request_id_of(request))


def _pointers(errors: Sequence[Any]) -> tuple[Pointer, ...]:
    return tuple(Pointer(_pointer(error["loc"]), _message(error)) for error in errors)


def _pointer(location: Sequence[str | int]) -> str:
    parts = [str(part) for part in location if part != "body"]
    return "".join("/" + part[:100].replace("~", "~0").replace("/", "~1") for part in parts)


def _message(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    if kind == "json_invalid":
        return "the body is not valid JSON"
    if kind in {"literal_error", "enum"}:
        return f"one of: {error['ctx']['expected']}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return "not of the expected form" if kind in _UNSAFE_KINDS else str(error["msg"]).lower()
