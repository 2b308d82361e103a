"""Requests that nobody signed, made from one that somebody did."""

from collections.abc import Iterator

from .relay import Passed

Forgery = tuple[str, dict[str, str], bytes]
"""What it is, its headers and its body."""


def of(genuine: Passed, signature_name: str) -> Iterator[Forgery]:
    signature = genuine.headers[signature_name]

    def signed(value: str) -> dict[str, str]:
        return genuine.headers | {signature_name: value}

    without = {name: value for name, value in genuine.headers.items() if name != signature_name}
    last = "0" if signature[-1] != "0" else "1"
    yield "another body", genuine.headers, genuine.body.replace(b":", b": ", 1)
    yield "a longer body", genuine.headers, genuine.body + b" "
    yield "no body", genuine.headers, b""
    yield "no signature", without, genuine.body
    yield "an empty signature", signed(""), genuine.body
    yield "another signature", signed(signature[:-1] + last), genuine.body
    yield "half a signature", signed(signature[: len(signature) // 2]), genuine.body
    if not signature.endswith("="):  # what follows the padding of base64 is nothing to most decoders
        yield "a longer signature", signed(signature + "00"), genuine.body
    yield "no ASCII", signed("é" * len(signature)), genuine.body
    yield "another algorithm", signed("sha1=" + signature.removeprefix("sha256=")), genuine.body
    turned = signature.removeprefix("sha256=") if signature.startswith("sha256=") else f"sha256={signature}"
    yield "the other spelling", signed(turned), genuine.body
