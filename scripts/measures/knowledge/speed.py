"""Measures how fast texts are embedded and passages found, with a peer beside."""

import asyncio
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np
import openvino
from safetensors.numpy import load

from scripts.measures.knowledge import metrics
from scripts.measures.knowledge.filled_base import BRAND, Filled, filled
from service.domain import Article
from service.knowledge.embedding.bert import sentence_bert
from service.knowledge.embedding.embeddings import Vectors, vector_entries
from service.knowledge.embedding.minilm import (
    MAX_TOKENS,
    MiniLmEmbeddings,
    checked_weights,
    installed_folder,
    open_tokenizer,
)
from service.knowledge.finding.retrieval import PassageFinder
from service.knowledge.reading import read_path
from service.knowledge.splitting.splitting import split

_BATCH = 32
_KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge" / "larkline"
_LEAST_WORDS = 50
_SYLLABLES = tuple(start + vowel for start in "bcdfghjklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "er", "on"))


def embedding(rounds: int = 5) -> dict[str, float]:
    """
    Return milliseconds for a question and for 32 texts of the demo knowledge as ingest embeds them, with the peer's.

    The peer is Chroma's default embedding function as far as it can be had without a download: the same model, 32
    texts at a time, each padded to 256 tokens, in single precision. It runs in our runtime, which is faster than
    onnxruntime, so the ratio is a lower bound.
    """
    ours, peer = MiniLmEmbeddings(), _Padded()
    question, passages = "How do I get my money back when a parcel is lost?", _real_passages()
    ours.embed_now([question])
    figures = {
        "question_ms": _median_ms(lambda: ours.embed_now([question]), rounds * 10),
        "question_peer_ms": _median_ms(lambda: peer.embed_now([question]), rounds),
        "passages_ms": _median_ms(lambda: ours.embed_now(passages), rounds),
        "passages_peer_ms": _median_ms(lambda: peer.embed_now(passages), rounds),
    }
    return figures | {"times_faster": figures["passages_peer_ms"] / figures["passages_ms"]}


async def finding(passages: int, kept: Path | None = None, questions: int = 300) -> dict[str, float]:
    """
    Return milliseconds a question on a base of so many passages (see filled_base), through SQL, Chroma and keywords.

    The questions are ten words of an article in a row. Beside it what a plain dense search takes, and the seconds until
    one changed article, and then the generation before it, is served.
    """
    async with filled(passages, kept=kept) as base:
        start = time.perf_counter()
        await base.finder.find(BRAND, "warm")
        opened = time.perf_counter() - start
        asked = await base.questions(questions)
        times, computing = await _timed(base.finder, asked)
        memory = _resident_mb()
        peer = await _dense_ms(base, asked[:50])
        changed = await _changed_s(base)
        count = len((await base.finder.shelf(BRAND)).rows)
    return {
        "passages": count,
        "p50_ms": metrics.percentile(times, 0.5),
        "p95_ms": metrics.percentile(times, 0.95),
        "computing_p50_ms": metrics.percentile(computing, 0.5),
        "dense_peer_p50_ms": metrics.percentile(peer, 0.5),
        "first_find_s": opened,
        "memory_mb": memory,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    } | changed


async def _timed(finder: PassageFinder, asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return of each question the milliseconds that passed, and those that all threads computed."""
    times, computing = [], []
    for text in asked:
        start, cpu = time.perf_counter(), time.process_time()
        await finder.find(BRAND, text)
        times.append((time.perf_counter() - start) * 1000)
        computing.append((time.process_time() - cpu) * 1000)
    return times, computing


async def _changed_s(base: Filled) -> dict[str, float]:
    """Return the seconds from the start of an ingest of one changed article, and of its rollback, to the next find."""
    article, served = await base.article(base.articles // 2), await base.store.generation(BRAND)
    changed = replace(article, text=f"{article.text}\n\nThe zanzibar voucher is worth 12 euros.")
    start = time.perf_counter()
    ingest = asyncio.create_task(_ingested(base, changed))
    while (await base.finder.shelf(BRAND)).generation == served:  # noqa: ASYNC110 - as a request would see it
        await asyncio.sleep(0.005)
    found = await base.finder.find(BRAND, "zanzibar voucher")
    changed_s = time.perf_counter() - start
    if found.passages[0].passage.article != article.source:
        raise RuntimeError("the changed article is not found")
    await ingest
    ended = time.perf_counter() - start
    start = time.perf_counter()
    await base.ingest.roll_back(BRAND, served)
    await base.finder.find(BRAND, "zanzibar voucher")
    return {"changed_served_s": changed_s, "changed_report_s": ended, "rolled_back_s": time.perf_counter() - start}


async def _ingested(base: Filled, article: Article) -> None:
    await base.ingest.apply(await base.ingest.plan_articles([article], BRAND))


async def _dense_ms(base: Filled, asked: Sequence[str]) -> list[float]:
    """Return milliseconds of what a plain dense search does: Chroma's way to embed, then Chroma's five nearest."""
    model, times = _Padded(), []
    for text in asked:
        start = time.perf_counter()
        await base.vectors.nearest(BRAND, model.embed_now([text])[0], 5)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _resident_mb() -> float:
    """Return this process's memory now; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20 if statm.exists() else 0.0


class _Padded:
    """All texts at the model's full length, as Chroma's default function has them."""

    def __init__(self) -> None:
        self._tokenizer = open_tokenizer(installed_folder() / "tokenizer.json")
        self._tokenizer.enable_padding(length=MAX_TOKENS)
        network = sentence_bert(load(checked_weights(installed_folder() / "model.safetensors")))
        hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        self._compiled = openvino.Core().compile_model(network, "CPU", hints)

    def embed_now(self, texts: Sequence[str]) -> Vectors:
        ids = np.array([encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))], np.int32)
        request = self._compiled.create_infer_request()
        request.infer([ids])
        return np.array(request.get_output_tensor().data)


class Synthetic(MiniLmEmbeddings):
    """Random vectors for passages, which would take an hour to embed; the model's own for a question."""

    id = "synthetic"

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == 1:
            return await super().embed(texts)
        rows = [np.random.default_rng(crc32(text.encode())).standard_normal(self.dimension) for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32)


def _real_passages() -> list[str]:
    """Return the first 32 texts that ingest would embed, of at least fifty words each."""
    articles = (each for each in read_path(_KNOWLEDGE, BRAND) if isinstance(each, Article))
    texts = (text for article in articles for text in vector_entries(split(article)).values())
    return list(islice((text for text in texts if len(text.split()) >= _LEAST_WORDS), _BATCH))


def zipf_text(count: int, seed: int) -> str:
    """Return words whose frequencies fall as those of a language do (Zipf), out of 50 000."""
    dice = random.Random(seed)
    return " ".join(_word(int(50_000 ** dice.random())) for _ in range(count))


@cache
def _word(rank: int) -> str:
    dice = random.Random(rank)
    syllables = dice.choices(_SYLLABLES, k=dice.choice((2, 3, 3, 4)))
    return "".join(syllables)


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return metrics.percentile(times, 0.5)
