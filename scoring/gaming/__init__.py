"""Attacks on the score: what each does, and how many points it gains for us and for others."""
