"""How hard Hypothesis tries here: as for the scoring's core, without a clock over each example."""

from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True, database=None)
settings.load_profile("quick")
