"""The documents of the API are what they say they are, by the rules of those who make the formats."""

import json
import unittest
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator

from . import posthorn

ASYNCAPI_SCHEMA = Path(__file__).resolve().parents[1] / "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"


class Documents(unittest.TestCase):
    def test_openapi(self) -> None:
        document = posthorn.call("GET", "/openapi.json")
        self.assertEqual(document["openapi"], "3.1.0")
        openapi_spec_validator.OpenAPIV31SpecValidator(document).validate()

    def test_asyncapi(self) -> None:
        document = posthorn.call("GET", "/asyncapi.json")
        self.assertEqual(document["asyncapi"], "3.0.0")
        schema: dict[str, Any] = json.loads(ASYNCAPI_SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator(schema).validate(document)

    def test_the_rules_can_be_broken(self) -> None:
        schema: dict[str, Any] = json.loads(ASYNCAPI_SCHEMA.read_text(encoding="utf-8"))
        document = posthorn.call("GET", "/asyncapi.json") | {"channels": []}
        self.assertTrue(list(jsonschema.Draft7Validator(schema).iter_errors(document)))
