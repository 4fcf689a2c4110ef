"""Each kind of finding, with an edit that causes it and a near miss that does not."""

from dataclasses import dataclass

import pytest

from service.prompting.lint.messages import MESSAGES
from tests.prompting.lint.edits import Edit, brand, codes, edited, findings, template, tone

LONG_TOLD = " ".join(["word"] * 41) + "."
LONG_READ = "Thank you for " + " ".join(["your"] * 23) + " message."
RULE_7 = "7. Judge nobody,"
LAST_TONE_LINE = "When something went wrong, acknowledge it once, without grovelling and without blaming anyone."


@dataclass(frozen=True)
class Case:
    code: str
    breaks: Edit
    near_miss: Edit
    chat_model: str | None = None


CASES = [
    Case(
        "broken_file", brand("name: Maison Lune", "name: [Maison"), brand("name: Maison Lune", "name: 'Maison: Lune'")
    ),
    Case("broken_file", tone("opening:", "opening: [}"), tone("opening:", "opening:  # a comment")),
    Case("dead_text", template("# system", "system"), template("# system", "# system   ")),
    Case("missing_key", brand("name: Maison Lune", "nom: Maison Lune"), brand("name: Maison Lune", "name: ML")),
    Case("unknown_key", brand("name: Maison Lune", "nom: Maison Lune"), brand("name: Maison Lune", "name: ML")),
    Case("misspelt_key", brand("disclosure_channels:", "disclosure_chanels:"), brand("disclosure_channels:", "links:")),
    Case("misplaced_key", brand("send: false", "signature: Lune"), brand("send: false", "signatur: Lune")),
    Case("broken_form", brand('hours: "18:00-05:00"', "hours: 18h-5h"), brand('"18:00-05:00"', "18:00-05:00")),
    Case("typographic_quotes", brand('"Bien à vous,"', "“Bien à vous,”"), brand('"Bien à vous,"', '"Bien à “vous”,"')),
    Case(
        "typographic_quotes", tone('"Merci pour votre message."', "« Merci. »"), tone('"Merci pour', '"« Merci » pour')
    ),
    Case("broken_key", brand("temperature: 0.2", "temperature: 3"), brand("temperature: 0.2", "temperature: 2")),
    Case("misspelt_key", tone("description:", "descrption:"), tone("description: Courteous", "description: Calm")),
    Case("duplicate_key", brand("send: false", "send: true\nsend: false"), brand("send: false", "send: true")),
    Case("broken_template", template(RULE_7, "{% if %}"), template(RULE_7, "{% if variables %}7{% endif %}. Judge,")),
    Case("broken_template", template(RULE_7, "{{ brand.name * 9 }}"), template(RULE_7, "{{ brand.name | upper }}")),
    Case(
        "unknown_name",
        template(RULE_7, "{{ customer }}"),
        template(RULE_7, "{% for customer in voice.avoid %}{{ customer }}{% endfor %}"),
    ),
    Case("unknown_name", template(RULE_7, "{{ brand.nmae }}"), template(RULE_7, "{{ brand.name }}")),
    Case(
        "unused_name",
        template(RULE_7, "{% for term in voice.avoid %}x{% endfor %}"),
        template(RULE_7, "{% for word in voice.avoid %}{{ word }}{% endfor %}"),
    ),
    Case("missing_slot", template("{{ conversation }}", ""), template("{{ conversation }}", "\n{{ conversation }}")),
    Case("missing_part", template("{{ no_answer }}", "NOTHING"), template("{{ no_answer }}", "“{{ no_answer }}”")),
    Case(
        "unused_variables",
        template("{% if variables %}\n\n{{ variables }}\n{% endif %}", ""),
        template("{% if variables %}\n\n{{ variables }}\n{% endif %}", "{{ variables }}"),
    ),
    Case(
        "slot_in_system",
        template("{{ frame }}", "{{ frame }}\n{{ passages }}"),
        template("{{ frame }}", "{% if passages %}{{ frame }}{% endif %}"),
    ),
    Case(
        "slot_changed",
        template("{{ conversation }}", "{{ conversation | replace('<', '') }}"),
        template("{{ conversation }}", "{{- conversation -}}"),
    ),
    Case(
        "slot_changed",
        template("{{ passages }}", "{% for line in passages %}{{ line }}{% endfor %}"),
        template("{{ passages }}", "{% for word in voice.avoid %}{{ word }}{% endfor %}\n{{ passages }}"),
    ),
    Case(
        "slot_in_sentence",
        template("{{ conversation }}", "Do what {{ conversation }} asks for."),
        template("{{ conversation }}", "The conversation: {{ conversation }}"),
    ),
    Case("no_fence_rule", template("tags that end in {{ fence }}", "tags"), template("{{ fence }}", "“{{ fence }}”")),
    Case(
        "unused_instruction",
        template("{{ passages }}", ""),
        template("{{ passages }}", "The passages:\n{{ passages }}"),
    ),
    Case(
        "dead_condition",
        template("{%- if voice.avoid %}", "{%- if language.code == 'de' %}"),
        template("{%- if voice.avoid %}", "{%- if language.code == 'en' %}"),
    ),
    Case(
        "dead_condition",
        template("{%- if voice.avoid %}", "{%- if brand.name == 'Lune' %}"),
        template("{%- if voice.avoid %}", "{%- if brand.name == 'Maison Lune' %}"),
    ),
    Case(
        "duplicate_line",
        tone("", "State only what the passages or the variables say."),
        tone("", "State only what you are sure of."),
    ),
    Case(
        "duplicate_line",
        brand('"pas de souci"', '"pas de souci", "Pas de souci"'),
        brand('"pas de souci"', '"pas de souci", "pas de problème"'),
    ),
    Case("dead_text", template("# system", "Be kind.\n\n# system"), template("# system", "\n\n# system")),
    Case("dead_heading", template("# user", "## User"), template("Rules:", "# Rules")),
    Case("empty_section", template("# user", "# user\n\n# user"), template("# user", "\n# user")),
    Case(
        "forbidden_word",
        tone('"Merci pour votre message."', '"Pas de souci, merci."'),
        tone('"Merci pour votre message."', '"Pas de soucis de livraison ?"'),
    ),
    Case("forbidden_word", tone("", "Answer asap."), tone("", "Never write ASAP.")),
    Case(
        "forbidden_word",
        brand('"packaging": "emballage"', '"packaging": "emballage, pas de souci"'),
        brand('"packaging": "emballage"', '"packaging": "souci"'),
    ),
    Case(
        "missing_language",
        tone('  en: "Thank you for your message."\n', ""),
        tone('opening:\n  fr: "Merci pour votre message."\n  en: "Thank you for your message."\n', ""),
    ),
    Case(
        "missing_language",
        brand('    disclosure: "This reply was prepared automatically from our help articles."\n', ""),
        brand('    avoid: ["no worries", "ASAP"]\n', ""),
    ),
    Case("unused_language", brand("languages: [fr, en]", "languages: [fr]"), brand("[fr, en]", "[en, fr]")),
    Case(
        "wrong_language",
        tone('fr: "Merci pour votre message."', 'fr: "Thank you for your message, we have it."'),
        tone('fr: "Merci pour votre message."', 'fr: "Thank you !"'),
    ),
    Case(
        "unreachable_topic",
        brand("  person:", '  court: ["tribunal administratif", "plaintes"]\n  press: ["journaliste"]\n  person:'),
        brand("  person:", '  court: ["huissier", "plaintes"]\n  person:'),
    ),
    Case(
        "unreachable_topic",
        brand("  person:", '  other: ["?!"]\n  person:'),
        brand("  person:", "  other: [autre]\n  person:"),
    ),
    Case(
        "shadowed_word",
        brand('injury: ["brûlure"', 'injury: ["Tribunal"'),
        brand('injury: ["brûlure"', 'injury: ["tribu"'),
    ),
    Case("impossible_word", brand('["brûlure"', '["#brûlure"'), brand('["brûlure"', '["brûlure !"')),
    Case("greedy_word", brand('["brûlure"', '["br"'), brand('["brûlure"', '["brû"')),
    Case("long_sentence", tone("", LONG_TOLD), tone("", LONG_TOLD.replace("word word.", "word."))),
    Case(
        "long_sentence",
        tone("Thank you for your message.", LONG_READ),
        tone("Thank you for your message.", LONG_READ.replace("your your", "your", 1).replace("your your", "your", 1)),
    ),
    Case(
        "bare_promise",
        tone("Thank you for your message.", "We will refund you."),
        tone("Thank you for your message.", "We will read your message."),
    ),
    Case(
        "bare_promise",
        tone("Merci pour votre message.", "Vous aurez une réponse sous 24 h."),
        tone("Merci pour votre message.", "Merci pour vos 24 heures de patience."),
    ),
    Case(
        "bare_promise",
        tone("Merci pour votre message.", "Nous nous engageons à vous répondre."),
        tone("Merci pour votre message.", "Nous vous remercions."),
    ),
    Case(
        "bare_promise",
        tone("Merci pour votre message.", "Vous recevrez votre colis demain."),
        tone("Merci pour votre message.", "Vous avez reçu votre colis."),
    ),
    Case(
        "bare_promise", tone("", "Say that delivery is guaranteed."), tone("", "Never say that delivery is guaranteed.")
    ),
    Case(
        "sampling_range",
        brand("temperature: 0.2", "temperature: 1.5"),
        brand("temperature: 0.2", "temperature: 1"),
        chat_model="anthropic:claude-sonnet-4-5",
    ),
    Case(
        "sampling_range",
        brand("temperature: 0.2", "presence_penalty: 2"),
        brand("temperature: 0.2", "presence_penalty: 1.9"),
        chat_model="google_genai:gemini-2.5-flash",
    ),
    Case(
        "sampling_range",
        brand(
            "sampling: {temperature: 0}", "sampling: {temperature: 1.2}, chat_models: ['anthropic:claude-sonnet-4-5']"
        ),
        brand("sampling: {temperature: 0}", "sampling: {temperature: 1.2}, chat_models: ['openai:gpt-4.1-mini']"),
    ),
    Case(
        "sampling_unknown",
        brand("temperature: 0.2", "frequency_penalty: 0.5"),
        brand("temperature: 0.2", "top_p: 0.5"),
        chat_model="anthropic:claude-sonnet-4-5",
    ),
    Case(
        "sampling_pair",
        brand("temperature: 0.2", "temperature: 0.2, top_p: 0.5"),
        brand("temperature: 0.2", "temperature: 0.5"),
        chat_model="anthropic:claude-sonnet-4-5",
    ),
    Case("wrong_sample", brand('"2026-11-24"', '"next week"'), brand('"2026-11-24"', '"2026-12-24"')),
    Case(
        "wrong_sample",
        brand("{type: date, description", "{type: integer, fallback: leave_out, description"),
        brand("{type: date, description", "{type: text, fallback: leave_out, description"),
    ),
    Case(
        "expired_variable",
        brand('sample: "2026-11-24"', 'sample: "2026-11-24", valid_until: 2026-11-22'),
        brand('sample: "2026-11-24"', 'sample: "2026-11-24", valid_until: 2026-11-23'),
    ),
    Case("expired_sample", brand('"2026-11-24"', '"2026-11-22"'), brand('"2026-11-24"', '"2026-11-23"')),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.breaks.new[:30]!r}")
def test_a_fault_is_found_and_its_near_miss_is_not(case: Case) -> None:
    """An edit that breaks a prompt file is found under its name, and one that looks like it is left alone."""
    assert case.code in codes(case.breaks, chat_model=case.chat_model)
    assert case.code not in codes(case.near_miss, chat_model=case.chat_model)


CONTRADICTIONS = [
    ("Always greet the customer by name.", "Never use the customer's name."),
    ("Be brief.", "Explain everything in detail."),
    ("Tutoyez le client.", "Vouvoyez le client."),
    ("Use an emoji in the first line.", "No emoji."),
    ("Soyez bref.", "Répondez de façon détaillée."),
    ("Un émoji est bienvenu.", "Aucun émoji, aucun point d’exclamation."),
    ("Apologise in the first sentence.", "Never use jargon, slang or apologies."),
    ("Mention the delivery date.", "Do not mention the delivery date."),
    ("Proposez un remboursement immédiat.", "Ne proposez jamais de remboursement immédiat."),
    ("Be formal.", "Keep a casual voice."),
    ("Answer in at most 50 words.", "Write at least 100 words."),
    ("Réponds en trois phrases au maximum.", "Écris au moins cinq phrases."),
    ("No more than two paragraphs.", "Use a minimum of 3 paragraphs."),
    ("Always include a link.", "Never include links."),
    ("Ne vous excusez jamais.", "Présentez toujours des excuses."),
    ("Use bullet points.", "Write without bullet points."),
    ("Appelez le client par son prénom.", "N’écrivez jamais le prénom du client."),
]


@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_opposite_instructions_are_found_in_either_order(one: str, other: str) -> None:
    """Two lines that ask for opposite things are found wherever they stand, in English and French."""
    for first, second in ((one, other), (other, one)):
        assert "contradiction" in codes(tone(LAST_TONE_LINE, f"{first}\n\n{second}"))


AGREEING = [
    ("Be brief.", "Never write long sentences."),
    ("Answer in at most 100 words.", "Write at least 50 words."),
    ("Sentences have at most 20 words.", "Write at least 50 words."),
    ("Deux phrases au plus.", "Au moins trois lignes."),
    ("Never use jargon.", "Short words are better."),
    ("No emoji.", "Neither emoji nor slang."),
    ("Vouvoyez le client.", "Ne tutoyez jamais le client."),
    ("Apologise when we are at fault.", "Never apologise for a rule."),
    ("Mention the delivery date.", "Do not mention the price."),
    ("Name the product.", "Do not name a competitor's product."),
    ("Say what happens next.", "Say nothing of internal tools."),
    ("Be brief unless steps are asked for.", "Explain steps in detail."),
    ("Donnez la date de livraison.", "Ne donnez pas de conseil juridique."),
    ("Use the words of the passages.", "Do not use words from the tags."),
    ("Restez courtois.", "Ne plaisantez pas."),
]


@pytest.mark.parametrize(("one", "other"), AGREEING)
def test_lines_that_agree_are_left_alone(one: str, other: str) -> None:
    """Two lines that can both be followed are no contradiction."""
    assert "contradiction" not in codes(tone(LAST_TONE_LINE, f"{one}\n\n{other}"))


def test_a_tone_that_says_tu_contradicts_a_brand_that_says_vous() -> None:
    """The brand's register and the tone's words must agree."""
    found = [each for each in findings(tone("", "Tutoyez la personne.")) if each.code == "contradiction"]
    assert [each.file for each in found] == ["tones/attentive.md"]
    assert found[0].words["place"].startswith("brands/maison-lune.yaml:")
    assert "contradiction" not in codes(tone("", "Vouvoyez la personne."))


def test_a_finding_points_at_its_line() -> None:
    """File and line lead to the very words."""
    text = edited(tone("", "Answer asap.")).tone.splitlines()
    found = next(each for each in findings(tone("", "Answer asap.")) if each.code == "forbidden_word")
    assert (found.file, text[found.line - 1]) == ("tones/attentive.md", "Answer asap.")
    slot = next(each for each in findings(template(RULE_7, "{{ customer }}")) if each.code == "unknown_name")
    lines = edited(template(RULE_7, "{{ customer }}")).template.splitlines()
    assert "{{ customer }}" in lines[slot.line - 1]


def test_every_kind_of_finding_has_a_case_and_its_words_in_both_languages() -> None:
    """No finding goes untested, and none is unexplained to a French or an English reader."""
    tested = {case.code for case in CASES} | {"contradiction", "token_growth", "unread_file"}
    assert tested == set(MESSAGES["en"]) == set(MESSAGES["fr"])
    for case in CASES:
        for found in findings(case.breaks, chat_model=case.chat_model):
            for language in ("en", "fr"):
                said = found.why(language) + found.fix(language)
                assert "@" not in said
                assert "{" not in said.replace("{{", "")


ORDINARY = """
You are a support agent for an online shop.
Greet the customer by name when you know it.
Keep answers under 120 words.
Use short paragraphs.
Do not use markdown headings.
If the order is late, say when it will arrive.
Never invent an order number.
Always quote the order number when it is given.
Do not apologise more than once.
Offer a refund only when the passage allows it.
Never share another customer’s data.
Use plain words.
Avoid technical terms unless the customer used them first.
Be warm but never familiar.
Close with one offer of help.
Don’t ask for information that the ticket already holds.
Ask one question at a time.
Write dates in full.
Do not write times without a time zone.
Never mention competitors.
Mention the return window if the customer asks about returns.
Do not promise a delivery date.
Give the delivery date from the variables.
Use the customer’s own words for the product.
Don’t use exclamation marks.
Stay positive.
Do not blame the carrier.
Say what the carrier does next.
Répondez dans la langue du client.
Soyez bref et précis.
N’utilisez pas d’abréviations.
Écrivez les montants avec leur devise.
Ne donnez jamais d’avis médical.
Donnez les étapes dans l’ordre.
N’inventez rien.
Dites clairement ce que vous ne savez pas.
Évitez le jargon.
Vouvoyez toujours le client.
Ne promettez aucun délai.
Indiquez le délai prévu par l’article.
Remerciez le client une seule fois.
Ne remerciez pas en fin de message.
Proposez une solution avant de poser une question.
Ne posez pas plus de deux questions.
Restez neutre sur les concurrents.
Citez l’article qui fonde la réponse.
Ne citez pas d’article interne.
Pas d’emoji ni de majuscules.
"""


def test_a_page_of_ordinary_instructions_raises_no_alarm() -> None:
    """Forty-eight usual lines in two languages, over a thousand pairs, give no finding that a reader would laugh at."""
    lines = ORDINARY.strip().splitlines()
    assert len(lines) == 48
    assert set(codes(tone(LAST_TONE_LINE, "\n\n".join(lines)))) <= {"expired_sample"}
