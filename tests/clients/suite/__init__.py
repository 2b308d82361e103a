"""Posthorn, seen from outside: other people's libraries publish to it and verify what it delivers."""
