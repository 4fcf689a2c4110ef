from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from service.errors import UnreadableFileError


def parse(text: str) -> tuple[dict[str, object], str]:
    """
    Return the front matter of *text*, its values as strings as they are written, and the body.

    Raises:
        UnreadableFileError: It is not valid YAML.
    """
    try:
        stated, body = frontmatter.parse(text, handler=_Strings())
    except yaml.MarkedYAMLError as exc:
        line = f" (line {exc.problem_mark.line + 1})" if exc.problem_mark else ""
        raise UnreadableFileError(f"The front matter is not valid YAML{line}: {exc.problem or exc.context}.") from exc
    return {str(key): value.lower() if value in _TRUTH else value for key, value in stated.items()}, body


_TRUTH = ("True", "TRUE", "False", "FALSE")


class _Strings(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:  # noqa: ANN401 - as its superclass says
        # Guessed types turn `no` into a falsehood and a wrong date into a crash; ours are checked by key.
        return yaml.load(fm, Loader=yaml.CBaseLoader)  # noqa: S506
