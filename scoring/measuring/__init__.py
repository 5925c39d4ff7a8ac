"""The values of signals: what each account's stored rows come to, by recipe.

Set-based: a fixed number of queries however many accounts are asked for. Each account gives at most
so many of its newest rows (MOST_POSTS, MOST_ACTS), so that nobody's page reads without end.
"""

from scoring.measuring.values import Values, measured

__all__ = ["Values", "measured"]
