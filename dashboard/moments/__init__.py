"""Moments: the posts that moved people, who reacted, and who is worth an answer."""
