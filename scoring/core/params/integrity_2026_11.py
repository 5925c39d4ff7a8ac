"""What version 2026.11 does not count in full: every number with its source or its reason."""

from scoring.core.params.definition import Integrity

INTEGRITY = Integrity(
    # A group of up to five gains a member less than two points even without this, and families and
    # small teams are such groups: with three common partners (a group of five) a pair is free,
    # with six (a group of eight) it is wholly one of a ring.
    ring_partners=(3.0, 6.0),
    # Among random pairs of a community of fifty the common share is below 0.2, in a pod near 1.
    ring_density=(0.3, 0.6),
    # Whoever has half of their reactors outside the ring loses nothing (law 12).
    ring_share=1.0,
    # With nobody outside, one person and a twentieth of the rest: a pod of twenty then gains 1.6
    # points at most, two or a tenth of the rest let it gain 2.3 (law 12).
    ring_people=1.0,
    ring_floor=0.05,
    # Accounts of 5 to 14 followers: a fleet can make so many by following one another.
    low_class=1,
    # In the sample network a fifth of all reactors are of class 1, on viral posts too: as many as
    # all others together is far from any of them.
    low_share=1.0,
    # A newcomer among newcomers: law 12 speaks of fifteen people.
    low_people=20.0,
    # Seventeen weeks: the sum of four months' usual growth is then larger than most steps.
    step_days=119,
    # Twice the size in two months, and a quarter more at once, raise no question.
    step_factor=1.25,
    # A class or an office that joins on one day.
    step_people=25.0,
    # Pairs: the median of followers per interacting person is 127 to 159 for accounts of 10 to
    # 1,000 such people (567 accounts), and nearly the same over that whole range.
    followers_per_reactor=150.0,
    # The rule of the specification: a hundredfold in a day.
    held_factor=100.0,
    # From nothing to a thousand in a day happens to people who are named on television.
    held_people=10.0,
    # An ordinary account (class 3 begins at 50): score 31 with what is usual beside it.
    neutral_followers=100.0,
    # A server's standing should not swing with a fortnight's holiday; after four half-lives a vote
    # is a sixteenth.
    server_half_life_days=14.0,
    server_days=56,
    # PageRank's 0.85 lets a ring of servers make nearly seven times of what reaches it; with a
    # half it is twice, and nothing of nothing in any case.
    server_damping=0.5,
    # One whole ordinary person who turns to a server: a vote shared among twenty servers is none.
    server_least_standing=1.0,
    # As many as very small accounts: removals need no proof, so a fleet could opt out.
    nameless_people=20.0,
    # A year: what was found wrong once should be looked at again by then.
    lifted_days=365,
    # A twentieth of a point is not seen on any page.
    least_points=0.05,
)
