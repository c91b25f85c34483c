"""The engine of several machines: batches go to the workers of a Dask cluster (docs.dask.org), results come in order.

Dask only carries. On every worker a `LocalEngine` runs the tasks, so that a document which kills, hangs or swells its
process is stopped there as at home, and costs no worker. A batch whose worker is lost goes to another; one that has
lost several is taken apart, and only the task that does it is given up. Without a cluster the work goes on here.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

import dask
from distributed import CancelledError, Client, Future, KilledWorker, LocalCluster
from distributed.comm.core import CommClosedError

import pipeline
from pipeline.engines.local import LocalEngine, Sealed, opened
from pipeline.errors import ConfigurationError
from pipeline.protocols import Outcome

T = TypeVar("T")
R = TypeVar("R")
LOG = logging.getLogger(__name__)
_BATCH = 32  # most items that travel together: a task of Dask costs 1 to 2 ms, whatever is in it
_AHEAD = 4  # batches per worker that are handed out before their turn
_LOST = (KilledWorker, CancelledError, CommClosedError, OSError, TimeoutError)
_ANSWER = "20s"  # in which a scheduler must answer
_SHARING = Lock()
_SHARED: dict[tuple[int, str], tuple[LocalCluster, int]] = {}  # own clusters by workers and resource, and their users
_HOME: dict[tuple[int | None, int | None], LocalEngine] = {}  # on a worker: the engine for each set of limits


class DaskEngine:
    """Fits `pipeline.protocols.Engine`.

    `address` is that of a scheduler ("tcp://host:8786"), whose workers run the same version of Citewire with
    DASK_DISTRIBUTED__WORKER__DAEMON=False; without it a cluster of `workers` is started on this machine. `memory` and
    `cpu` are the limits of one task, as in `LocalEngine`; `resource` names what a worker must have been started with
    ("dask worker --resources GPU=1"), one task at a time for each that it has; workers of an own cluster have it.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        memory: int | None = None,
        cpu: int | None = None,
        preload: Sequence[str] = (),
        address: str = "",
        resource: str = "",
    ) -> None:
        self._workers, self._memory, self._cpu, self._address = max(1, workers), memory, cpu, address
        self._resource, self._resources = resource, {resource: 1} if resource else None
        self._alone = LocalEngine(workers=self._workers, memory=memory, cpu=cpu, preload=preload)
        self._own = False
        self._client: Client | None = None
        self._gone = False
        self._starting = Lock()

    @property
    def apart(self) -> bool:
        """Always: on a cluster, or in processes of its own where that is lost."""
        return True

    def map(self, function: Callable[[T], R], items: Sequence[T], *, timeout: float | None = None) -> Iterator[Outcome]:
        """`function` over `items`, in order. A task that raises, dies or runs past `timeout` seconds is an error.

        Raises ConfigurationError for a cluster that cannot be reached or that runs another version.
        """
        waiting: deque[tuple[Future[Any] | None, Sequence[T]]] = deque()
        workers = self._present()
        try:
            for batch in _batches(items, workers):
                waiting.append((self._sent(function, batch, timeout), batch))
                if len(waiting) >= workers * _AHEAD:
                    yield from self._received(function, *waiting.popleft(), timeout)
            while waiting:
                yield from self._received(function, *waiting.popleft(), timeout)
        finally:
            for future, _ in waiting:  # the caller lost interest, or failed
                if future is not None:
                    future.cancel()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Leave the cluster; end it where it was started here."""
        self._alone.close()
        with self._starting:
            client, self._client = self._client, None
            own, self._own = self._own, False
        if client is not None:
            client.close()  # type: ignore[no-untyped-call]
        if own:
            _leave(self._workers, self._resource)

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _sent(self, function: Callable[[T], R], batch: Sequence[T], timeout: float | None) -> Future[Any] | None:
        """The batch on its way to a worker; None where there is no cluster any more."""
        if self._gone:
            return None
        limits = (timeout, self._memory, self._cpu)
        try:
            return self._started().submit(_run, function, tuple(batch), *limits, pure=False, resources=self._resources)
        except _LOST as error:
            self._lose(error)
            return None

    def _received(
        self, function: Callable[[T], R], future: Future[Any] | None, batch: Sequence[T], timeout: float | None
    ) -> Iterator[Outcome]:
        """What a worker made of a batch; what had none is done again, alone or here."""
        if future is None:
            return self._alone.map(function, batch, timeout=timeout)
        try:
            found: Sequence[Sealed] = future.result()
            return map(opened, found)
        except KilledWorker as error:
            if len(batch) == 1:
                return iter([Outcome(error=f"its worker was lost, several times ({error})", killed=True)])
            singles = [(self._sent(function, [item], timeout), [item]) for item in batch]
            return (one for sent, item in singles for one in self._received(function, sent, item, timeout))
        except _LOST as error:
            self._lose(error)
            return self._alone.map(function, batch, timeout=timeout)
        except Exception as error:  # neither function nor item that cannot travel may end the batch
            return iter([Outcome(error=f"{type(error).__name__}: {error}") for _ in batch])

    def _lose(self, error: BaseException) -> None:
        if not self._gone:
            LOG.warning("the cluster is lost (%s); what remains is done on this machine", error or type(error).__name__)
        self._gone = True

    def _present(self) -> int:
        """How many workers there are now."""
        if not self._gone:
            try:
                return max(1, len(self._started().nthreads()))  # type: ignore[no-untyped-call]
            except _LOST as error:
                self._lose(error)
        return self._workers

    def _started(self) -> Client:
        with self._starting:
            if self._client is None:
                self._client = self._joined()
            return self._client

    def _joined(self) -> Client:
        try:
            where = self._address or _join(self._workers, self._resource)
            self._own = not self._address
            client = Client(where, timeout=_ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise ConfigurationError(
                f"no Dask scheduler answers at {self._address or 'this machine'} ({error})",
                key="engine.address",
                fix='the address that "dask scheduler" prints, such as tcp://10.0.0.5:8786',
            ) from error
        if self._address:
            _check(client)
        if self._resource:
            _equipped(client, self._resource)
        return client


def _join(workers: int, resource: str) -> LocalCluster:
    """A cluster of this machine, shared by all engines of so many workers with that resource, if any."""
    with _SHARING:
        cluster, users = _SHARED.get((workers, resource), (None, 0))
        if cluster is None:
            dask.config.set({"distributed.worker.daemon": False})  # for good: a worker that died starts again later
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.ERROR,
                **({"resources": {resource: 1}} if resource else {}),
            )
        _SHARED[workers, resource] = cluster, users + 1
        return cluster


def _leave(workers: int, resource: str) -> None:
    """The last one out ends the cluster."""
    with _SHARING:
        cluster, users = _SHARED.pop((workers, resource))
        if users > 1:
            _SHARED[workers, resource] = cluster, users - 1
            return
    cluster.close()


def _batches(items: Sequence[T], workers: int) -> Iterator[Sequence[T]]:
    """`items` in parts: small enough that all workers have some, and none more than _BATCH."""
    size = max(1, min(_BATCH, len(items) // (workers * _AHEAD)))
    return (items[at : at + size] for at in range(0, len(items), size))


def _run(
    function: Callable[[T], R], items: Sequence[T], timeout: float | None, memory: int | None, cpu: int | None
) -> list[Sealed]:
    """On a worker: a batch, in processes of the worker's own that may be killed; outcomes go on unopened."""
    if (memory, cpu) not in _HOME:
        _HOME[memory, cpu] = LocalEngine(workers=1, memory=memory, cpu=cpu)
    return list(_HOME[memory, cpu].sealed(function, items, timeout=timeout))


def _check(client: Client) -> None:
    """Raises ConfigurationError where a worker runs other code, so that pages would depend on who made them."""
    found: dict[str, Any] = client.run(_fit)
    here = code()
    other = sorted(name for name, (made, _) in found.items() if made != here)
    bound = sorted(name for name, (_, daemon) in found.items() if daemon)
    if other or bound:
        client.close()  # type: ignore[no-untyped-call]
    if other:
        raise ConfigurationError(
            f"the Dask worker {other[0]} runs another version of Citewire than this machine",
            key="engine.address",
            fix=f"install {pipeline.__version__} with the same files on all of them",
        )
    if bound:
        raise ConfigurationError(
            f"the Dask worker {bound[0]} may not start processes of its own",
            key="engine.address",
            fix="start workers with DASK_DISTRIBUTED__WORKER__DAEMON=False in their environment",
        )


def _equipped(client: Client, resource: str) -> None:
    """Raises ConfigurationError where no worker has `resource`: work that asks for it would wait for ever."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    if not any(worker.get("resources", {}).get(resource) for worker in workers):
        client.close()  # type: ignore[no-untyped-call]
        raise ConfigurationError(
            f"none of the {len(workers)} Dask workers has the resource {resource}",
            key="engine.resource",
            fix=f'start one with "dask worker ... --resources {resource}=1", or leave the key out',
        )


def _fit() -> tuple[str, bool]:
    return code(), multiprocessing.current_process().daemon


@cache
def code() -> str:
    """Digest of this program's own files."""
    folder, found = Path(pipeline.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:32]
