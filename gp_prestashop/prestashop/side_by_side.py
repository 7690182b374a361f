"""Several readers at the same time, their results one after the other: few in memory, whichever is ready first."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Full, Queue
from threading import Event
from typing import TypeVar

__all__ = ["side_by_side"]

T = TypeVar("T")
AHEAD = 4  # results that wait to be taken
PATIENCE = 1.0  # seconds between two looks at whether anybody still listens


def side_by_side(readers: Sequence[Iterator[T]]) -> Iterator[T]:
    """All results of all readers. The first error ends the others and is raised."""
    queue: Queue[tuple[bool, T | BaseException | None]] = Queue(AHEAD)
    stopped = Event()

    def put(item: tuple[bool, T | BaseException | None]) -> None:
        while not stopped.is_set():
            try:
                queue.put(item, timeout=PATIENCE)
            except Full:
                continue
            return

    def read(reader: Iterator[T]) -> None:
        try:
            for result in reader:
                put((True, result))
                if stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001  raised where the results are taken
            put((False, error))
        else:
            put((False, None))
        finally:
            if isinstance(reader, Generator):
                reader.close()

    with ThreadPoolExecutor(len(readers), thread_name_prefix="read") as threads:
        for reader in readers:
            threads.submit(read, reader)
        try:
            left = len(readers)
            while left:
                more, result = queue.get()
                if more:
                    yield result  # type: ignore[misc]
                elif isinstance(result, BaseException):
                    raise result
                else:
                    left -= 1
        finally:
            stopped.set()
