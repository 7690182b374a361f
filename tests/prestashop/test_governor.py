"""The pace that is kept with the shop."""

from __future__ import annotations

import threading

import pytest

from gp_prestashop.prestashop.governor import Governor


def run(governor, clock, requests, seconds=0.1):
    for _ in range(requests):
        with governor.turn():
            clock.time += seconds
        governor.answered("orders", seconds, 1000)


def test_nothing_is_held_back_while_all_is_well(clock):
    governor = Governor(clock)
    run(governor, clock, 500)
    assert clock.slept == []
    assert (governor.stats.requests, governor.stats.bytes) == (500, 500_000)
    assert governor.stats.seconds == pytest.approx(50)


def test_a_budget_is_never_exceeded(clock):
    governor = Governor(clock, per_minute=30)
    starts = []
    for _ in range(100):
        with governor.turn():
            starts.append(clock.time)
    for start in starts:
        assert (
            sum(start <= other < start + 60 for other in starts) <= 38
        )  # raised by a quarter each quiet minute at most
    assert governor.per_minute == 30


def test_a_refusal_halves_the_pace_and_waits(clock):
    governor = Governor(clock)
    run(governor, clock, 120, 0.5)
    refused_at = clock.time
    governor.refused(20)
    with governor.turn():
        assert clock.time >= refused_at + 20
    assert governor.per_minute == pytest.approx(60, abs=2)
    run(governor, clock, 50, 0.01)
    assert clock.time - refused_at > 45
    assert governor.stats.refusals == 1


def test_the_pace_recovers(clock):
    governor = Governor(clock)
    governor.refused(1)
    slowest = governor.per_minute
    run(governor, clock, 300, 0.01)
    assert governor.per_minute is None or governor.per_minute > slowest * 2


def test_a_shop_that_gets_slow_is_given_rest(clock):
    governor = Governor(clock)
    run(governor, clock, 20, 0.1)
    assert clock.slept == []
    run(governor, clock, 5, 2.0)
    assert sum(clock.slept) >= 4 * 2.0


def test_large_answers_are_no_sign_of_a_slow_shop(clock):
    governor = Governor(clock)
    run(governor, clock, 20, 0.1)
    for _ in range(5):
        with governor.turn():
            clock.time += 2.0
        governor.answered("products", 2.0, 5_000_000)
    assert clock.slept == []


def test_only_so_many_at_a_time_and_orders_go_first(clock):
    governor = Governor(clock, concurrency=1)
    order: list[str] = []

    def ask(resource: str) -> None:
        with governor.turn(resource):
            order.append(resource)

    threads = [
        threading.Thread(target=ask, args=(name,), daemon=True) for name in ("products", "stock_availables", "orders")
    ]
    slots = governor._slots
    with governor.turn("customers"):
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            with slots._free:
                assert slots._free.wait_for(lambda n=waiting: len(slots._tickets) == n, timeout=10)
        assert order == []
    for thread in threads:
        thread.join(timeout=10)
    assert order == ["orders", "stock_availables", "products"]


def test_a_refusal_also_halves_how_many_go_at_a_time(clock):
    governor = Governor(clock, concurrency=4)
    governor.refused(1)
    assert governor.figures()["shop/at_a_time"] == 2


def test_the_catalogue_leaves_room_for_orders_in_the_budget(clock):
    governor = Governor(clock, per_minute=20)
    for _ in range(15):
        with governor.turn("products"):
            pass
    assert clock.slept == []
    for _ in range(5):
        with governor.turn("orders"):
            pass
    assert clock.slept == []
    with governor.turn("products"):
        assert clock.slept
    assert governor.figures()["shop/budget_per_minute"] == 20
