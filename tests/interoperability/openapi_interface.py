"""A server's OpenAPI document, and its answers held against the document's schemas: for serving_openapi.py."""

import functools
import json

from openapi_schema_validator import OAS30Validator

import serving


class Interface:
    """What the document says, and the server that gave it."""

    def __init__(self, server: serving.Server, tokens):
        self.server = server
        self.use, self.admin = ({"Authorization": f"Bearer {token}"} for token in tokens)
        status, headers, content = server.ask("GET", "/v2/openapi.json", headers=self.use)
        assert (status, headers["Content-Type"]) == (200, "application/json")
        self.document = json.loads(content)

    def operations(self):
        for path, item in self.document["paths"].items():
            yield from ((path, method.upper(), item[method]) for method in item if method != "parameters")

    def check_value(self, schema, value, what):
        whole = schema | {"components": self.document["components"]}  # for its references
        errors = [error.message for error in OAS30Validator(whole).iter_errors(value)]
        assert not errors, (what, errors, value)

    def resolved(self, part):
        """What a reference is to, or the part itself."""
        if "$ref" not in part:
            return part
        return functools.reduce(dict.__getitem__, part["$ref"].split("/")[1:], self.document)

    def check_headers(self, described, answered, what):
        """Besides those that HTTP wants, an answer has those that the document has."""
        for name in set(answered) - {"Content-Type", "Content-Length", "Connection"}:
            assert name in described.get("headers", {}), (what, name)
            schema = self.resolved(described["headers"][name])["schema"]
            self.check_value(schema, int(answered[name]) if schema["type"] == "integer" else answered[name], what)

    def ask(self, operation, target, method, body, headers, expected):
        """Asks and compares the answer with the document."""
        status, answered, content = self.server.ask(method, target, body, headers)
        what = (method, target, body, status, content)
        assert status in expected, what
        described = self.resolved(operation["responses"].get(str(status)) or operation["responses"]["default"])
        self.check_headers(described, answered, what)
        kind = answered["Content-Type"].split(";")[0]
        assert kind in described["content"], (what, kind)
        schema = described["content"][kind]["schema"]
        if kind == "application/octet-stream":
            size = int(answered["Inference-Header-Content-Length"])
            schema, content = operation["responses"]["200"]["content"]["application/json"]["schema"], content[:size]
        value = content.decode() if kind == "text/plain" else json.loads(content)
        self.check_value(schema, value, what)
        return value

    def check_request(self, operation, body):
        """What the server takes is what the document allows."""
        if body is not None:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            self.check_value(schema, body, operation["summary"])
