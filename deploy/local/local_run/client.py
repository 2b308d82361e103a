"""The REST API, as far as the demonstration needs it."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from local_services.messages import Failure

ANSWER_SECONDS_MAX = 30


class Client:
    def __init__(self, url: str, key: str) -> None:
        self.base = f"{url}/api/v1"
        self.key = key

    def get(self, path: str, **query: str | int) -> Any:
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._call("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._call("PATCH", path, body, "application/merge-patch+json")

    def _call(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> Any:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"authorization": f"Bearer {self.key}"} | ({"content-type": content_type} if data else {})
        request = urllib.request.Request(f"{self.base}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS_MAX) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Failure(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from error
        except OSError as error:
            raise Failure(f"{method} {path}: {error}") from error
        return json.loads(text) if text else None
