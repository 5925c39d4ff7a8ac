"""A server that answers as X's API does, for tests: our own description, people and numbers."""
