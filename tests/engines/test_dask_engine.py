"""engines.dask: a real cluster of two workers keeps order and limits; a worker that dies in mid-run costs nothing."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from acts import act

pytest.importorskip("distributed", reason="no Dask: pip install 'citewire[dask]'")

import dask
from distributed import Nanny, Scheduler, SpecCluster

from pipeline.engines import dask as clustered
from pipeline.engines import load
from pipeline.engines.dask import DaskEngine
from pipeline.errors import ConfigurationError
from pipeline.protocols import Engine, Outcome

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def cluster() -> Iterator[DaskEngine]:
    with DaskEngine(workers=2, memory=600 * MIB, cpu=5) as engine:
        yield engine


def test_results_come_in_order_and_an_error_is_an_outcome(cluster: DaskEngine) -> None:
    orders = ["sleep 0.05", "b", "raise", "d", *map(str, range(300))]
    outcomes = list(cluster.map(act, orders))
    assert outcomes[2] == Outcome(error="ParseError: no feed in it")
    assert [one.value for one in outcomes if not one.error] == [order.upper() for order in orders if order != "raise"]
    assert list(cluster.map(act, [])) == []


def test_tasks_that_die_hang_or_swell_are_stopped_on_their_worker(cluster: DaskEngine) -> None:
    before = workers(cluster)
    orders = ["a", "die", "b", "sleep 60", "c", "eat 700", "d", "unpicklable", "e", "status"]
    outcomes = dict(zip(orders, cluster.map(act, orders, timeout=3), strict=True))
    assert [outcomes[name].value for name in "abcde"] == list("ABCDE")
    assert outcomes["die"].error == "its worker process died (exit code -9)"
    assert outcomes["sleep 60"].error == "stopped after 3 s"
    assert outcomes["eat 700"].error == "MemoryError: "
    assert outcomes["status"].error == "HttpStatus: gone"
    assert {name for name, outcome in outcomes.items() if outcome.killed} == {"die", "sleep 60"}
    assert workers(cluster) == before


def workers(engine: DaskEngine) -> dict[str, int]:
    client = engine._started()
    return {name: int(found) for name, found in client.run(os.getpid).items()}


def test_a_worker_shot_in_mid_run_costs_nothing(cluster: DaskEngine) -> None:
    """Issue of every cluster: machines go away. The batches of the one that died are done by the others."""
    victim = sorted(workers(cluster).values())[0]
    shot = threading.Timer(0.6, os.kill, (victim, signal.SIGKILL))
    shot.start()
    orders = [f"sleep 0.0{number % 10}" for number in range(200)]
    outcomes = list(cluster.map(act, orders, timeout=30))
    shot.join()
    assert [outcome.value for outcome in outcomes] == [order.upper() for order in orders]
    assert victim not in workers(cluster).values()


@pytest.fixture(scope="module")
def mixed() -> Iterator[SpecCluster]:
    """Two workers of which one has a GPU, or says so."""
    dask.config.set({"distributed.worker.daemon": False})
    plain = {"cls": Nanny, "options": {"nthreads": 1, "env": {"PLACE": "plain"}}}
    fast = {"cls": Nanny, "options": {"nthreads": 1, "env": {"PLACE": "fast"}, "resources": {"GPU": 1}}}
    scheduler = {"cls": Scheduler, "options": {"dashboard": False, "host": "127.0.0.1"}}
    with SpecCluster(workers={0: plain, 1: fast}, scheduler=scheduler, silence_logs=logging.ERROR) as found:
        found.wait_for_workers(2)
        yield found


def test_work_that_asks_for_a_resource_goes_to_the_workers_that_have_it(mixed: SpecCluster) -> None:
    with DaskEngine(address=mixed.scheduler_address, resource="GPU") as chosen:
        assert {one.value for one in chosen.map(os.getenv, ["PLACE"] * 40, timeout=30)} == {"fast"}
    with DaskEngine(address=mixed.scheduler_address) as everybody:
        assert {one.value for one in everybody.map(wait_and_tell, ["PLACE"] * 40, timeout=30)} == {"fast", "plain"}


def wait_and_tell(name: str) -> str | None:
    """The variable `name` of whatever worker does this, after a while that leaves others time."""
    time.sleep(0.05)
    return os.getenv(name)


def test_a_resource_that_no_worker_has_is_a_configuration_error(mixed: SpecCluster) -> None:
    absent = DaskEngine(address=mixed.scheduler_address, resource="TPU")
    with absent, pytest.raises(ConfigurationError, match="none of the 2 Dask workers has the resource TPU"):
        list(absent.map(act, ["a"]))


def test_without_its_cluster_the_work_goes_on_here() -> None:
    with DaskEngine(workers=1) as engine, DaskEngine(workers=1) as other:
        results = engine.map(act, [f"word {number}" for number in range(100)], timeout=20)
        first = next(results)
        assert [one.value for one in other.map(act, ["pid"], timeout=20)]
        cluster, users = clustered._SHARED[1, ""]
        assert users == 2
        cluster.close()
        found = [first, *results]
        assert [outcome.value for outcome in found] == [f"WORD {number}" for number in range(100)]
        assert [outcome.value for outcome in engine.map(act, ["a"], timeout=20)] == ["A"]


def test_a_caller_that_stops_early_leaves_no_work_behind(cluster: DaskEngine) -> None:
    results = cluster.map(act, ["a", *["sleep 3"] * 8], timeout=100)
    assert next(results).value == "A"
    results.close()
    started = time.monotonic()
    assert list(cluster.map(act, ["b"], timeout=100)) == [Outcome("B")]
    assert time.monotonic() - started < 30


def test_a_scheduler_that_is_not_there_and_other_code_are_configuration_errors(
    cluster: DaskEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clustered, "_ANSWER", "1s")
    absent: Engine = load("dask", address="tcp://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"):
        list(absent.map(act, ["a"]))
    absent.close()
    monkeypatch.setattr(clustered, "code", lambda: "other")
    with pytest.raises(ConfigurationError, match="runs another version of Citewire"):
        clustered._check(cluster._started())
