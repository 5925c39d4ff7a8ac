"""A small Meta Graph for tests: Instagram, Threads and Facebook, as one process."""
