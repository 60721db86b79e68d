"""The model for Triton's Python back end, the one that comes with the wheel nvidia-pytriton: copied beside model.onnx and
onnx_model.py as VERSION/model.py of a model repository."""
import sys
from pathlib import Path

import triton_python_backend_utils as triton

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from onnx_model import OnnxModel  # noqa: E402


class TritonPythonModel:
    def initialize(self, arguments):
        self.model = OnnxModel(str(HERE / "model.onnx"))
        self.names = [one.name for one in self.model.session.get_inputs()]

    def feeds(self, request):
        columns = {}
        for name in self.names:
            values = triton.get_input_tensor_by_name(request, name).as_numpy().ravel()
            columns[name] = self.model.column(name, [value.decode() for value in values] if values.dtype == object
                                              else values)
        return columns

    def execute(self, requests):
        return [triton.InferenceResponse([triton.Tensor("probability", self.model.run(self.feeds(request)))])
                for request in requests]
