"""Attacks have people of their own, and do what their title says."""

from datetime import UTC, datetime, timedelta

from scoring.gaming import attacks, towns
from scoring.gaming.attacks import ATTACKS, Acts, Scene, SeenPost, placed

FIRST = datetime(2026, 3, 2, tzinfo=UTC)


def posts_of(account: int, days: int) -> list[SeenPost]:
    return [SeenPost(f"{account}-{n}", FIRST + timedelta(days=n, hours=8)) for n in range(days)]


def test_no_account_is_attacked_twice() -> None:
    for quick in (False, True):
        targets = placed(ATTACKS, 400, quick=quick)
        accounts = [account for target in targets for account in target.accounts]
        assert len(set(accounts)) == len(accounts)
        # Stories take the first 52 numbers: nobody of them is made to measure.
        assert min(accounts) > 52
        assert {target.attack for target in targets} == {attack.word for attack in ATTACKS}


def test_each_member_of_a_pod_is_acted_on_by_all_others_only() -> None:
    targets = placed([attacks.POD_OF_TWENTY], 400, quick=True)
    members = {target.account for target in targets}
    posts = {account: posts_of(account, 2) for account in members}
    assert attacks.POD_OF_TWENTY.play is not None
    deeds = list(attacks.POD_OF_TWENTY.play(Scene(targets, posts, {}, FIRST, 2)))
    likes = [deed for deed in deeds if isinstance(deed, Acts) and deed.kind == "like"]
    assert len(likes) == 20 * 2
    for deed in likes:
        assert set(deed.actors) == members - {deed.account}


def test_bait_is_answered_by_each_stranger_once() -> None:
    targets = placed([attacks.REPLY_BAIT], 400, quick=False)
    posts = {target.account: posts_of(target.account, 5) for target in targets}
    assert attacks.REPLY_BAIT.play is not None
    deeds = list(attacks.REPLY_BAIT.play(Scene(targets, posts, {}, FIRST, 5)))
    who = [actor for deed in deeds if isinstance(deed, Acts) for actor in deed.actors]
    assert len(who) == len(set(who)) == 3 * 5 * attacks.REPLIES_A_DAY


def test_the_two_runs_of_the_fediverse_differ_in_the_attacks_only() -> None:
    control, attacked = (towns.fediverse(FIRST, 30, 20, attacked=which) for which in (False, True))
    assert control.others == attacked.others
    assert [c.key for c in control.citizens()] == [c.key for c in attacked.citizens()]
    changed = {
        a.key for a, b in zip(attacked.citizens(), control.citizens(), strict=True) if a != b
    }
    attacked_ones = {c.key for lone in attacked.people for c in (lone.account, *lone.linked)}
    assert changed <= attacked_ones
    claimed = attacked.people[0].account
    assert claimed.followers == towns.CLAIMED_FOLLOWERS
    assert all(post.at >= (FIRST + timedelta(days=20)).isoformat() for post in claimed.posts)


def test_a_lone_server_names_ten_thousand_different_favouriters() -> None:
    claimed = towns.fediverse(FIRST, 60, 32, attacked=True).people[0].account
    named = {
        (group.name, group.first + n)
        for post in claimed.posts
        for group in post.liked_by
        for n in range(group.count)
    }
    assert len(named) == towns.FAVOURITERS
