"""Figures written by hand are figures of plotly's: its own classes check every value."""

from datetime import timedelta

import plotly.graph_objects as go

from dashboard.charts import Against, Aim, Event, EventKind, history_figure
from dashboard.trend.stack import stack_of
from scoring.why import DayShares
from tests.dashboard.test_charts import FIRST, history


def test_a_history_with_everything_on_it_is_a_figure() -> None:
    points = history(50, 51, None, 52)
    events = [Event(FIRST, kind, "words", value=50.0) for kind in EventKind]
    figure = history_figure(
        points,
        score_name="Score",
        band_name="Band",
        events=events,
        against=Against("Bob", points),
        aim=Aim(55, FIRST, FIRST + timedelta(days=9), "goal"),
    )
    checked = go.Figure(figure)
    assert [trace.type for trace in checked.data] == ["scatter"] * 5


def test_a_stack_is_a_figure() -> None:
    days = [FIRST, FIRST + timedelta(days=1)]
    stack = stack_of(days, [DayShares(day, {"mastodon": 0.7, "bluesky": 0.3}) for day in days])
    assert stack is not None
    assert [trace.type for trace in go.Figure(stack.figure).data] == ["bar", "bar"]
