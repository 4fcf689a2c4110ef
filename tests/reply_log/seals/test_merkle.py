import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reply_log.seals import merkle

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=70).map(
    lambda texts: [merkle.leaf(text) for text in texts]
)


def test_the_tree_is_the_one_of_the_rfc() -> None:
    """Three leaves hash as RFC 6962, section 2.1, writes it down."""
    leaves = [merkle.leaf(text) for text in (b"a", b"b", b"c")]

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    a, b, c = (bytes.fromhex(each) for each in leaves)
    assert merkle.root(leaves) == node(node(a, b), c).hex()
    assert merkle.root([]) == hashlib.sha256().hexdigest()


@given(LEAVES, st.data())
def test_every_leaf_can_be_proved(leaves: list[str], data: st.DataObject) -> None:
    """The steps of a proof lead from the leaf to the root."""
    place = data.draw(st.integers(0, len(leaves) - 1))

    assert merkle.climb(leaves[place], merkle.proof(leaves, place)) == merkle.root(leaves)


@given(LEAVES, st.data())
def test_no_other_leaf_passes(leaves: list[str], data: st.DataObject) -> None:
    """A leaf that is not there does not climb to the root."""
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = merkle.leaf(b"something else entirely")

    assert merkle.climb(other, merkle.proof(leaves, place)) != merkle.root(leaves)


def test_a_place_outside_has_no_proof() -> None:
    """Asking for a leaf that does not exist is an error and no proof."""
    with pytest.raises(IndexError):
        merkle.proof([merkle.leaf(b"a")], 1)
