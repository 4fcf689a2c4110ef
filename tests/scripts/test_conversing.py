import json
from pathlib import Path

from scripts.measures.replies import conversing


def test_a_conversation_is_asked_in_three_ways(tmp_path: Path) -> None:
    """The last turn alone, the question from all turns, and a person's rewrite."""
    row = {
        "_id": "q1",
        "user_turns": ["Which kettles do you sell?", "How much are they?"],
        "lastturn": "How much are they?",
    }
    (tmp_path / "dev").mkdir()
    rows = [row | {"text": "How much are the kettles?"}, row | {"_id": "q2", "text": ""}]
    (tmp_path / "dev" / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert conversing.read(tmp_path, "dev", {"q1": ""}) == {
        "last_turn": {"q1": "How much are they?"},
        "turns": {"q1": "Which kettles do you sell? How much are they?"},
        "rewrite": {"q1": "How much are the kettles?"},
    }


def test_a_file_of_conversations_can_be_read_by_a_person(tmp_path: Path) -> None:
    """What nobody said, such as a search of the agent's, is no message."""
    turns = [
        {"role": "customer", "text": "Where is ride 889?"},
        {"role": "kb", "item": {}},
        {"role": "agent", "text": "At the station."},
        {"role": "customer", "text": "How much is it?"},
    ]
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps({"turns": turns}), "utf-8")
    assert list(conversing.condensed(file)) == [("How much is it?", "Where is ride 889? How much is it?")]
