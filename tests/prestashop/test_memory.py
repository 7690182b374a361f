"""Any number of orders passes through in flat memory."""

from __future__ import annotations

import re
import tracemalloc
from urllib.parse import unquote

import pytest

from gp_prestashop.engine.protocols import Selection
from gp_prestashop.prestashop.source import PrestaShopSource

JSON = {"Content-Type": "application/json", "PSWS-Version": "8.2.1"}


@pytest.mark.parametrize("total", [20_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_many_orders_in_flat_memory(total, settings, clock, session_for):
    template = '{"id":%d,"date_add":"2026-01-01 00:00:00","reference":"ABCDEFGHI","total_paid":"21.000000"}'

    def handle(request):
        path = unquote(request.path_url)
        if not path.startswith("/api/orders?"):
            return 200, JSON, b"[]"
        last = int(re.search(r"filter\[id\]=>\[(\d+)\]", path)[1])
        rows = ",".join(template.replace("%d", str(i)) for i in range(last + 1, min(last + 500, total) + 1))
        return 200, JSON, f'{{"orders":[{rows}]}}'.encode() if rows else b"[]"

    session = session_for(handle)
    adapter = session.get_adapter("http://shop.test")
    source = PrestaShopSource(settings, clock, session)
    reader = source.read("orders", Selection(), page_size=500)
    count = len(next(reader)) + len(next(reader))
    adapter.requests.clear()
    adapter.timeouts.clear()
    tracemalloc.start()
    try:
        for page in reader:
            count += len(page)
            last = page[-1].key
            adapter.requests.clear()
            adapter.timeouts.clear()
            if count == 10_000:
                tracemalloc.reset_peak()
                early = tracemalloc.get_traced_memory()[0]
            if count == 12_000:
                early_peak = tracemalloc.get_traced_memory()[1] - early
        late, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == total
    assert last == str(total)
    assert late - early < 1_000_000
    assert peak - early < 2 * early_peak
