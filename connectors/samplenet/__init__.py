"""The sample network: a small HTTP server with an invented population, run as its own process.

It knows nothing of the rest of the project: no scoring, no rows, no Django. What it does is
described in docs/sample-network.md.
"""
