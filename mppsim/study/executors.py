"""Who does the pieces of a study: this program, processes beside it, or the workers of a cluster.

A piece is done by a function of nothing but the piece, so that whoever does it, and however often,
the outcome is the same.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from mppsim.scenario.errors import InputError, quoted
from mppsim.study.run_key import software

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from distributed import Client, Future

Piece = TypeVar("Piece")
Done = TypeVar("Done")

PATIENCE = 5.0
"""Seconds to wait for a scheduler to answer, and for its first worker."""
AHEAD = 3
"""Pieces sent for each thread of a cluster: one in work, and some so that nobody waits."""


@dataclass(frozen=True)
class Cluster:
    """The workers of a Dask scheduler at an address such as tcp://host:8786."""

    address: str

    def __post_init__(self) -> None:
        if not _is_address(self.address):
            raise InputError(
                f"cluster: found {quoted(self.address)}; expected the address of a Dask scheduler "
                "such as tcp://host:8786"
            )


Workers = int | Cluster
"""So many here, or a cluster."""


class MapInOrder(Protocol):
    """What `map_in_order` does, by workers that are there already."""

    def __call__(
        self, function: Callable[[Piece], Done], pieces: Sequence[Piece], /
    ) -> Iterable[Done]:
        """Yield what a function of a module makes of each piece, in order."""


def check_workers(workers: Workers) -> None:
    """Raise InputError for fewer than one worker here."""
    if not isinstance(workers, Cluster) and workers < 1:
        raise InputError(f"workers: found {workers}; expected at least 1")


@contextmanager
def at_work(workers: Workers, *, in_threads: bool = False) -> Iterator[MapInOrder]:
    """Keep workers for several rounds of pieces, as `map_in_order` has them for one."""
    check_workers(workers)
    if isinstance(workers, Cluster):
        with _connected(workers.address) as client:
            yield partial(_by_client, client, workers.address)
    elif workers == 1:
        yield map
    else:
        with _pool(workers, in_threads=in_threads) as pool:
            yield pool.map


def map_in_order(
    function: Callable[[Piece], Done],
    pieces: Sequence[Piece],
    workers: Workers,
    *,
    in_threads: bool = False,
) -> Iterator[Done]:
    """Yield what a function of a module makes of each piece, in order.

    Workers here are processes, or `in_threads` of this one.

    Raises InputError for a cluster that does not answer, or whose workers have another version.
    """
    if not pieces:
        return  # and so a cluster is not even called
    if isinstance(workers, Cluster):
        with at_work(workers) as do:
            yield from do(function, pieces)
    elif workers == 1 or len(pieces) == 1:
        yield from map(function, pieces)
    else:
        with _pool(min(workers, len(pieces)), in_threads=in_threads) as pool:
            yield from pool.map(function, pieces)


def _pool(n: int, *, in_threads: bool) -> Executor:
    """Return so many threads, or processes started afresh: a fork with threads can hang."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    if in_threads:
        return ThreadPoolExecutor(n)
    return ProcessPoolExecutor(n, mp_context=multiprocessing.get_context("spawn"))


def _by_client(
    client: Client, address: str, function: Callable[[Piece], Done], pieces: Sequence[Piece], /
) -> Iterator[Done]:
    # Few pieces are there at a time, so that neither they nor their outcomes fill any memory. Each
    # comes with all it needs: Dask can do it again, on another worker, if the first one dies.
    ahead = deque["Future[Done]"]()
    for piece in pieces:
        ahead.append(client.submit(_done_there, function, _versions(), piece, pure=False))
        if len(ahead) >= AHEAD * sum(client.nthreads().values()):
            yield _outcome(ahead.popleft(), address)
    while ahead:
        yield _outcome(ahead.popleft(), address)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Connect to a scheduler whose workers can be trusted with our work."""
    if find_spec("distributed") is None:
        raise InputError("cluster: Dask is not installed; pip install 'mppsim[cluster]' does it")
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from distributed import Client

    # In a thread, as a notebook has an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        if not thread.submit(asyncio.run, _answers(address)).result():
            raise InputError(
                f"cluster: found no Dask scheduler that answers at {address} within "
                f"{PATIENCE:g} s; expected one, started by: dask scheduler"
            )
    # What it logs when it loses a scheduler is told in a line of ours.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    client = Client(address, timeout=PATIENCE, set_as_default=False, name="mppsim")
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise InputError(
                f"cluster: found no workers at {address}; expected one or more, each started "
                f"by: dask worker {address}"
            ) from None
        for worker, found in sorted(client.run(_versions, on_error="return").items()):
            _check_versions(worker, found, _versions())
        yield client


async def _answers(address: str) -> bool:
    """Return whether a scheduler answers; Dask itself waits for ever where another program does."""
    import asyncio

    from distributed.comm.core import connect

    try:
        comm = await asyncio.wait_for(connect(address, timeout=PATIENCE), PATIENCE)
    except (OSError, MemoryError):  # the latter: what came was read as an enormous length
        return False
    await comm.close()
    return True


def _outcome(future: Future[Done], address: str) -> Done:
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        raise InputError(
            f"cluster: found that worker after worker at {address} died over one piece of work, "
            f"the last {error.last_worker.address}; expected workers with enough memory"
        ) from None
    except (CancelledError, OSError):
        raise InputError(
            f"cluster: found that {address} does not answer any more; expected it to stay until "
            "all is done (with a run store, what came back is kept)"
        ) from None


def _done_there(function: Callable[[Piece], Done], here: dict[str, str], piece: Piece) -> Done:
    """Do a piece on a worker, which may have come later than those that were asked."""
    from distributed import get_worker

    _check_versions(get_worker().address, _versions(), here)
    return function(piece)


def _versions() -> dict[str, str]:
    return {**software(), "Python": "{}.{}".format(*sys.version_info)}


def _check_versions(worker: str, found: dict[str, str] | Exception, here: dict[str, str]) -> None:
    if isinstance(found, Exception):
        raise InputError(
            f"cluster: worker {worker}: found no mppsim to work with ({found}); expected "
            f"mppsim {here['mppsim']}"
        )
    other = [name for name in here if found.get(name) != here[name]]
    if other:
        those, ours = (
            ", ".join(f"{name} {versions.get(name)}" for name in other)
            for versions in (found, here)
        )
        raise InputError(f"cluster: worker {worker}: found {those}; expected {ours} as here")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme == "tcp" and bool(parts.hostname and parts.port)
    except ValueError:  # a port that is no number, or too large
        return False
