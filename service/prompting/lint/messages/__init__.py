"""The lint's messages: by language and code, why it matters and what to do."""

from service.prompting.lint.messages.en import EN
from service.prompting.lint.messages.en import TERMS as EN_TERMS
from service.prompting.lint.messages.fr import FR
from service.prompting.lint.messages.fr import TERMS as FR_TERMS

MESSAGES = {"en": EN, "fr": FR}

TERMS = {"en": EN_TERMS, "fr": FR_TERMS}
"""By language: what a word `@…` of a finding is called."""
