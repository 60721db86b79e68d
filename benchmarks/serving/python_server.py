"""The usual Python server, as fast as it is usually made: FastAPI without a validated body, uvicorn on uvloop and
httptools, orjson, ONNX Runtime.

    python_server.py MODEL.onnx ADDRESS_FILE
"""
import socket
import sys
from pathlib import Path

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from onnx_model import OnnxModel

model = OnnxModel(sys.argv[1])
app = FastAPI()


@app.post("/v2/models/{name}/infer")
async def infer(name: str, request: Request):
    # A model of some microseconds is run where it is asked for: handing it to another thread would cost more.
    asked = orjson.loads(await request.body())
    probability = model.infer(asked["inputs"])
    answer = {"model_name": name, "model_version": "1", "outputs": [
        {"name": "probability", "datatype": "FP32", "shape": probability.shape, "data": probability}]}
    return Response(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(4096)
host, port = listener.getsockname()
Path(sys.argv[2]).write_text(f"{host}:{port}\n")
uvicorn.Server(uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning",
                              access_log=False)).run(sockets=[listener])
