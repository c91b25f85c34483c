"""A run as an OpenTelemetry trace: a span for the run, one for each stage, one for each source that was read.

With the extra `telemetry`; sent once, when the run has ended, over OTLP/HTTP to the configured address and nowhere
else. A receiver that does not answer costs seconds and a warning, never the run. Attributes are names, counts and
seconds, as events have them (pipeline/events.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import Span, StatusCode

from pipeline import __version__
from pipeline.errors import discreet

PATIENCE = 5  # seconds that a receiver may take
_LOG = logging.getLogger(__name__)
_NANO = 1_000_000_000


class _Kept(SpanProcessor):
    """Keeps spans that ended until they are sent together: nothing is sent while a night works."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        """Keep it."""
        self.spans.append(span)


class Tracing(logging.Handler):
    """Listens to events and makes spans of them; `close` sends them."""

    def __init__(self, address: str) -> None:
        super().__init__(logging.INFO)
        self._kept, self._address = _Kept(), address
        resource = Resource.create({"service.name": "citewire", "service.version": __version__})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(self._kept)
        self._tracer = provider.get_tracer("citewire", __version__)
        self._run: Span | None = None
        self._stage: Span | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Begin or end what the event is about."""
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        now = int(record.created * _NANO)
        if record.msg == "run.began":
            self._run = self._begin("run", None, now, fields)
        elif record.msg == "stage.began":
            self._stage = self._begin(str(fields.get("stage")), self._run, now, fields)
        elif record.msg == "source.read":
            begun = now - int(float(fields.get("seconds", 0)) * _NANO)
            _end(self._begin("source.read", self._stage, begun, fields), fields, now)
        elif record.msg in ("stage.ended", "stage.failed") and self._stage is not None:
            _end(self._stage, fields, now)
            self._stage = None
        elif record.msg == "run.ended" and self._run is not None:
            _end(self._run, fields, now)
            self._run = None

    def close(self) -> None:
        """End what a failure left open, and send everything; once."""
        for span in (self._stage, self._run):
            if span is not None:
                _end(span, {"error": "interrupted"}, time.time_ns())
        self._stage = self._run = None
        spans, self._kept.spans = self._kept.spans, []
        if spans:
            _send(self._address, spans)
        super().close()

    def _begin(self, name: str, parent: Span | None, at: int, fields: Mapping[str, Any]) -> Span:
        context = trace.set_span_in_context(parent) if parent is not None else None
        span = self._tracer.start_span(name, context=context, start_time=at)
        _mark(span, fields)
        return span


def _end(span: Span, fields: Mapping[str, Any], at: int) -> None:
    _mark(span, fields)
    if fields.get("error"):
        span.set_status(StatusCode.ERROR, str(fields["error"]))
    span.end(at)


def _mark(span: Span, fields: Mapping[str, Any]) -> None:
    """Fields as attributes; a table of counts becomes one attribute for each."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            for part, count in value.items():
                span.set_attribute(f"citewire.{name}.{part}", count)
        else:
            span.set_attribute(f"citewire.{name}", discreet(value) if isinstance(value, str) else value)


def _send(address: str, spans: Sequence[ReadableSpan]) -> None:
    quiet = logging.getLogger("opentelemetry")
    was, quiet.disabled = quiet.level, False
    quiet.setLevel(logging.CRITICAL)  # one line of ours says what its many would
    exporter = OTLPSpanExporter(endpoint=address, timeout=PATIENCE)
    try:
        if exporter.export(spans) is not SpanExportResult.SUCCESS:
            _LOG.warning("the traces were not taken by %s; the run is not touched by that", discreet(address))
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call]
        quiet.setLevel(was)
