"""Logs: one JSON line an event on standard error, the libraries' too; never answers, texts or personal data."""

import logging
import sys
from typing import Final

import structlog

_SHARED: Final[tuple[structlog.typing.Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
_WRITTEN: Final = structlog.processors.JSONRenderer(ensure_ascii=False)


def install_logs(level: int = logging.INFO) -> None:
    """Write our events from `level` on, and what libraries warn of."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=_WRITTEN, foreign_pre_chain=_SHARED))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # One line for each request that waits a moment for a thread would bury the rest.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    structlog.configure(
        processors=[*_SHARED, _WRITTEN],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
