"""Steps that need each other, several at a time."""
