"""Tests send nothing beyond this machine: every well-formed URL becomes one that the guard of egress refuses unasked."""

from typing import Any

import schemathesis

REFUSED = "http://127.0.0.1:9/"
URL_FIELDS = ("url", "token_url")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    kept_here = _kept_here(case.body)
    if kept_here != case.body:
        case.body = kept_here


def _kept_here(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept_here(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _url_kept_here(item) if name in URL_FIELDS else _kept_here(item) for name, item in value.items()}


def _url_kept_here(value: Any) -> Any:
    return REFUSED if isinstance(value, str) and "//" in value else _kept_here(value)
