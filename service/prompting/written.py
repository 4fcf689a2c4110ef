"""What the files must say before they become a version; a version that was kept once may lack it and still answers."""

from functools import lru_cache

from service.errors import PromptError
from service.prompting.prompts import PromptText
from service.prompting.templates.rendering import sections, syntax_tree
from service.prompting.templates.rules import paths
from service.prompting.yaml_text import YamlText, read_matter, read_yaml

NEEDED = ("conversation", "passages")
"""Without them a chat model knows neither the question nor the answer: half of a file, say, while it is copied."""


@lru_cache(maxsize=128)
def check_written(text: PromptText) -> None:
    """Raise PromptError when a key stands twice, or the template does not show what every reply needs."""
    _check_keys(f"brands/{text.brand_id}.yaml", read_yaml(text.brand))
    _check_keys(f"tones/{text.tone_id}.md", read_matter(text.tone).yaml)
    shown = {path for section in sections(text.template) for path, _ in paths(syntax_tree(section))}
    for name in NEEDED:
        if name not in shown:
            raise PromptError(f"reply.md never shows {{{{ {name} }}}}")


def _check_keys(file: str, read: YamlText) -> None:
    for key, line in read.repeated:
        raise PromptError(f"{file}, line {line}: {'.'.join(key)} stands twice, and only one of them can count")
