"""
Verify the proof of a logged reply, with nothing but Python's standard library and no database.

Example: python scripts/verify_proof.py proof.json --seal 3f1c…   (the newest seal, which you kept somewhere else)
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any


def receipt(proof: dict[str, Any]) -> str:
    """Hash the reply's row and record, as the log did when the reply was finished."""
    said = "\x1f".join(proof["row"].values()).encode()
    return "sha256:" + hashlib.sha256(said + b"\x1e" + base64.b64decode(proof["record"])).hexdigest()


def root(proof: dict[str, Any]) -> str:
    """Climb from the entry's leaf to the root of its Merkle tree (RFC 6962)."""
    entry = proof["entry"]
    said = "\x1f".join(str(entry[key]) for key in ("position", "kind", "subject", "digest"))
    here = hashlib.sha256(b"\x00" + said.encode()).digest()
    for sibling, is_left in proof["steps"]:
        other = bytes.fromhex(sibling)
        here = hashlib.sha256(b"\x01" + (other + here if is_left else here + other)).digest()
    return here.hex()


def seal(row: dict[str, Any]) -> str:
    """Hash a seal from what it says."""
    said = "\x1f".join(str(row[key]) for key in ("number", "created_at", "entries", "root", "previous"))
    return hashlib.sha256(said.encode()).hexdigest()


def faults(proof: dict[str, Any], kept: str | None) -> list[str]:
    """Return what is wrong, in words; nothing when the proof holds."""
    found = []
    if proof["row"] is None:
        found.append("the words of this reply were erased; only its entry can be checked")
    elif receipt(proof) != proof["entry"]["digest"]:
        found.append("the reply is not the one that was logged")
    elif proof["row"]["id"] != proof["entry"]["subject"]:
        found.append("the entry is another reply's")
    if proof["seal"] is None:
        return [*found, "the entry is not sealed yet"]
    chain = proof["seals"]
    if root(proof) != chain[0]["root"]:
        found.append("the entry is not under its seal")
    for number, row in enumerate(chain):
        if seal(row) != row["seal"] or (number and row["previous"] != chain[number - 1]["seal"]):
            found.append(f"seal {row['number']} is broken")
    if kept and kept not in [row["seal"] for row in chain]:
        found.append("the chain does not hold the seal that you kept")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proof", type=Path, help="what `aplomb log proof REPLY` wrote")
    parser.add_argument("--seal", help="a seal that you kept somewhere else")
    asked = parser.parse_args()
    found = faults(json.loads(asked.proof.read_text(encoding="utf-8")), asked.seal)
    print("\n".join(found) if found else "the reply is as it was logged, and nothing before its seal changed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
