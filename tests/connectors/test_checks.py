"""Interactions are checked by columns as one by one, and addresses by their shape as by parts."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.checks import check_interactions, check_record, web_address
from connectors.errors import BadPayload
from connectors.types import Actor, Direction, Interaction, Kind
from tests.connectors.records import NETWORK, NOW

ids = st.sampled_from(["a", "b", "ø", "x" * 255, "x" * 256, "", "a\0b", "\ud800"])
counts: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, 7, 5_000_000_000, 5_000_000_001, -1, 1.5, float("nan"), True, "7"]
)
moments = st.sampled_from(
    [
        NOW,
        NOW.astimezone(timezone(timedelta(hours=2))),
        datetime(2026, 2, 1),  # noqa: DTZ001
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
)
# Most are right, so that batches that pass are met too.
right = st.builds(
    Interaction,
    st.sampled_from([Kind.LIKE, Kind.COMMENT]),
    st.just(Direction.RECEIVED),
    st.builds(
        Actor, st.sampled_from(["a", "ø"]), st.just("a"), followers=st.sampled_from([None, 3])
    ),
    st.just("r"),
    st.just(NOW),
)
any_at_all = st.builds(
    Interaction,
    st.sampled_from(Kind),
    st.sampled_from(Direction),
    st.builds(Actor, ids, ids, followers=counts, following=counts),
    st.sampled_from(["r", ""]),
    moments,
    st.none() | moments,
)


# On a machine that is busy with other tests making the examples may be slow.
@given(st.lists(right, max_size=3), st.none() | any_at_all)
def test_a_batch_is_refused_just_where_one_of_it_would_be(
    records: list[Interaction], odd: Interaction | None
) -> None:
    records = records if odd is None else [*records, odd]

    def refusal(check: Any, *what: Any) -> str:
        try:
            check(NETWORK, *what)
        except BadPayload as refused:
            return str(refused)
        return ""

    one_by_one = next(filter(None, (refusal(check_record, one) for one in records)), "")
    assert refusal(check_interactions, records) == one_by_one


def test_web_addresses_are_told_from_others() -> None:
    fine = [
        "https://a.example",
        "http://a.example:80/x?y#z",
        "HTTPS://a.example/ø",
        "https://[::1]/",
    ]
    bad = ["", "https://", "javascript:alert(1)", "https://a.example/ x", "https://a.example/\n"]
    bad += ["https://a.example\n", "https://[::1", "https://a.example/" + "x" * 500, "//a.example"]
    assert [web_address(url) for url in fine] == fine
    assert {web_address(url) for url in bad} == {""}
