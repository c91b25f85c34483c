"""engines.local: order is kept, one dead task does not touch the others, limits bite, nothing is left behind."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from acts import act

from pipeline.engines import load
from pipeline.engines.local import LocalEngine
from pipeline.errors import ConfigurationError
from pipeline.protocols import Engine, Outcome

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalEngine]:
    with LocalEngine(workers=2, memory=600 * MIB, cpu=1) as engine:
        yield engine


@pytest.mark.parametrize("workers", [0, 2])
def test_results_come_in_order_and_an_error_is_an_outcome(workers: int) -> None:
    with LocalEngine(workers=workers) as engine:
        orders = ["sleep 0.05", "b", "raise", "d", *map(str, range(40))]
        outcomes = list(engine.map(act, orders))
    assert outcomes[2] == Outcome(error="ParseError: no feed in it")
    assert [outcome.value for outcome in outcomes if not outcome.error] == [
        order.upper() for order in orders if order != "raise"
    ]


def test_killed_crashed_and_endless_tasks_leave_the_rest_alone(pool: LocalEngine) -> None:
    orders = ["a", "die", "b", "exit", "c", "sleep 30", "d", "burn", "e", "eat 700", "f", "unpicklable", "g", "status"]
    outcomes = dict(zip(orders, pool.map(act, orders, timeout=1.5), strict=True))
    assert [outcomes[name].value for name in "abcdefg"] == list("ABCDEFG")
    assert outcomes["die"].error == "its worker process died (exit code -9)"
    assert outcomes["exit"].error == "its worker process died (exit code 3)"
    assert outcomes["sleep 30"].error == "stopped after 1.5 s"
    assert outcomes["burn"].error is not None
    assert outcomes["eat 700"].error == "MemoryError: "
    assert "pickle" in (outcomes["unpicklable"].error or "")
    assert outcomes["status"].error == "HttpStatus: gone"
    killed = {name for name, outcome in outcomes.items() if outcome.killed}
    assert killed == {"die", "exit", "sleep 30", "burn"}, "what only raised was not killed"
    assert [bool(o.error) for o in pool.map(lambda order: order, ["a", "b"])] == [True, True]


def test_a_task_may_not_burn_more_processor_time_than_allowed(pool: LocalEngine) -> None:
    (outcome,) = pool.map(act, ["burn"], timeout=20)
    assert outcome.error == f"its worker process died (exit code {-signal.SIGXCPU})"


def test_a_caller_that_stops_early_leaves_no_work_behind(pool: LocalEngine) -> None:
    results = iter(pool.map(act, ["a", *["sleep 60"] * 8], timeout=100))
    assert next(iter(results)).value == "A"
    started = time.monotonic()
    results.close()
    assert list(pool.map(act, ["b"], timeout=100)) == [Outcome("B")]
    assert time.monotonic() - started < 50


def test_workers_killed_from_outside_lose_only_their_own_task() -> None:
    """T053: many tasks at once, workers shot at random moments; the parent and the other tasks go on."""
    with LocalEngine(workers=2) as engine, ThreadPoolExecutor(8) as threads:
        orders = [("die" if number % 40 == 7 else f"word {number}") for number in range(400)]
        found = list(threads.map(lambda order: next(iter(engine.map(act, [order]))), orders))
    for order, outcome in zip(orders, found, strict=True):
        assert outcome.killed is (order == "die")
        assert order == "die" or outcome.value == order.upper()


def test_a_worker_killed_with_the_lock_of_the_others_costs_a_while_and_its_own_task() -> None:
    with LocalEngine(workers=2, stall=1) as engine, ThreadPoolExecutor(2) as threads:
        orders = ["a", "lock", "b", "sleep 30", "c", "lock", "d"]
        found = list(threads.map(lambda some: list(engine.map(act, some, timeout=2)), (orders, ["x", "y", "z"])))
    assert [outcome.value for outcome in found[1]] == ["X", "Y", "Z"]
    for order, outcome in zip(orders, found[0], strict=True):
        assert outcome.killed is (len(order) > 1), (order, outcome)
        assert outcome.killed or outcome.value == order.upper()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux tells the limits of another process")
def test_the_limit_of_a_task_ends_with_it(pool: LocalEngine) -> None:
    """A worker that dies of it while it sends its answer would leave the pipe locked."""
    (outcome,) = pool.map(act, ["pid"])
    assert resource.prlimit(outcome.value, resource.RLIMIT_CPU) == resource.getrlimit(resource.RLIMIT_CPU)


def test_threads_share_one_pool() -> None:
    with LocalEngine(workers=2, preload=["json"]) as engine, ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda _: next(iter(engine.map(act, ["pid"]))).value, range(24))
        assert 1 <= len(set(found)) <= 2


def test_work_runs_elsewhere_and_close_ends_it() -> None:
    engine = LocalEngine(workers=1)
    (outcome,) = engine.map(act, ["pid"])
    assert outcome.value != os.getpid()
    engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(outcome.value, 0)
    assert [o.value for o in LocalEngine().map(act, ["pid"])] == [os.getpid()]


def test_engines_are_found_by_name() -> None:
    engine: Engine = load("local", workers=0)
    assert [outcome.value for outcome in engine.map(act, ["a"])] == ["A"]
    with pytest.raises(ConfigurationError, match="no engine is called 'cloud'"):
        load("cloud")
    with pytest.raises(ValueError, match="0 or more workers"):
        load("local", workers=-1)
