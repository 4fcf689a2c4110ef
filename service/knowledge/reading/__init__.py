"""Reads an owner's files as articles; every parser of foreign files runs in a bounded child process."""

from service.knowledge.reading.folder import Memory, read_path
from service.knowledge.reading.refusal import Refusal

__all__ = ["Memory", "Refusal", "read_path"]
