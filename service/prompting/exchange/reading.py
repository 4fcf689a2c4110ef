"""Tells the formats apart and reads them; nothing in a file is run, fetched, or rendered."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.errors import InvalidInputError
from service.prompting.exchange import promptfoo
from service.prompting.exchange.foreign import ForeignCase, ForeignFile, ForeignMessage, messages_of, name_sampling
from service.prompting.yaml_text import read_matter, read_yaml

_MAX_BYTES = 1_000_000
_ROLE_LINE = re.compile(
    r"^[ \t]*#{0,2}[ \t]*(system|developer|user|assistant)[ \t]*(?:\[[^\]\n]*\])?:[ \t]*$", re.MULTILINE
)


def read_foreign(path: Path) -> ForeignFile:
    """
    Read a promptfoo configuration, a Langfuse prompt, an OpenAI prompt or response object, or a Prompty file.

    Raises:
        InvalidInputError: The file is none of them, cannot be read, or holds no prompt; the message says what to do.
    """
    text = _text(path)
    name = path.name.split(".")[0]
    if path.suffix == ".prompty":
        return _prompty(name, text)
    data = _data(text)
    if isinstance(data.get("prompt"), str | list) and not {"tests", "providers", "prompts"} & set(data):
        return _langfuse(name, data)
    if {"prompts", "tests"} & set(data):
        return promptfoo.read(name, data, path.parent)
    if {"instructions", "input", "messages", "prompt"} & set(data) or str(data.get("id")).startswith("pmpt_"):
        return _openai(name, data)
    raise InvalidInputError("The file is no promptfoo, Langfuse, OpenAI or Prompty file that Aplomb knows.")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise InvalidInputError(f"The file cannot be read: {exc.strerror}.") from exc
    if len(data) > _MAX_BYTES:
        raise InvalidInputError(f"The file is larger than {_MAX_BYTES} bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InvalidInputError("The file is not UTF-8 text.") from exc


def _data(text: str) -> dict[str, Any]:
    # JSON is read as YAML too; a lone tab in it is not YAML.
    if text.lstrip().startswith("{"):
        try:
            return dict(json.loads(text))
        except (ValueError, RecursionError) as exc:
            raise InvalidInputError("The file is not JSON.") from exc
    read = read_yaml(text)
    if read.fault:
        raise InvalidInputError(f"The file cannot be read, at line {read.fault.line}: {read.fault.reason}.")
    return {str(key): value for key, value in read.data.items()}


def _langfuse(name: str, data: Mapping[str, Any]) -> ForeignFile:
    """Read what Langfuse's API gives (langfuse.com/docs/prompt-management/data-model): `type` is `text` or `chat`."""
    found = ForeignFile(name=str(data.get("name") or name), format="Langfuse")
    prompt = data["prompt"]
    name_sampling(data.get("config"), found.left_out)
    if isinstance(prompt, str):
        found.messages = (ForeignMessage("system", prompt),)
    else:
        placeholders = [each for each in prompt if isinstance(each, dict) and each.get("type") == "placeholder"]
        found.left_out += [
            f"the placeholder “{each.get('name')}”: Aplomb shows the conversation itself" for each in placeholders
        ]
        found.messages = tuple(messages_of([each for each in prompt if each not in placeholders], found.left_out))
    return found


def _openai(name: str, data: Mapping[str, Any]) -> ForeignFile:
    """Read the fields of OpenAI's Responses or Chat Completions API (platform.openai.com/docs/api-reference)."""
    inner = data.get("prompt")
    stated = {
        **(inner if isinstance(inner, dict) else {}),
        **{key: value for key, value in data.items() if key != "prompt"},
    }
    found = ForeignFile(name=str(stated.get("name") or name), format="OpenAI")
    name_sampling(stated, found.left_out)
    items: list[Any] = []
    for key in ("instructions", "messages", "input"):
        value = stated.get(key)
        if isinstance(value, str):
            items.append({"role": "user" if key == "input" else "system", "content": value})
        elif isinstance(value, list):
            items += value
    if not items:
        raise InvalidInputError(
            "The file names a prompt that only OpenAI holds; export it with its instructions and messages."
        )
    if stated.get("tools"):
        found.left_out.append("tools: the chat model gets none")
    found.messages = tuple(messages_of(items, found.left_out))
    return found


def _prompty(name: str, text: str) -> ForeignFile:
    """Read front matter and roles (prompty.ai/docs): `system:` alone on a line begins what the system says."""
    read = read_matter(text)
    if read.yaml.fault:
        raise InvalidInputError(
            f"The front matter of the Prompty file, line {read.yaml.fault.line}: {read.yaml.fault.reason}."
        )
    matter, body = read.yaml.data, read.body
    found = ForeignFile(name=str(matter.get("name") or name), format="Prompty")
    model = matter.get("model")
    name_sampling(model.get("parameters") if isinstance(model, dict) else None, found.left_out)
    found.left_out += ["tools: the chat model gets none"] if matter.get("tools") else []
    pieces = _ROLE_LINE.split(body)
    spoken = [("system", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    items = [{"role": role, "content": said.strip()} for role, said in spoken if said.strip()]
    found.messages = tuple(messages_of(items, found.left_out))
    sample = _sample(matter)
    found.cases = (ForeignCase("sample", sample),) if sample else ()
    return found


def _sample(matter: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sample values: older files have them below `sample`, newer ones with each input."""
    sample, inputs = matter.get("sample"), matter.get("inputs")
    if isinstance(sample, dict):
        return {str(key): value for key, value in sample.items()}
    stated = inputs.items() if isinstance(inputs, dict) else ()
    samples = {str(key): each.get("sample", each.get("default")) for key, each in stated if isinstance(each, dict)}
    return {key: value for key, value in samples.items() if value is not None}
