"""model.onnx of an artifact behind the same question as Millrace's server: infer tensors in, probabilities out.

One session, one thread: what one core can do. Used by the Python server, by Triton's model and by model_time.py.
"""
import numpy
import onnxruntime


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class OnnxModel:
    def __init__(self, path):
        self.session = session(path)
        self.texts = {one.name for one in self.session.get_inputs() if one.type == "tensor(string)"}

    def column(self, name, values):
        """[rows, 1] as the graph wants it (docs/formats.md): missing texts are empty, missing numbers NaN, dates days."""
        if name in self.texts:
            return numpy.array(["" if value is None else value for value in values], object).reshape(-1, 1)
        if isinstance(values[0], str):
            values = numpy.array(values, "datetime64[D]").astype(numpy.int64)
        return numpy.array(values, numpy.float64).reshape(-1, 1)

    def run(self, feeds):
        return self.session.run(["probability"], feeds)[0]

    def infer(self, inputs):
        """`inputs` of an infer request to probabilities, [rows]."""
        return self.run({one["name"]: self.column(one["name"], one["data"]) for one in inputs}).ravel()
