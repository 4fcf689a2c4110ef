import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf, softmax

from service.errors import EmbeddingError
from service.knowledge.embedding import openai_embeddings
from service.knowledge.embedding.bert import HEADS, LAYERS
from service.knowledge.embedding.embeddings import WINDOW, passage_of, vector_entries, vector_keys
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.embedding.minilm import (
    MiniLmEmbeddings,
    batches,
    checked_weights,
    installed_folder,
    is_installed,
)
from service.knowledge.embedding.openai_embeddings import OpenAiEmbeddings
from tests.knowledge.finding.shelves import passage

needs_weights = pytest.mark.skipif(not is_installed(), reason="the MiniLM weights are an extra")
TEXTS = (
    "Where is my parcel?",
    "Où est mon colis ? Je l'attends depuis mardi.",
    "a",
    " ".join(f"word{number} of a long passage" for number in range(120)),
)


@pytest.fixture(scope="module")
def minilm() -> MiniLmEmbeddings:
    return MiniLmEmbeddings()


@needs_weights
def test_minilm_equals_a_plain_reading_of_its_weights(minilm: MiniLmEmbeddings) -> None:
    """The compiled graph gives what BERT's definition gives, step by step in numpy; also in a mixed batch."""
    weights = load_file(installed_folder() / "model.safetensors")
    tokenizer, _ = minilm._loaded
    expected = [_plain_bert(tokenizer.encode(text).ids, weights) for text in TEXTS]
    vectors = minilm.embed_now(TEXTS)
    assert (np.sum(vectors * expected, axis=1) > 0.999).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@needs_weights
def test_minilm_reads_256_tokens(minilm: MiniLmEmbeddings) -> None:
    """What is beyond the model's length changes nothing."""
    long = "delivery " * 300
    first, second = minilm.embed_now([long, long + "refund " * 50])
    assert first @ second > 0.9999


@needs_weights
async def test_minilm_knows_that_likes_are_alike(minilm: MiniLmEmbeddings) -> None:
    """Sentences of one meaning are nearer than those of two."""
    vectors = await minilm.embed(["How do I reset my password?", "I forgot my login code", "Bananas are yellow"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert (await minilm.embed([])).shape == (0, minilm.dimension)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A file that is not the official model is an error in words, not a wrong vector."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"not the model")
    with pytest.raises(EmbeddingError, match="not the official model"):
        checked_weights(path)


def test_missing_weights_are_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError):
        MiniLmEmbeddings(tmp_path).embed_now(["text"])


@given(st.lists(st.integers(1, 256), max_size=60), st.integers(256, 4096))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    found = list(batches(lengths, budget))
    assert sorted(row for rows in found for row in rows) == list(range(len(lengths)))
    assert all(len(rows) * max(lengths[row] for row in rows) <= budget for rows in found)


@settings(max_examples=30)
@given(st.lists(st.text(), max_size=5))
def test_hashed_vectors_have_unit_length_or_none(texts: list[str]) -> None:
    vectors = HashedEmbeddings().embed_now(texts)
    lengths = np.linalg.norm(vectors, axis=1)
    assert vectors.shape == (len(texts), 512)
    assert all(length == 0 or abs(length - 1) < 1e-5 for length in lengths)


def test_hashed_vectors_are_the_same_in_every_process() -> None:
    """Python's hash is seeded by process; ours is not."""
    code = (
        "from service.knowledge.embedding.hashed import HashedEmbeddings as H;"
        "print(H().embed_now(['Où est mon colis ?']).tobytes().hex())"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert results == {(HashedEmbeddings().embed_now(["Où est mon colis ?"]).tobytes().hex() + "\n").encode()}


def test_hashed_vectors_know_spelling() -> None:
    vectors = HashedEmbeddings().embed_now(["gift card balance", "gift cards", "slow broadband"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


@given(st.integers(0, 3 * WINDOW + 5))
def test_a_long_passage_has_a_vector_for_each_part(count: int) -> None:
    """No word is left out, each part has title and heading, and every key leads back to its passage."""
    long = passage(" ".join(f"w{number}" for number in range(count)), title="Title", heading="Heading")
    entries = vector_entries([long])
    assert tuple(entries) == vector_keys(long)
    assert {passage_of(key) for key in entries} == {long.id}
    parts = [text.removeprefix("Title\nHeading\n") for text in entries.values()]
    assert " ".join(parts).split() == long.text.split()
    assert all(len(part.split()) <= WINDOW for part in parts)


class Endpoint:
    """An embedding endpoint that answers by the length of its texts, after the statuses that it is told first."""

    def __init__(self, *statuses: int, dimension: int = 3) -> None:
        self.statuses = list(statuses)
        self.dimension = dimension
        self.requests: list[dict[str, object]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(json.loads(request.content) | {"authorization": request.headers.get("authorization")})
        if self.statuses:
            return httpx.Response(self.statuses.pop(0), headers={"retry-after": "0"})
        texts = json.loads(request.content)["input"]
        rows = [
            {"index": place, "embedding": [len(text), *[1.0] * (self.dimension - 1)]}
            for place, text in enumerate(texts)
        ]
        return httpx.Response(200, json={"data": rows[::-1]})

    def embeddings(self) -> OpenAiEmbeddings:
        return OpenAiEmbeddings("http://x/v1", "k", "m", transport=httpx.MockTransport(self))


async def test_openai_vectors_come_in_order_and_in_batches() -> None:
    endpoint = Endpoint()
    embeddings = endpoint.embeddings()
    vectors = await embeddings.embed(["a" * number for number in range(1, 101)])
    assert vectors.shape == (100, 3)
    assert np.allclose(vectors[:, 0] / vectors[:, 1], np.arange(1, 101), rtol=1e-4)
    assert [len(request["input"]) for request in endpoint.requests] == [64, 36]  # type: ignore[arg-type]
    assert endpoint.requests[0]["authorization"] == "Bearer k"
    assert embeddings.dimension == 3
    await embeddings.close()


async def test_openai_tries_again_when_it_may_help() -> None:
    endpoint = Endpoint(429, 503)
    assert (await endpoint.embeddings().embed(["text"])).shape == (1, 3)
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize("statuses", [(401,), (500, 500, 500)])
async def test_openai_failures_are_ours(statuses: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_embeddings, "_FIRST_PAUSE_S", 0.0)
    with pytest.raises(EmbeddingError):
        await Endpoint(*statuses).embeddings().embed(["text"])


@pytest.mark.parametrize(
    "answer", [{}, {"data": []}, {"data": [{"index": 0}]}, [], {"data": [{"index": 0, "embedding": "x"}]}]
)
async def test_openai_nonsense_is_an_error(answer: object) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    with pytest.raises(EmbeddingError):
        await OpenAiEmbeddings("http://x/v1", None, "m", transport=transport).embed(["text"])


async def test_openai_may_not_change_its_dimension() -> None:
    endpoint = Endpoint()
    embeddings = endpoint.embeddings()
    await embeddings.embed(["text"])
    endpoint.dimension = 4
    with pytest.raises(EmbeddingError, match="dimensions"):
        await embeddings.embed(["text"])


def _plain_bert(ids: Sequence[int], weights: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    def dense(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    def normalised(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        centred = (values - values.mean(-1, keepdims=True)) / np.sqrt(values.var(-1, keepdims=True) + 1e-12)
        return np.asarray(centred * weights[f"{name}.weight"] + weights[f"{name}.bias"])

    hidden = weights["embeddings.word_embeddings.weight"][ids]
    hidden = hidden + weights["embeddings.position_embeddings.weight"][: len(ids)]
    hidden = normalised(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        parts = [dense(hidden, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        query, key, value = (part.reshape(len(ids), HEADS, -1).transpose(1, 0, 2) for part in parts)
        attention = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1]), axis=-1)
        joined = (attention @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        output = f"{name}.attention.output"
        hidden = normalised(hidden + dense(joined, f"{output}.dense"), f"{output}.LayerNorm")
        wide = dense(hidden, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        hidden = normalised(hidden + dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = hidden.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))
