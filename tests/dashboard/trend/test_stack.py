"""Networks' shares over time, and what else lies in the chart beside the line."""

from datetime import date, timedelta

from dashboard.charts import Against, Aim, Event, EventKind, Point, history_figure, plain_words
from dashboard.describe import NO_BREAK
from dashboard.history_chart import history_chart
from dashboard.trend.stack import stack_of
from scoring.why import DayShares

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(4)]


def test_shares_are_stacked_the_largest_first_and_a_gap_stays_one() -> None:
    by_day = [
        DayShares(DAYS[0], {"bluesky": 0.25, "mastodon": 0.75}),
        DayShares(DAYS[1], {"bluesky": 0.5, "mastodon": 0.5}),
        DayShares(DAYS[3], {"mastodon": 1.0}),
    ]
    stack = stack_of(DAYS, by_day)
    assert stack is not None
    assert [layer.name for layer in stack.layers] == ["Mastodon", "Bluesky"]
    assert stack.layers[0].shares == [0.75, 0.5, None, 1.0]
    assert [trace["y"] for trace in stack.figure["data"]] == [
        [75, 50, None, 100],
        [25, 50, None, 0],
    ]
    shapes = {trace["marker"]["pattern"]["shape"] for trace in stack.figure["data"]}
    assert len(shapes) == 2
    assert stack.layers[0].drawing == "M0 25h25v75h-25zM25 50h25v50h-25zM75 0h25v100h-25z"
    told = [[words.split(NO_BREAK)[0] for words in row.shares] for row in stack.newest_first]
    assert told == [["100", "0"], [], ["50", "50"], ["75", "25"]]
    assert stack.words == (
        "On 1 January 2026: Mastodon 75\xa0%, Bluesky 25\xa0%. "
        "On 4 January 2026: Mastodon 100\xa0%."
    )


def test_more_networks_than_colours_share_the_last_one() -> None:
    shares = {f"network{n}": 1 / 8 for n in range(8)}
    stack = stack_of(DAYS, [DayShares(day, shares) for day in DAYS])
    assert stack is not None
    assert [layer.series for layer in stack.layers] == [1, 2, 3, 4, 5, 6]
    assert stack.layers[-1].name == "Other networks"
    # 12.5 each and 37.5: together they are 100.
    told = [layer.newest.split(NO_BREAK)[0] for layer in stack.layers]
    assert told == ["13", "13", "13", "12", "12", "37"]


def test_a_score_of_one_is_made_of_nothing() -> None:
    assert stack_of(DAYS, [DayShares(day, {}) for day in DAYS]) is None


def points(*values: float | None) -> list[Point]:
    return [Point(FIRST + timedelta(days=n), value, value, value) for n, value in enumerate(values)]


def test_another_history_is_laid_over_with_its_own_days() -> None:
    other = [Point(date(2025, 1, 1), 40.0), Point(date(2025, 1, 2), None)]
    figure = history_figure(
        points(50, 51), score_name="S", band_name="B", against=Against("Bob <b>", other)
    )
    line = figure["data"][2]
    assert line["x"] == ["2026-01-01", "2026-01-02"]
    assert line["y"] == [40, None]
    assert line["customdata"] == ["2025-01-01", "2025-01-02"]
    assert line["line"]["dash"] == "dash"
    assert "<b>Bob" not in line["hovertemplate"]
    assert line["hovertemplate"].startswith("Bob &lt;b&gt;<br>")
    assert figure["layout"]["yaxis"]["range"][0] <= 40


def test_a_goal_is_drawn_to_its_day_and_the_axis_reaches_it() -> None:
    aim = Aim(88, FIRST, FIRST + timedelta(days=10), "Goal")
    figure = history_figure(points(50, 51, 52), score_name="S", band_name="B", aim=aim)
    level = figure["data"][2]
    assert level["x"] == ["2026-01-01", "2026-01-11"]
    assert figure["layout"]["xaxis"]["range"] == ["2026-01-01", "2026-01-11"]
    assert figure["layout"]["yaxis"]["range"][1] >= 88
    far = Aim(88, FIRST, FIRST + timedelta(days=700), "Goal")
    figure = history_figure(points(50, 51, 52), score_name="S", band_name="B", aim=far)
    assert figure["layout"]["xaxis"]["range"] == ["2026-01-01", "2026-01-17"]
    drawing = history_chart(points(50, 51, 52), aim=far).drawing
    assert drawing is not None
    assert drawing.aim is not None


def test_what_people_write_is_no_markup_in_the_chart() -> None:
    assert plain_words('<a href="javascript:alert(1)">x</a>').startswith("&lt;a href=")
    assert len(plain_words("x" * 500)) == 40
    event = Event(FIRST, EventKind.NOTE, "<script>alert(1)</script>", value=50.0)
    chart = history_chart(points(50, 51), events=[event])
    assert "<script" not in str(chart.figure)


def test_an_event_between_two_points_is_told_with_the_later_one() -> None:
    weekly = [Point(FIRST, 50.0), Point(FIRST + timedelta(days=7), 51.0)]
    event = Event(FIRST + timedelta(days=3), EventKind.NOTE, "A talk", value=50.0)
    rows = history_chart(weekly, events=[event], step_days=7).newest_first
    assert [row.events for row in rows] == [["A talk"], []]
