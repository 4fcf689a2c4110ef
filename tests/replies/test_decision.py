import re
from pathlib import Path

from service.domain import Decision, ReasonCode, ReplyState
from service.prompting.files import PromptFiles
from service.replies.decision import Notes, decide

ROOT = Path(__file__).parents[2]
BRAND = PromptFiles(ROOT / "prompts").brand("larkline")


def test_the_readme_lists_every_reason_by_weight() -> None:
    """The one table of reasons names each code once, in the order in which replies give them."""
    table = (ROOT / "README.md").read_text("utf-8").split("## Decisions and reasons")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    assert [code for code, _ in listed] == [code.value for code in ReasonCode]
    assert all(set(re.findall("handoff|review|send", leads)) for _, leads in listed)


def test_every_reason_is_given_once_and_the_heaviest_first() -> None:
    """All that was noted is told, hand-offs before the rest, repeats counted."""
    notes = Notes()
    for _ in range(3):
        notes.add(ReasonCode.UNSUPPORTED_SENTENCE, "No support.")
    notes.add(ReasonCode.LOW_ANSWERABILITY, "0.10 only.", Decision.HANDOFF)
    notes.add(ReasonCode.INJECTION_SUSPECTED, "Orders.")
    decision, reasons = decide(notes, BRAND, (), 0.1, ReplyState.FINISHED)
    assert decision is Decision.HANDOFF
    assert [reason.code for reason in reasons] == [
        ReasonCode.LOW_ANSWERABILITY, ReasonCode.INJECTION_SUSPECTED, ReasonCode.UNSUPPORTED_SENTENCE,
    ]  # fmt: skip
    assert reasons[2].detail == "No support. (3 times)"


def test_nothing_is_sent_while_a_brand_does_not_ask_for_it() -> None:
    """A reply without any reservation is reviewed unless the brand sends."""
    sends = BRAND.model_copy(update={"send": True})
    for brand, decision in ((BRAND, Decision.REVIEW), (sends, Decision.REVIEW)):
        assert decide(Notes(), brand, (), 0.9, ReplyState.FINISHED)[0] is decision
    codes = [reason.code for reason in decide(Notes(), sends, (), 0.9, ReplyState.FINISHED)[1]]
    assert codes == [ReasonCode.NO_CITATION]
