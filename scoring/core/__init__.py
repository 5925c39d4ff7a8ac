"""The mathematics of the score: pure functions on arrays, without clock, files or settings."""
