"""What PostgreSQL keeps of a password, in the form of RFC 5803."""

import base64
import hashlib
import hmac
import secrets

ITERATIONS = 1
"""They make guessing slow, and there is nothing to guess in 128 random bits. Each connection would compute all of them: with
PostgreSQL's own 4,096 that is most of the processor time of a test of the store."""
SALT_BYTES = 16


def verifier(password: str) -> str:
    """Taken by PostgreSQL in place of the password, which it never sees."""
    salt = secrets.token_bytes(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{_base64(salt)}${_base64(stored_key)}:{_base64(server_key)}"


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
