"""A certificate for loopback, and the authority that signed it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path
    authority: str


def made(folder: Path) -> Certificate:
    authority, file, key = folder / "authority.pem", folder / "certificate.pem", folder / "key.pem"
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    _openssl("req", "-x509", *new_key, "-subj", "/CN=Receivers", "-keyout", folder / "authority.key", "-out", authority)
    signed_by = ["-CA", authority, "-CAkey", folder / "authority.key"]
    extensions = ["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
    _openssl("req", "-x509", *new_key, *signed_by, *extensions, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", file)
    return Certificate(file, key, authority.read_text(encoding="ascii"))


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
