"""A server that answers as several vendors' APIs do, for tests: our own descriptions and people."""
