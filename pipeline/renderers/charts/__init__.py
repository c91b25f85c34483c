"""Charts: numbers in, shapes out. Every chart is a title, a description in words, shapes, labels, and its figures.

One grammar (`drawing`) for all, so that one macro draws any of them (templates/_charts.html) and adds no logic; the
style sheet gives the colours, in light and in dark. A chart that would show nothing is None: the rules stand with each.
"""

from pipeline.renderers.charts.counts import Point, over_time, per_day, series
from pipeline.renderers.charts.drawing import Chart
from pipeline.renderers.charts.shares import Share, shares

__all__ = ["Chart", "Point", "Share", "over_time", "per_day", "series", "shares"]
