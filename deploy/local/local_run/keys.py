"""The two keys of an instance: made once, readable by their owner only.

The master key seals the secrets in the database, so it has to outlive every run.
"""

import base64
import os
import secrets
from pathlib import Path

ADMIN_KEY_VARIABLE = "POSTHORN_ADMIN_KEY"
MASTER_KEY_VARIABLE = "POSTHORN_MASTER_KEY"


def admin_file(folder: Path) -> Path:
    return folder / "admin.key"


def master_file(folder: Path) -> Path:
    return folder / "master.key"


def make_missing(folder: Path) -> None:
    """Keys that the caller brings in the environment take the place of the kept ones."""
    _keep(admin_file(folder), os.environ.get(ADMIN_KEY_VARIABLE), secrets.token_urlsafe(32))
    _keep(master_file(folder), os.environ.get(MASTER_KEY_VARIABLE), base64.b64encode(secrets.token_bytes(32)).decode())


def admin(folder: Path) -> str:
    return admin_file(folder).read_text(encoding="utf-8")


def _keep(file: Path, brought: str | None, made: str) -> None:
    if file.exists() and not brought:
        return
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(brought or made, encoding="utf-8")
    draft.rename(file)
