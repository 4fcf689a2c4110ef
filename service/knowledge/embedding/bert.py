"""BERT with mean pooling as an OpenVINO graph, built from the weights: no ONNX file and no torch."""

from collections.abc import Mapping

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops

Weights = Mapping[str, NDArray[np.float32]]

LAYERS = 6
HEADS = 12
EPSILON = 1e-12


def sentence_bert(weights: Weights) -> openvino.Model:
    """Return the network: token ids (batch, length; 0 pads on the right) → unit vectors (batch, width)."""
    ids = ops.parameter([-1, -1], np.int32, name="ids")
    mask = ops.convert(ops.not_equal(ids, np.int32(0)), "f32")
    hidden = _embedded(ids, weights)
    for layer in range(LAYERS):
        hidden = _layer(hidden, _attention_bias(mask), weights, f"encoder.layer.{layer}.")
    return openvino.Model([_pooled(hidden, mask)], [ids], "sentence-bert")


def _embedded(ids: openvino.Node, weights: Weights) -> openvino.Node:
    length = ops.gather(ops.shape_of(ids, "i32"), np.int32(1), np.int32(0))
    positions = ops.range(np.int32(0), length, np.int32(1), "i32")
    words = ops.gather(_constant(weights, "embeddings.word_embeddings.weight"), ids, np.int32(0))
    places = ops.gather(_constant(weights, "embeddings.position_embeddings.weight"), positions, np.int32(0))
    sentence = weights["embeddings.token_type_embeddings.weight"][0]
    return _normalised(ops.add(ops.add(words, places), sentence), weights, "embeddings.LayerNorm.")


def _attention_bias(mask: openvino.Node) -> openvino.Node:
    """Return 0 where there is a token and a number that softmax turns into 0 where there is padding."""
    padding = ops.multiply(ops.subtract(np.float32(1), mask), np.float32(-1e4))
    return ops.unsqueeze(padding, np.array([1, 2]))


def _layer(hidden: openvino.Node, bias: openvino.Node, weights: Weights, prefix: str) -> openvino.Node:
    query, key, value = (
        _heads(_dense(hidden, weights, f"{prefix}attention.self.{part}.")) for part in ("query", "key", "value")
    )
    attended = ops.transpose(ops.scaled_dot_product_attention(query, key, value, bias), np.array([0, 2, 1, 3]))
    joined = ops.reshape(attended, np.array([0, 0, -1]), special_zero=True)
    attention = _dense(joined, weights, f"{prefix}attention.output.dense.")
    middle = _normalised(ops.add(hidden, attention), weights, f"{prefix}attention.output.LayerNorm.")
    wide = ops.gelu(_dense(middle, weights, f"{prefix}intermediate.dense."), "erf")
    narrow = _dense(wide, weights, f"{prefix}output.dense.")
    return _normalised(ops.add(middle, narrow), weights, f"{prefix}output.LayerNorm.")


def _heads(hidden: openvino.Node) -> openvino.Node:
    return ops.transpose(ops.reshape(hidden, np.array([0, 0, HEADS, -1]), special_zero=True), np.array([0, 2, 1, 3]))


def _dense(hidden: openvino.Node, weights: Weights, prefix: str) -> openvino.Node:
    product = ops.matmul(hidden, _constant(weights, prefix + "weight"), transpose_a=False, transpose_b=True)
    return ops.add(product, weights[prefix + "bias"])


def _constant(weights: Weights, name: str) -> openvino.Node:
    """Return a node of the array; given as an array, each number would become a Python object on the way."""
    return ops.constant(weights[name])


def _normalised(hidden: openvino.Node, weights: Weights, prefix: str) -> openvino.Node:
    centred = ops.mvn(hidden, np.array([-1]), normalize_variance=True, eps=EPSILON, eps_mode="inside_sqrt")
    return ops.add(ops.multiply(centred, weights[prefix + "weight"]), weights[prefix + "bias"])


def _pooled(hidden: openvino.Node, mask: openvino.Node) -> openvino.Node:
    """Return the mean over the tokens, scaled to unit length (the scaling makes dividing by their number needless)."""
    total = ops.reduce_sum(ops.multiply(hidden, ops.unsqueeze(mask, np.array([2]))), np.array([1]))
    return ops.normalize_l2(total, np.array([1]), EPSILON, "max")
