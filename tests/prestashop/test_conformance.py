"""The conformance kit passes on a shop that behaves, finds one that does not, and leaves nothing behind."""

from __future__ import annotations

import copy

from gp_prestashop.prestashop.conformance import checks, run_conformance


def test_a_good_shop_passes(settings, clock, shop, session_for):
    before = copy.deepcopy(shop.tables)
    results = list(run_conformance(settings, write=True, clock=clock, session=session_for(shop.handle)))
    assert [r for r in results if not r.ok] == []
    assert len(results) > 60
    assert set(checks(write=True)) <= {r.name for r in results}
    assert shop.tables == before


def test_reading_checks_write_nothing(settings, clock, shop, session_for):
    assert all(r.ok for r in run_conformance(settings, clock=clock, session=session_for(shop.handle)))
    assert {method for method, _, _ in shop.log} == {"GET"}


def test_faults_are_found(settings, clock, shop, session_for):
    shop.ignores_dates = True
    shop.ignores_ids = True
    failed = {r.name for r in run_conformance(settings, clock=clock, session=session_for(shop.handle)) if not r.ok}
    assert {
        "paging: the same orders whatever the page's size",
        "keys: known ones are found, unknown ones are not",
        "days: a day holds exactly its own orders",
        "probe: date filter orders.date_add",
    } <= failed


def test_a_shop_that_wipes_on_partial_change_is_found(settings, clock, shop, session_for):
    save = shop.save
    shop.save = lambda method, resource, body: save(
        "PUT" if method == "PATCH" and shop.patch else method, resource, body
    )
    results = list(run_conformance(settings, write=True, clock=clock, session=session_for(shop.handle)))
    failed = {r.name for r in results if not r.ok}
    assert ("write: a partial change keeps all other fields" in failed) == shop.patch


def test_a_shop_that_is_down_gives_one_line(settings, clock, shop, session_for):
    shop.before = lambda method, path, params: (500, {}, b"")
    (result,) = run_conformance(settings, clock=clock, session=session_for(shop.handle))
    assert not result.ok
