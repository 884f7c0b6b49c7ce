"""Smaller ONNX files of BERT-like encoders: what the exports of all our models share."""
import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET = 17


def export_fp32(module, path, output, axes):
    """`module(input_ids, attention_mask)` as fp32 ONNX; `axes` names the output's dynamic axes."""
    ids = torch.ones(1, 8, dtype=torch.long)
    both = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        module, (ids, ids), path, opset_version=OPSET, dynamo=False, do_constant_folding=True,
        input_names=["input_ids", "attention_mask"], output_names=[output],
        dynamic_axes={"input_ids": both, "attention_mask": both, output: axes},
    )


def store_embeddings_int8(model):
    """Gather(int8 table) -> Cast -> Mul(Gather(scales)): a quarter of the bytes, one scale a row."""
    table = next(i for i in model.graph.initializer if "word_embeddings" in i.name)
    gather = next(n for n in model.graph.node if n.op_type == "Gather" and n.input[0] == table.name)
    weights = numpy_helper.to_array(table)
    scales = np.abs(weights).max(axis=1, keepdims=True) / 127
    rows = np.clip(np.round(weights / scales), -127, 127).astype(np.int8)
    model.graph.initializer.remove(table)
    model.graph.initializer.extend([
        numpy_helper.from_array(rows, "embedding_rows"), numpy_helper.from_array(scales.astype(np.float32), "embedding_scales"),
    ])
    ids, output = gather.input[1], gather.output[0]
    position = list(model.graph.node).index(gather)
    model.graph.node.remove(gather)
    for node in reversed([
        helper.make_node("Gather", ["embedding_rows", ids], ["embedding_int8"]),
        helper.make_node("Cast", ["embedding_int8"], ["embedding_float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["embedding_scales", ids], ["embedding_scale"]),
        helper.make_node("Mul", ["embedding_float", "embedding_scale"], [output]),
    ]):
        model.graph.node.insert(position, node)
    return model


def write_int8(fp32, scratch, target):
    """MatMul weights int8 per output channel with dynamic activations, the embedding table as int8 rows."""
    quantize_dynamic(
        fp32, scratch, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )
    onnx.save(store_embeddings_int8(onnx.load(scratch)), target)


def store_weights_int8(model):
    """Every large fp32 matrix becomes int8 with one scale a row (tables that are looked up) or a column (matrices that are
    multiplied), made fp32 again by a Cast and a Mul that the runtime folds when it loads."""
    tables = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}
    for initializer in list(model.graph.initializer):
        if initializer.data_type != TensorProto.FLOAT or len(initializer.dims) != 2 or np.prod(initializer.dims) < 1024:
            continue
        name, weights = initializer.name, numpy_helper.to_array(initializer)
        scales = np.abs(weights).max(axis=1 if name in tables else 0, keepdims=True) / 127
        rows = np.clip(np.round(weights / np.maximum(scales, 1e-12)), -127, 127).astype(np.int8)
        model.graph.initializer.remove(initializer)
        model.graph.initializer.extend([
            numpy_helper.from_array(rows, name + "_int8"), numpy_helper.from_array(scales.astype(np.float32), name + "_scale"),
        ])
        model.graph.node.insert(0, helper.make_node("Mul", [name + "_float", name + "_scale"], [name]))
        model.graph.node.insert(0, helper.make_node("Cast", [name + "_int8"], [name + "_float"], to=TensorProto.FLOAT))
    return model


def run(path, ids):
    """The first output for one row of ids."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.array([ids], dtype=np.int64)
    return session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
