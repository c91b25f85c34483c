"""operating.logs, traces, metrics: events as JSON without a secret, spans at a real receiver, a strict text file."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import papers
import pytest
from factories import make_health
from hypothesis import given
from hypothesis import strategies as st

from pipeline import events
from pipeline.amends import ModelUse
from pipeline.cli import main
from pipeline.domain import Failure, Run, StageReport
from pipeline.errors import MissingExtra, StoreError
from pipeline.operating import logs, telemetry
from pipeline.settings import Settings, load

NIGHT = "2026-05-04T02:00:00Z"
NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture(autouse=True)
def let_go():
    """No handler of a test listens to the next."""
    yield
    logs.release(logs._added)


def told(level: int = logging.INFO, environ: dict[str, str] | None = None, kind: str = "json") -> io.StringIO:
    stream = io.StringIO()
    logs.configure(kind, level, environ or {}, stream)
    return stream


def run_json(capsys, *argv: str) -> tuple[int, list[dict[str, object]]]:
    capsys.readouterr()
    code = main([*argv, "--log-format", "json"])
    return code, [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_night_is_told_as_one_object_a_line(tmp_path, capsys):
    config = papers.desk(tmp_path)
    code, lines = run_json(capsys, "run", "--config", str(config), "--now", NIGHT)
    assert code == 0
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", str(one["at"])) for one in lines)
    assert lines[0]["event"] == "run.began"
    assert lines[-1] | {"event": "run.ended", "outcome": "published", "exit_code": 0} == lines[-1]
    assert {one["run"] for one in lines} == {NIGHT}
    read = next(one for one in lines if one["event"] == "source.read")
    assert (read["source"], read["items"]) == ("Papers", 4)
    ended = {one["stage"]: one for one in lines if one["event"] == "stage.ended"}
    assert list(ended) == ["ingest", "analyze", "signal", "write", "publish", "retain", "backup"]
    assert all(float(one["seconds"]) >= 0 for one in ended.values())
    assert ended["ingest"]["made"] == 4


def test_a_failed_source_and_a_failed_command_are_events(tmp_path, capsys):
    config = papers.desk(tmp_path)
    (tmp_path / "papers.jsonl").unlink()
    code, lines = run_json(capsys, "run", "--config", str(config), "--now", NIGHT)
    assert code == 5
    assert next(one for one in lines if one["event"] == "source.read")["error"]
    failed = next(one for one in lines if one["event"] == "failed")
    assert (failed["stage"], failed["subject"]) == ("ingest", "Papers")
    code, lines = run_json(capsys, "run", "--config", str(tmp_path / "none.toml"))
    assert code == 6
    assert [(one["event"], one["level"], one["exit_code"]) for one in lines] == [("error", "error", 6)]


def test_plain_lines_are_for_people_and_hold_no_events(tmp_path, capsys):
    config = papers.desk(tmp_path)
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_quiet_and_verbose_hold_for_both_forms():
    for kind in logs.FORMATS:
        stream = told(logging.WARNING, kind=kind)
        events.tell("run.began", run="x")
        logging.getLogger("pipeline.some").info("small")
        logging.getLogger("pipeline.some").warning("large")
        assert "large" in stream.getvalue()
        assert "small" not in stream.getvalue()
        assert "began" not in stream.getvalue()


@given(text=st.text(max_size=200))
def test_whatever_a_text_holds_it_is_one_line_and_steers_no_terminal(text):
    """T145: control characters, ANSI, line ends."""
    for kind in logs.FORMATS:
        stream = told(kind=kind)
        logging.getLogger("pipeline.titles").warning("title: %s", text)
        events.tell("failed", what=text, subject="S")
        for line in stream.getvalue().split("\n")[:-1]:
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", line)
            if kind == "json":
                json.loads(line)
        assert stream.getvalue().count("\n") == (2 if kind == "json" else 1)


@pytest.mark.parametrize(
    "text",
    [
        f"401 for https://api.example/v1?key={CANARY}",
        f"cannot reach https://user:{CANARY}@feeds.example/a",
        f"Authorization: Bearer {CANARY}",
        f'headers {{"authorization": "Basic {CANARY}"}}',
        f"Cookie: session={CANARY}; path=/",
        f"x-api-key: {CANARY}",
        f"the model said {CANARY}",
    ],
)
def test_no_secret_reaches_a_log(text, tmp_path):
    """T150, as far as logs go: known values, and the places where keys stand."""
    kept = tmp_path / "key"
    kept.write_text(f"{CANARY}\n")
    for environ in ({"SOME_API_KEY": CANARY}, {"SOME_TOKEN_FILE": str(kept)}):
        for kind in logs.FORMATS:
            stream = told(kind=kind, environ=environ)
            logging.getLogger("pipeline.fetch").warning("failed: %s", text)
            events.tell("failed", what=text, parts={text: [text]})
            try:
                raise ValueError(text)
            except ValueError:
                logging.getLogger("pipeline.fetch").exception("it raised")
            assert CANARY not in stream.getvalue()
            assert stream.getvalue()


def test_a_message_that_loops_is_written_so_often_and_no_more():
    stream = told()
    for _ in range(10_000):
        logging.getLogger("pipeline.noisy").warning("again %d", 1)
    lines = stream.getvalue().splitlines()
    assert len(lines) == logs.MOST
    assert "not said again" in lines[-1]
    logging.getLogger("pipeline.noisy").warning("something else")
    assert len(stream.getvalue().splitlines()) == logs.MOST + 1


def test_a_closed_output_stops_no_night(tmp_path):
    """T140: nobody reads, nobody types."""
    config = papers.desk(tmp_path)
    command = [sys.executable, "-m", "pipeline", "run", "--config", str(config), "--now", NIGHT, "--log-format", "json"]
    env = {"PYTHONPATH": str(Path(__file__).parent.parent.parent), "LANG": "C", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command], env=env, cwd="/", check=False, umask=0o077
    )
    assert done.returncode == 0
    assert (tmp_path / "output" / "site" / "index.html").exists()


# --- traces -----------------------------------------------------------------------------------------------------------


class Receiver:
    """A real OTLP/HTTP receiver on loopback; keeps the spans of what it is sent, as protobuf."""

    def __init__(self, status: int = 200) -> None:
        self.spans: list[object] = []
        self.paths: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                import gzip

                from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                outer.paths.append(self.path)
                sent = ExportTraceServiceRequest.FromString(body)
                for resource in sent.resource_spans:
                    outer.spans += [span for scope in resource.scope_spans for span in scope.spans]
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver():
    pytest.importorskip("opentelemetry.sdk")
    running = Receiver()
    yield running
    running.server.shutdown()
    running.server.server_close()


def with_telemetry(config: Path, text: str) -> Path:
    config.write_text(config.read_text() + "\n[telemetry]\n" + text)
    return config


def attributes(span) -> dict[str, object]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def test_a_night_is_one_trace_of_run_stages_and_sources(tmp_path, receiver):
    config = with_telemetry(papers.desk(tmp_path), f'traces = "{receiver.url}"\n')
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    spans = {span.name: span for span in receiver.spans}
    assert receiver.paths == ["/v1/traces"]
    assert set(spans) == {"run", *"ingest analyze signal write publish retain backup source.read".split()}
    assert len({span.trace_id for span in spans.values()}) == 1
    assert spans["run"].parent_span_id == b""
    assert spans["publish"].parent_span_id == spans["run"].span_id
    assert spans["source.read"].parent_span_id == spans["ingest"].span_id
    assert attributes(spans["run"])["citewire.outcome"] == "published"
    assert attributes(spans["source.read"])["citewire.source"] == "Papers"
    for span in spans.values():
        assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
    inside = spans["ingest"]
    assert spans["run"].start_time_unix_nano <= inside.start_time_unix_nano
    assert inside.end_time_unix_nano <= spans["run"].end_time_unix_nano


def test_a_night_that_fails_is_a_trace_too(tmp_path, receiver, monkeypatch):
    config = with_telemetry(papers.desk(tmp_path), f'traces = "{receiver.url}"\n')
    monkeypatch.setattr("pipeline.app.analyze", lambda *_, **__: (_ for _ in ()).throw(StoreError("the disk is full")))
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 8
    spans = {span.name: span for span in receiver.spans}
    assert spans["analyze"].status.code == spans["run"].status.code == 2
    assert attributes(spans["analyze"])["citewire.error"] == "StoreError"


def test_a_receiver_that_refuses_costs_a_warning_and_not_the_night(tmp_path, capsys):
    pytest.importorskip("opentelemetry.sdk")
    refusing = Receiver(status=400)
    config = with_telemetry(papers.desk(tmp_path), f'traces = "{refusing.url}"\n')
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    refusing.server.shutdown()
    refusing.server.server_close()
    assert capsys.readouterr().err.count("\n") == 1
    assert refusing.paths == ["/v1/traces"]


def test_nothing_is_sent_and_nothing_imported_unless_asked(tmp_path):
    """No setting: no package of the extra is loaded, and no address is dialled."""
    code = (
        "import sys; from pipeline.cli import main; "
        f"assert main(['run', '--config', {str(papers.desk(tmp_path))!r}, '--now', '{NIGHT}', '--quiet']) == 0; "
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'prometheus'))])"
    )
    env = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "PYTHONPATH": "."}
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_package_stops_the_night_before_it_starts(tmp_path, monkeypatch):
    for key, module in (("traces", "pipeline.operating.traces"), ("metrics", "pipeline.operating.metrics")):
        monkeypatch.delattr("pipeline.operating." + key, raising=False)
        monkeypatch.setitem(sys.modules, module, None)
        value = "http://127.0.0.1:4318/v1/traces" if key == "traces" else "a.prom"
        chosen = Settings.model_validate({"root": tmp_path, "telemetry": {key: value}})
        with pytest.raises(MissingExtra, match=r"pip install 'citewire\[telemetry\]'"), telemetry.watched(chosen):
            pass


# --- metrics ----------------------------------------------------------------------------------------------------------

# https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4), read strictly
_NAME, _LABEL = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r"[a-zA-Z_][a-zA-Z0-9_]*"
_VALUE = r"[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|Inf)|NaN"
_LABELS = rf'\{{{_LABEL}="(?:[^"\\\n]|\\["\\n])*"(?:,{_LABEL}="(?:[^"\\\n]|\\["\\n])*")*\}}'
_SAMPLE = re.compile(rf"({_NAME})({_LABELS})? ({_VALUE})\Z")


def strictly(text: str) -> dict[tuple[str, str], float]:
    """The samples of a text file; asserts its grammar: help, then type, then all samples of a name, each once."""
    assert text.endswith("\n")
    found: dict[tuple[str, str], float] = {}
    helped: set[str] = set()
    current = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            current = line.split(" ")[2]
            assert current not in helped
            helped.add(current)
        elif line.startswith("# TYPE "):
            assert line.split(" ")[2:] == [current, "gauge"]
        else:
            match = _SAMPLE.match(line)
            assert match, line
            assert match.group(1) == current
            assert (match.group(1), match.group(2) or "") not in found
            found[match.group(1), match.group(2) or ""] = float(match.group(3))
    return found


def test_a_night_leaves_its_figures_for_node_exporter(tmp_path):
    parser = pytest.importorskip("prometheus_client.parser")
    config = with_telemetry(papers.desk(tmp_path), 'metrics = "textfiles/citewire.prom"\n')
    assert main(["run", "--config", str(config), "--now", NIGHT, "--quiet"]) == 0
    target = tmp_path / "textfiles" / "citewire.prom"
    text = target.read_text()
    samples = strictly(text)
    assert samples["citewire_run_timestamp_seconds", ""] == NOW.timestamp()
    assert samples["citewire_edition_timestamp_seconds", ""] == NOW.timestamp()
    assert samples["citewire_run_outcome", '{outcome="published"}'] == 1
    assert samples["citewire_stage_made_items", '{stage="ingest"}'] == 4
    assert samples["citewire_source_up", '{source="Papers"}'] == 1
    assert samples["citewire_store_rows", '{table="records"}'] == 4
    theirs = {
        (one.name, tuple(sorted(one.labels.items())), one.value)
        for family in parser.text_string_to_metric_families(text)
        for one in family.samples
    }
    assert len(theirs) == len(samples)
    assert [path.name for path in target.parent.iterdir()] == ["citewire.prom"]  # nothing half-written beside it
    assert target.stat().st_mode & 0o044 == 0o044  # node-exporter is another user


@given(
    name=st.text(min_size=1, max_size=30).filter(lambda name: name.isprintable() or "\n" in name or '"' in name),
    code=st.sampled_from([0, 3, 5, 9]),
)
def test_any_name_of_a_source_makes_a_valid_file(tmp_path_factory, name, code):
    metrics = pytest.importorskip("pipeline.operating.metrics")
    stage = StageReport(
        "write", 3, 2, dropped={"too short": 1}, failures=(Failure("x", "y"),), seconds=1.5,
        models=(ModelUse("write", name, 1, 2, 3, 0.5), ModelUse("write", name, 1, 2, 3, 0.5)),
    )  # fmt: skip
    run = Run(NIGHT, NOW, (stage,), "held", code)
    target = tmp_path_factory.mktemp("m") / "a.prom"
    metrics.write(target, run, {"records": 1}, {name: make_health(source=name)}, 0.0)
    with target.open(encoding="utf-8", newline="") as file:
        text = file.read()
    assert text.count("citewire_source_up{") == 1
    assert "citewire_model_tokens{" in text
    assert " 4.0\n" in text  # of two entries of one model and role, the sum


def test_a_disk_that_refuses_the_file_costs_a_warning(tmp_path, caplog):
    pytest.importorskip("prometheus_client")
    chosen = Settings.model_validate({"root": tmp_path, "telemetry": {"metrics": "taken/a.prom"}})
    (tmp_path / "taken").write_text("a file, not a folder")
    store = type("S", (), {"counts": dict, "health": dict})()
    with caplog.at_level(logging.WARNING), telemetry.watched(chosen) as tell:
        tell(Run(NIGHT, NOW, (), "published", 0), store)
    assert "cannot be written" in caplog.text


def test_telemetry_changes_no_published_byte(tmp_path):
    config = papers.desk(tmp_path)
    plain = load(config)
    with_telemetry(config, 'metrics = "a.prom"\n')
    assert load(config).fingerprint() == plain.fingerprint()
