"""A native server in front of ONNX Runtime: mosec, whose HTTP part is Rust and hands bodies to a Python worker.

    mosec_server.py --port PORT        with MODEL=model.onnx and ENDPOINT=name in the environment
"""
import os

import orjson
from mosec import Runtime, Server, Worker
from onnx_model import OnnxModel


class Infer(Worker):
    def __init__(self):
        self.model = OnnxModel(os.environ["MODEL"])

    def deserialize(self, data):
        return orjson.loads(data)

    def forward(self, data):
        probability = self.model.infer(data["inputs"])
        return {"model_name": os.environ["ENDPOINT"], "model_version": "1", "outputs": [
            {"name": "probability", "datatype": "FP32", "shape": probability.shape, "data": probability}]}

    def serialize(self, data):
        return orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY)


if __name__ == "__main__":
    server = Server()
    server.register_runtime({f"/v2/models/{os.environ['ENDPOINT']}/infer": [Runtime(Infer, num=1)]})
    server.run()
