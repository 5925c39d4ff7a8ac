"""The laws that need the whole pipeline, as scenarios: what happens, and the scores that follow.

Each returns lines of scores, a value a day; tests judge them and docs/laws shows them.
"""

from scoring.laws import change, groups
from scoring.laws.scenario import Lines, Scenario

SCENARIOS = (
    Scenario(3, "idle_network", "One more network, idle", change.idle_network),
    Scenario(5, "month_offline", "A month offline, and coming back", change.month_offline),
    Scenario(7, "viral_post", "A hugely popular post", change.viral_post),
    Scenario(12, "crowd", "A thousand accounts without an audience", groups.crowd),
    Scenario(12, "pod", "A pod of twenty", groups.pod),
    Scenario(12, "circle_of_friends", "A circle of twenty friends", groups.circle_of_friends),
    Scenario(12, "newcomer", "A newcomer with fifteen reactors", groups.newcomer),
    Scenario(12, "fleet", "A thousand very small accounts", groups.fleet),
    Scenario(12, "bought_followers", "Bought followers", groups.bought_followers),
)

__all__ = ["SCENARIOS", "Lines", "Scenario"]
