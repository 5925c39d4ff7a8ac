"""Places at a host: how many look-ups run there at once."""

import threading

import redis
from django.conf import settings

from dashboard import limits


def test_a_host_has_two_places_for_strangers() -> None:
    taken = [limits.take_place("a.example", name, signed_in=False, finished=()) for name in "123"]
    assert taken == [True, True, False]
    assert sorted(limits.running_at("a.example")) == ["1", "2"]


def test_another_host_has_places_of_its_own() -> None:
    for name in "12":
        limits.take_place("a.example", name, signed_in=False, finished=())
    assert limits.take_place("b.example", "3", signed_in=False, finished=())


def test_a_finished_look_up_gives_its_place_to_the_next() -> None:
    for name in "12":
        limits.take_place("a.example", name, signed_in=False, finished=())
    assert limits.take_place("a.example", "3", signed_in=False, finished=("1",))
    assert sorted(limits.running_at("a.example")) == ["2", "3"]


def test_people_who_are_signed_in_have_places_where_strangers_have_none() -> None:
    for name in "12":
        limits.take_place("a.example", name, signed_in=False, finished=())
    assert limits.take_place("a.example", "3", signed_in=True, finished=())


def test_a_place_is_lost_after_its_time() -> None:
    for name in "12":
        limits.take_place("a.example", name, signed_in=False, finished=())
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.zadd("klout:lookups-at:a.example", {"1": 1.0})
    assert limits.take_place("a.example", "3", signed_in=False, finished=())


def test_many_at_the_same_moment_never_take_more_places_than_there_are() -> None:
    taken: list[bool] = []
    start = threading.Barrier(8)

    def ask(name: str) -> None:
        start.wait()
        taken.append(limits.take_place("a.example", name, signed_in=False, finished=()))

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 2
