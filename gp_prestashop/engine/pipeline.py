"""Reading, mapping and writing at the same time, for flows whose records need no others and whose target takes batches.

A sweep of 100,000 records waits for its two systems most of the time. Pages are read one after the other; a few of them
are mapped at once, each by itself, and full batches are written while the next pages are mapped. How many are under
way is bounded, so that memory stays flat. Everything is durable in the same order as without it: received, then planned,
then intended, then written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from gp_prestashop.engine.plan import Planned
from gp_prestashop.engine.transform import Transformed

__all__ = ["Stages", "run_stages"]

AT_A_TIME = 2  # pages being mapped, and batches being written
AHEAD = 2  # more of them that wait for their turn

Keys = Sequence[str]


@dataclass(frozen=True, slots=True)
class Stages:
    """What is done with a page: ``transform`` and ``load`` run in threads, ``count`` in the caller's."""

    transform: Callable[[Keys], Transformed]
    load: Callable[[Sequence[Planned]], object]
    count: Callable[[Keys], None]


def run_stages(pages: Iterable[Keys], stages: Stages, size: int) -> None:
    """All pages to their end. The first error is raised once what is under way has ended."""
    with (
        ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="map") as mappers,
        ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="write") as writers,
    ):
        writing: deque[tuple[list[Planned], Future[object]]] = deque()
        waiting: list[Planned] = []
        try:
            for keys, transformed in _in_order(mappers, pages, stages.transform):
                waiting += transformed.planned
                late = {one.document.source_key for one in waiting}
                stages.count([key for key in keys if key not in late])
                while len(waiting) >= size:
                    batch, waiting = waiting[:size], waiting[size:]
                    writing.append((batch, writers.submit(stages.load, batch)))
                _finish(writing, stages, AT_A_TIME + AHEAD)
            if waiting:
                writing.append((waiting, writers.submit(stages.load, waiting)))
            _finish(writing, stages, 0)
        except BaseException:
            for executor in (mappers, writers):
                executor.shutdown(wait=True, cancel_futures=True)
            raise


def _in_order(
    mappers: ThreadPoolExecutor, pages: Iterable[Keys], transform: Callable[[Keys], Transformed]
) -> Iterator[tuple[Keys, Transformed]]:
    under_way: deque[tuple[Keys, Future[Transformed]]] = deque()
    for keys in pages:
        under_way.append((keys, mappers.submit(transform, keys)))
        while len(under_way) >= AT_A_TIME + AHEAD:
            done, future = under_way.popleft()
            yield done, future.result()
    for done, future in under_way:
        yield done, future.result()


def _finish(writing: deque[tuple[list[Planned], Future[object]]], stages: Stages, left: int) -> None:
    """Take results until no more than ``left`` batches are under way."""
    while len(writing) > left:
        batch, future = writing.popleft()
        future.result()
        stages.count([one.document.source_key for one in batch])
