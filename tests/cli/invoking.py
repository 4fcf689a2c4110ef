"""Runs a command in this process, which spares the seconds of a new one, and leaves the log as it was."""

import structlog
from typer.testing import CliRunner, Result

from service.cli.commands import app


def invoke(*arguments: str) -> Result:
    # A command sends its log lines to the standard error of its own run, which is closed afterwards.
    before = structlog.get_config()
    try:
        return CliRunner().invoke(app, list(arguments))
    finally:
        structlog.configure(**before)
