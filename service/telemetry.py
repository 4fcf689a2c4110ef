"""Log lines: events with keys, as JSON or for a terminal; never the customer's words, never a secret."""

import logging
import sys
from typing import Literal

import structlog


def configure_logging(form: Literal["json", "console"], level: str) -> None:
    """Write structlog's events, and what libraries log through `logging`, to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer] if form == "json" else [*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries may log request bodies and addresses with keys below this level.
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s", stream=sys.stderr)
    for chatty in ("httpx", "httpx2", "openai", "chromadb"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
