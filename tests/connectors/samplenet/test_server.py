"""The API, the pages, limits, faults and the state of the sample network's server."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from connectors.samplenet import state
from connectors.samplenet.limits import Buckets, Fault, Faults
from tests.connectors.samplenet.conftest import NOW, make_app, make_state
from tests.sample_server import SampleServer, start_sample_server, stop_sample_server


def paged(web: FlaskClient, path: str, name: str) -> Iterator[list[dict[str, object]]]:
    """Yield the pages of a listing."""
    cursor = ""
    while True:
        page = web.get(f"{path}cursor={cursor}").get_json()
        yield page[name]
        cursor = page["next_cursor"]
        if cursor is None:
            return


@pytest.mark.parametrize(
    ("path", "name", "size"),
    [
        ("/api/v1/directory?", "accounts", 200),
        ("/api/v1/accounts/6/interactions?", "interactions", 1_000),
        ("/api/v1/accounts/6/sent?", "interactions", 1_000),
        ("/api/v1/accounts/4/posts?", "posts", 200),
        ("/api/v1/accounts/6/interactions?since=2026-02-01&", "interactions", 1_000),
    ],
)
def test_pages_are_complete_and_without_doubles(path: str, name: str, size: int) -> None:
    web = make_app(make_state(people=450)).test_client()
    pages = list(paged(web, path, name))
    assert all(len(page) == size for page in pages[:-1])
    ids = [row["id"] for page in pages for row in page]
    assert len(ids) == len(set(ids))
    if name != "accounts":
        moments = [str(row["created_at"]) for page in pages for row in page]
        assert moments == sorted(moments, reverse=True)
    else:
        assert len(ids) == 450


def test_a_page_stays_the_same_when_new_rows_arrive(web: FlaskClient) -> None:
    path = "/api/v1/accounts/6/interactions"
    first = web.get(path).get_json()
    second = web.get(f"{path}?cursor={first['next_cursor']}").get_json()
    web.post("/control/advance", json={"days": 1})
    assert web.get(path).get_json() != first
    assert web.get(f"{path}?cursor={first['next_cursor']}").get_json() == second


def test_since_is_a_day_or_a_moment(web: FlaskClient) -> None:
    path = "/api/v1/accounts/1/interactions?since="
    day = web.get(path + "2026-02-27").get_json()["interactions"]
    moment = web.get(path + "2026-02-27T12:00:00Z").get_json()["interactions"]
    assert 0 < len(moment) < len(day)
    assert min(row["created_at"] for row in day) >= "2026-02-27T00:00:00Z"
    assert min(row["created_at"] for row in moment) >= "2026-02-27T12:00:00Z"
    assert web.get(path + "2027-01-01").get_json()["interactions"] == []
    days = web.get("/api/v1/accounts/1/audience?since=2026-02-27").get_json()["days"]
    assert [row["day"] for row in days] == ["2026-03-01", "2026-02-28", "2026-02-27"]


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "since=99999-01-01",
        "cursor=abc",
        "cursor=1",
        "cursor=1.x",
        "cursor=-1.2",
        f"cursor={'9' * 100}.1",
        "cursor=²³.¹",
    ],
)
def test_bad_parameters_are_refused_in_words(web: FlaskClient, query: str) -> None:
    answer = web.get(f"/api/v1/accounts/1/interactions?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "bad_request"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/accounts/0",
        "/api/v1/accounts/99999999",
        "/api/v1/accounts/99999999999999999999999",
        "/api/v1/accounts/x/posts",
        "/api/v1/accounts/lookup",
        "/api/v1/nothing",
    ],
)
def test_what_is_not_there_is_404_as_json(web: FlaskClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert answer.get_json()["error"] == "not_found"


def test_post_counts_are_the_interactions_that_the_api_lists(web: FlaskClient) -> None:
    posts = web.get("/api/v1/accounts/1/posts").get_json()["posts"]
    acts = [
        row
        for page in paged(web, "/api/v1/accounts/1/interactions?", "interactions")
        for row in page
    ]
    words = {"like": "likes", "reshare": "reshares", "comment": "comments", "quote": "quotes"}
    for post in posts[:30]:
        listed = [act["kind"] for act in acts if act["post_id"] == post["id"]]
        told = {word: listed.count(kind) for kind, word in words.items()}
        saves = post["counts"].pop("saves")
        assert post["counts"] == told
        # Some of those who react, and nobody is told who.
        assert 0 <= saves <= sum(told.values())
    assert {act["kind"] for act in acts} <= {"mention", "follow", *words}


def test_saves_can_be_added_and_taken_back_by_hand_and_name_nobody(web: FlaskClient) -> None:
    address = "/api/v1/accounts/9/posts"
    post = web.get(address).get_json()["posts"][0]
    before = web.get("/api/v1/accounts/9/interactions").get_json()["interactions"]
    row = {"account": 9, "post_id": post["id"], "count": 5_000}
    assert web.post("/control/saves", json=[row]).status_code == 200
    saves = post["counts"]["saves"]
    assert web.get(address).get_json()["posts"][0]["counts"]["saves"] == saves + 5_000
    assert web.get("/api/v1/accounts/9/interactions").get_json()["interactions"] == before
    assert web.post("/control/saves", json=[row | {"count": -5_000}]).status_code == 200
    assert web.get(address).get_json()["posts"][0]["counts"] == post["counts"]
    for wrong in ({"post_id": "7"}, {"count": "many"}, {"count": 10**10}, {"account": 10**8}):
        assert web.post("/control/saves", json=[row | wrong]).status_code == 400


def test_who_only_reacts_has_a_profile_and_no_history(web: FlaskClient) -> None:
    acts = web.get("/api/v1/accounts/6/interactions").get_json()["interactions"]
    actor = next(act["actor"] for act in acts if int(act["actor"]["id"]) > 1_000_000)
    told = web.get(f"/api/v1/accounts/lookup?handle={actor['handle']}").get_json()
    assert told["id"] == actor["id"]
    assert told["followers"] == actor["followers"]
    for part, name in (("posts", "posts"), ("interactions", "interactions")):
        assert web.get(f"/api/v1/accounts/{actor['id']}/{part}").get_json()[name] == []
    assert web.get(f"/@{actor['handle']}").status_code == 200


def test_links_of_the_api_lead_to_pages(web: FlaskClient) -> None:
    post = web.get("/api/v1/accounts/1/posts").get_json()["posts"][40]
    profile = web.get("/api/v1/accounts/1").get_json()
    for url in (post["url"], profile["url"]):
        answer = web.get(url.removeprefix("http://localhost"))
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "all people here are invented" in text
        assert "Vera Lindqvale" in text
    shown = web.get(post["url"].removeprefix("http://localhost")).get_data(as_text=True)
    assert shown.count("<li>") == sum(post["counts"].values())
    assert web.get("/?page=2").status_code == 200


@pytest.mark.parametrize(
    "path", ["/@nobody", "/@vera.lindqvale/1", "/@vera.lindqvale/x", "/?page=0", "/?page=99"]
)
def test_a_missing_page_says_so(web: FlaskClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert '<html lang="en">' in answer.get_data(as_text=True)


def test_callers_over_the_limit_wait_and_others_do_not() -> None:
    web = make_app(requests_per_minute=5).test_client()
    answers = [web.get("/api/v1/accounts/1") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[:5]] == list("43210")
    assert answers[0].headers["X-RateLimit-Limit"] == "5"
    assert int(answers[5].headers["X-RateLimit-Reset"]) > datetime.now(UTC).timestamp()
    assert 1 <= int(answers[5].headers["Retry-After"]) <= 13
    # A token has a bucket of its own: the answer is about the token.
    other = web.get("/api/v1/accounts/1", headers={"Authorization": "Bearer other"})
    assert other.status_code == 401
    assert web.get("/healthz").status_code == 200


def test_a_bucket_fills_up_with_time() -> None:
    now = [0.0]
    buckets = Buckets(60, lambda: now[0])
    assert [buckets.take("a").wait_seconds for _ in range(61)] == [0] * 60 + [2]
    now[0] += 2
    assert [buckets.take("a").wait_seconds > 0 for _ in range(3)] == [False, False, True]
    now[0] += 3_600
    assert buckets.take("a").remaining == 59


def test_faults_meet_their_path_and_what_is_below_as_often_as_told() -> None:
    faults = Faults()
    faults.add(Fault("/api/v1/accounts/1", 500, "", 2, 3, 0))
    assert faults.next("/api/v1/accounts/12", "/api/v1/accounts/12") is None
    assert faults.next("/api/v1/accounts/1", "/api/v1/accounts/1") is not None
    below = "/api/v1/accounts/1/posts"
    assert faults.next(below, below) is not None
    assert faults.next(below, below) is None
    faults.add(Fault("/api/v1/accounts/lookup?handle=a", 404, "", 1, 3, 0))
    lookup = "/api/v1/accounts/lookup"
    assert faults.next(lookup, f"{lookup}?handle=b") is None
    assert faults.next(lookup, f"{lookup}?handle=a") is not None


@pytest.mark.parametrize("row", [{}, {"match": "/api"}, {"match": "/api", "mode": "odd"}])
def test_a_fault_that_is_none_is_refused(web: FlaskClient, row: dict[str, str]) -> None:
    assert web.post("/control/faults", json=row).status_code == 400


def test_controls_and_truth_are_off_unless_the_server_was_told() -> None:
    web = make_app(allow_faults=False).test_client()
    assert web.post("/control/advance", json={"days": 1}).status_code == 404
    assert web.delete("/control/faults").status_code == 404
    assert web.post("/control/interactions", json=[]).status_code == 404
    assert web.get("/evaluation/truth").status_code == 404


def test_the_truth_is_told_for_evaluation_and_nowhere_else() -> None:
    web = make_app(serve_truth=True).test_client()
    accounts = web.get("/evaluation/truth").get_json()["accounts"]
    assert len(accounts) == 120
    by_handle = {row["handle"]: row["influence"] for row in accounts}
    assert max(by_handle, key=lambda handle: float(by_handle[handle])) == "stella.nova"
    assert by_handle["gus.goodmorning"] == 0
    # Bought likes and followers are no influence.
    assert by_handle["rex.falkner"] < by_handle["nina.okafjord"]
    for path in ("/api/v1/directory", "/api/v1/accounts/1", "/@vera.lindqvale"):
        text = web.get(path).get_data(as_text=True)
        assert "influence" not in text
        assert "per_post" not in text


def test_interactions_can_be_added_by_hand(web: FlaskClient, app: Flask) -> None:
    post = web.get("/api/v1/accounts/9/posts").get_json()["posts"][0]
    rows = [
        {"account": "9", "kind": "like", "post_id": post["id"], "actor": {"handle": f"troll{n}"}}
        for n in range(50)
    ]
    rows.append({"account": 9, "kind": "mention", "actor": {"handle": "troll1"}})
    rows.append({"account": 9, "kind": "follow", "actor": {"id": "1"}})
    answer = web.post("/control/interactions", json=rows)
    assert (answer.status_code, answer.get_json()) == (201, {"added": 52})
    acts = web.get("/api/v1/accounts/9/interactions").get_json()["interactions"]
    added = [act for act in acts if act["actor"]["handle"].startswith("troll")]
    assert len(added) == 51
    assert len({act["actor"]["id"] for act in added}) == 50
    assert {act["actor"]["followers"] for act in added} == {0}
    now = web.get("/api/v1/accounts/9/posts").get_json()["posts"][0]
    assert now["counts"]["likes"] == post["counts"]["likes"] + 50
    ids = [act["id"] for act in acts]
    assert len(set(ids)) == len(ids)
    assert (
        web.post("/control/interactions", json=[rows[0] | {"account": "9999"}]).status_code == 400
    )
    assert web.post("/control/interactions", json=[rows[0] | {"post_id": "7"}]).status_code == 400


def test_crowds_act_by_hand_many_at_once_and_are_the_same_accounts_each_time(
    web: FlaskClient,
) -> None:
    first, second = web.get("/api/v1/accounts/9/posts").get_json()["posts"][:2]
    row = {
        "account": 9,
        "kind": "reshare",
        "post_id": first["id"],
        "created_at": first["created_at"],
        "crowd": {"name": "fleet", "count": 30, "followers": 3},
    }
    again = row | {"post_id": second["id"], "crowd": {"name": "fleet", "count": 40, "followers": 3}}
    known = {"account": 9, "kind": "comment", "created_at": row["created_at"], "actors": [1, 2]}
    answer = web.post("/control/crowds", json=[row, again, known])
    assert (answer.status_code, answer.get_json()) == (201, {"added": 72})
    acts = web.get("/api/v1/accounts/9/interactions").get_json()["interactions"]
    fleet = [act for act in acts if act["actor"]["handle"].startswith("fleet")]
    assert len(fleet) == 70
    assert len({act["actor"]["id"] for act in fleet}) == 40
    assert {(act["actor"]["followers"], act["kind"]) for act in fleet} == {(3, "reshare")}
    assert {"1", "2"} <= {act["actor"]["id"] for act in acts if act["kind"] == "comment"}
    # What is added by hand is all that happened: nobody saves the post because of it.
    now = {row["id"]: row for row in web.get("/api/v1/accounts/9/posts").get_json()["posts"]}
    assert now[first["id"]]["counts"]["saves"] == first["counts"]["saves"]


@pytest.mark.parametrize(
    "change",
    [
        {"account": 99_999},
        {"post_id": "7"},
        {"kind": "applause"},
        {"created_at": "noon"},
        {"crowd": {"name": "fleet"}},
        {"crowd": {"name": "fleet", "count": 300_000, "followers": 0}},
        {"crowd": None},
    ],
)
def test_crowds_that_cannot_be_read_are_refused(
    web: FlaskClient, change: dict[str, object]
) -> None:
    row = {
        "account": 9,
        "kind": "like",
        "created_at": "2026-02-01T12:00:00Z",
        "crowd": {"name": "fleet", "count": 3, "followers": 0},
    }
    assert web.post("/control/crowds", json=[row | change]).status_code == 400


def test_followers_can_come_by_hand_and_bring_no_lists(web: FlaskClient) -> None:
    before = web.get("/api/v1/accounts/9/audience").get_json()["days"]
    row = {"account": 9, "day": before[10]["day"], "a_day": 500, "days": 4}
    assert web.post("/control/followers", json=[row]).status_code == 200
    after = web.get("/api/v1/accounts/9/audience").get_json()["days"]
    come = [b["followers"] - a["followers"] for a, b in zip(before, after, strict=True)]
    # Newest first: the eleventh of the list is the day on which they begin to come.
    assert come[:13] == [2_000] * 8 + [1_500, 1_000, 500, 0, 0]
    assert [day["lists"] for day in before] == [day["lists"] for day in after]
    assert web.post("/control/followers", json=[row | {"a_day": -1}]).status_code == 400
    assert web.post("/control/followers", json=[row | {"day": "x"}]).status_code == 400


def test_silent_people_act_by_hand_only(web: FlaskClient) -> None:
    path = "/api/v1/accounts/1/interactions"
    acts = web.get(path).get_json()["interactions"]
    one = int(next(act["actor"]["id"] for act in acts if int(act["actor"]["id"]) < 1_000))
    assert web.post("/control/silent", json=[one]).status_code == 200
    assert str(one) not in {a["actor"]["id"] for a in web.get(path).get_json()["interactions"]}
    row = {"account": 1, "kind": "mention", "created_at": acts[0]["created_at"], "actors": [one]}
    web.post("/control/crowds", json=[row])
    after = web.get(path).get_json()["interactions"]
    assert [a["kind"] for a in after if a["actor"]["id"] == str(one)] == ["mention"]
    assert web.post("/control/silent", json=["1"]).status_code == 400


def test_people_can_be_made_to_measure(web: FlaskClient) -> None:
    web.get("/api/v1/accounts/80/posts")
    traits = {"followers": 2_500.0, "per_day": 2, "fixed": 1, "per_post": 0, "growth": 0}
    assert web.post("/control/traits", json=[{"account": 80, "traits": traits}]).status_code == 200
    days = web.get("/api/v1/accounts/80/audience").get_json()["days"]
    assert {day["followers"] for day in days} == {2_500}
    assert days[1]["posts"] - days[2]["posts"] == 2
    for wrong in ({"charm": 1}, {}, {"followers": "many"}):
        assert (
            web.post("/control/traits", json=[{"account": 80, "traits": wrong}]).status_code == 400
        )


def test_the_first_day_stays_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    first = state.opened(path, seed=7, people=60, days=30, today=date(2026, 3, 1))
    assert first.start == date(2026, 1, 31)
    later = state.opened(path, seed=7, people=60, days=90, today=date(2026, 3, 20))
    assert (later.start, later.first_days) == (first.start, 30)
    assert later.key == first.key
    other = state.opened(path, seed=7, people=61, days=30, today=date(2026, 3, 20))
    assert other.start == date(2026, 2, 19)
    assert other.key == first.key


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"seed": "x"}', "\x00"])
def test_a_broken_state_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(state.UnusableState, match=r"state\.json is not a state file"):
        state.opened(path, seed=7, people=60, days=30, today=date(2026, 3, 1))


def test_the_process_keeps_its_history_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sample" / "state.json"
    then = NOW.isoformat()
    later = (NOW + timedelta(days=2)).isoformat()

    def interactions(now: str) -> tuple[SampleServer, list[dict[str, object]]]:
        server = start_sample_server("--now", now, people=60, days=20, state=path)
        return server, server.all_rows("/api/v1/accounts/1/interactions", "interactions")

    server, before = interactions(then)
    stop_sample_server(server)
    assert server.process.returncode == 0
    server, after = interactions(later)
    stop_sample_server(server)
    assert len(after) > len(before)
    # The port, and with it each address, is another one.
    known = [(row["id"], row["created_at"], row["post_id"]) for row in before]
    assert [(row["id"], row["created_at"], row["post_id"]) for row in after][-len(known) :] == known


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--people", "5"], "must be from 40 to 100000"),
        (["--days", "x"], "invalid"),
        (["--state", "/dev/null/x/state.json"], "cannot be written"),
    ],
)
def test_what_cannot_be_served_ends_with_a_sentence(arguments: list[str], word: str) -> None:
    command = [sys.executable, "-m", "connectors.samplenet", "--port", "0", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_named(sample_process: SampleServer) -> None:
    port = sample_process.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "connectors.samplenet", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert f"port {port}" in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_the_process_quietly() -> None:
    server = start_sample_server(people=60, days=7)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_a_page_of_the_api_is_json_without_surprises(sample_process: SampleServer) -> None:
    text = json.dumps(sample_process.get("/api/v1/accounts/6/interactions"))
    assert "NaN" not in text
    assert sample_process.status("/api/v1/accounts/6/interactions") == 200


def test_what_a_post_is_about_is_told_in_no_answer(web: FlaskClient) -> None:
    for post in web.get("/api/v1/accounts/1/posts").get_json()["posts"]:
        assert set(post) == {
            *("id", "url", "text", "hashtags", "language", "created_at", "counts"),
        }
