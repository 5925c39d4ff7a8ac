"""The laws that need the whole pipeline, as scenarios: what happens, and the scores that follow.

Each returns lines of scores, a value a day; tests judge them and static/img/laws shows them.
"""

from scoring.laws import change, counting, explained, groups, open_servers
from scoring.laws.scenario import Lines, Scenario

SCENARIOS = (
    Scenario(1, "scale", "From nothing to billions", counting.scale, across="doublings"),
    Scenario(2, "one_more", "One more reactor, from day 15 on", counting.one_more),
    Scenario(3, "idle_network", "One more network, idle", change.idle_network),
    Scenario(4, "silent_posts", "Posts that nobody reacts to", counting.silent_posts),
    Scenario(5, "month_offline", "A month offline, and coming back", change.month_offline),
    Scenario(7, "viral_post", "A hugely popular post", change.viral_post),
    Scenario(8, "fewer_posts", "The same reshares on fewer posts", counting.fewer_posts),
    Scenario(9, "who_reacts", "Who reacts", counting.who_reacts),
    Scenario(10, "people_not_events", "People, not events", counting.people_not_events),
    Scenario(11, "days_not_fetched", "Days not fetched", explained.days_not_fetched),
    Scenario(11, "signal_not_given", "A signal not given", explained.signal_not_given),
    Scenario(12, "crowd", "A thousand accounts without an audience", groups.crowd),
    Scenario(12, "pod", "A pod of twenty", groups.pod),
    Scenario(12, "circle_of_friends", "A circle of twenty friends", groups.circle_of_friends),
    Scenario(12, "newcomer", "A newcomer with fifteen reactors", groups.newcomer),
    Scenario(12, "fleet", "A thousand very small accounts", groups.fleet),
    Scenario(12, "bought_followers", "Bought followers", groups.bought_followers),
    Scenario(12, "traded_plus_k", "+K of fifty people, and traded", groups.traded_plus_k),
    Scenario(12, "lone_server", "A server that lies", open_servers.lone_server),
    Scenario(12, "server_standing", "Who knows a server", open_servers.server_standing),
    Scenario(13, "parts_add_up", "The parts of all changes", explained.parts_add_up),
    Scenario(14, "another_version", "Another version from day 25 on", explained.another_version),
)

__all__ = ["SCENARIOS", "Lines", "Scenario"]
