"""Fences the child process in: bounded memory and computing time, no network, no processes, no file but its code."""

import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MEGABYTE = 1024 * 1024
WORN_AFTER = 128 * MEGABYTE
"""A reader that has grown by so much is replaced, so that one file does not pay for another."""
_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.", "ftplib.",
    "smtplib.", "urllib.", "http.client", "ctypes.", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link",
    "os.symlink", "os.chmod", "os.chown", "os.truncate", "os.kill", "os.putenv", "shutil.", "tempfile.", "webbrowser.",
)  # fmt: skip
_CODE = (".py", ".pyc", ".so")
"""Its code lies in folders that may hold a settings file too."""
_STATM = "/proc/self/statm"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def raise_fence(memory_mb: int) -> int:
    """Limit this process for good to *memory_mb* over what it has now; return that, in bytes."""
    baseline = memory()
    # Not every system knows every limit (macOS has no address space limit): the others still hold.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (baseline + memory_mb * MEGABYTE, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    roots = [_absolute(path) + os.sep for path in (*sys.path, sys.prefix, sys.base_prefix) if path]
    sys.addaudithook(lambda event, args: _refuse(event, args, roots))
    return baseline


def allow_cpu(seconds: int) -> None:
    """Start a new file's share of computing time; the system ends the process when it is spent."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def memory() -> int:
    """Return this process's address space in bytes; 0 where the system does not tell."""
    statm = Path(_STATM)
    return int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0


def _refuse(event: str, args: Sequence[object], roots: Sequence[str]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed while reading a file")
    if event == "open" and isinstance(args[0], str | bytes | os.PathLike):
        path = _absolute(os.fsdecode(args[0]))
        flags = args[2] if isinstance(args[2], int) else 0
        is_code = path.startswith(tuple(roots)) and path.endswith(_CODE)
        if flags & _WRITING or not (is_code or path == _STATM):
            raise PermissionError("opening other files is not allowed while reading a file")


def _absolute(path: str) -> str:
    # Unlike Path.resolve it asks the disk nothing: this runs within the audit of such questions.
    return os.path.abspath(path)  # noqa: PTH100
