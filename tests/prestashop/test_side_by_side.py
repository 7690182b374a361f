"""Readers at the same time: all results, the first error, and nobody left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from gp_prestashop.prestashop.side_by_side import side_by_side


def test_all_results_of_all_readers_arrive() -> None:
    readers = [iter(range(start, 300, 3)) for start in range(3)]
    assert sorted(side_by_side(readers)) == list(range(300))


def test_an_error_of_one_ends_all() -> None:
    ended = threading.Event()

    def failing() -> Iterator[int]:
        yield 1
        raise LookupError("gone")

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 2
        finally:
            ended.set()

    with pytest.raises(LookupError, match="gone"):
        list(side_by_side([failing(), endless()]))
    assert ended.wait(10)


def test_who_stops_listening_stops_the_readers() -> None:
    before = threading.active_count()
    results = side_by_side([iter(range(10_000)), iter(range(10_000))])
    assert isinstance(next(results), int)
    results.close()
    assert threading.active_count() <= before
