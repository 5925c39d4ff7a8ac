"""The public pages on what the score promises, and on how good it is."""
