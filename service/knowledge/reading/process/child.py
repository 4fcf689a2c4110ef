"""The child process that parses foreign files: one job a line on its input, one answer a line on its output."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import BinaryIO

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile, Skipped
from service.knowledge.reading.formats.readers import read
from service.knowledge.reading.members import Members
from service.knowledge.reading.process.fence import WORN_AFTER, allow_cpu, memory, raise_fence
from service.knowledge.reading.text import MAX_CHARACTERS

Answer = dict[str, object]


def main(memory_mb: int, cpu_s: int, archive: int | None = None) -> None:
    """
    Answer jobs until the input ends, each within *cpu_s* seconds of computing and *memory_mb* more than now.

    *archive* is the descriptor of a zip file whose members are asked for.
    """
    answers = os.fdopen(os.dup(1), "wb")
    # A parser that prints must not garble the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    baseline = raise_fence(memory_mb)
    _send(answers, {"ready": True})
    members = Members(os.fdopen(archive, "rb")) if archive is not None else None
    for line in sys.stdin.buffer:
        allow_cpu(cpu_s)
        answer = _answer(json.loads(line), sys.stdin.buffer, members)
        answer["worn"] = memory() > baseline + WORN_AFTER
        _send(answers, answer)


def _send(answers: BinaryIO, answer: Answer) -> None:
    answers.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n")
    answers.flush()


def _answer(job: dict[str, object], stream: BinaryIO, members: Members | None) -> Answer:
    try:
        if job["kind"] == "list" and members:
            return {"members": members.listing()}
        source = str(job["source"])
        data = members.read(job["member"]) if members else stream.read(int(str(job["size"])))
        return {"items": list(_items(ForeignFile(source=source, data=data)))}
    except UnreadableFileError as exc:
        return {"refusal": exc.detail}
    except MemoryError:
        return {"refusal": "The file needs more memory than reading may take."}
    except RecursionError:
        return {"refusal": "The file is nested too deeply to be read."}
    except Exception as exc:  # noqa: BLE001 - the one place where a parser's failure becomes a file's refusal
        return {"refusal": f"The file could not be read; it seems damaged ({type(exc).__name__})."}


def _items(file: ForeignFile) -> Iterator[dict[str, object]]:
    found = False
    for item in read(file):
        found = True
        if isinstance(item, Draft) and len(item.text) > MAX_CHARACTERS:
            yield _skipped(item, f"The text is longer than {MAX_CHARACTERS} characters; split it.")
        elif isinstance(item, Draft) and not any(char.isalnum() for char in item.text):
            yield _skipped(item, "There is no text in it.")
        else:
            yield {"draft" if isinstance(item, Draft) else "skipped": asdict(item)}
    if not found:
        raise UnreadableFileError("There is no text in it.")


def _skipped(draft: Draft, reason: str) -> dict[str, object]:
    return {"skipped": asdict(Skipped(key=draft.key, reason=reason))}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
