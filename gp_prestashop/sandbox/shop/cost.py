"""What a request costs a real shop: medians measured on PrestaShop 8.2.1 and 1.7.8.11 (reference/prestashop/notes.md).

A read costs a start and something for each row; a write a start and something for each entity. The start of a single
read is that of ``GET one order`` (11.3 ms). A resource that was not measured costs what addresses do. Requests at the
same time do not slow each other here; a real shop of two cores gains little beyond two of them.
"""

from __future__ import annotations

from typing import Final

__all__ = ["seconds"]

START: Final = 0.0113
LIST: Final = {"orders": 0.017}  # more, for whole entities: 10 orders took 42 ms

# milliseconds a row: every field, some fields, ids only
_READS: Final = {
    "orders": (0.44, 0.092, 0.03),  # 10 → 300 rows: 42 → 163 ms; 4 fields of 300: 39 ms; 315 ids: 21 ms
    "products": (1.37, 0.34, 0.03),  # 50 → 506 rows: 71 → 697 ms; 4 fields of 506: 185 ms
    "stock_availables": (0.105, 0.09, 0.03),  # 510 rows: 65 ms; 4 fields: 57 ms
}
_READ: Final = (0.13, 0.1, 0.03)  # 100 order_details: 24 ms

# milliseconds: start, each entity
_WRITES: Final = {
    ("PUT", "stock_availables"): (22, 0.42),  # 1 → 200: 25 → 84
    ("PATCH", "stock_availables"): (11, 0.24),  # 10 → 200: 12 → 49
    ("POST", "order_histories"): (14, 9.3),  # 1 → 100: 23 → 974
    ("POST", "customers"): (8, 63),  # 1 → 50: 71 → 3497; each password is hashed
    ("POST", "addresses"): (23, 0.7),  # 1 → 200: 25 → 141
    ("POST", "products"): (53, 14.5),  # 1 → 200: 67 → 2950
    ("PATCH", "products"): (44, 8.4),  # 1 → 100: 53 → 859
    ("POST", "orders"): (0, 184),
}
_LEGACY: Final = {("PUT", "stock_availables"): (18, 0.55), ("POST", "orders"): (0, 96)}  # 1.7.8.11
_WRITE: Final = (23, 0.7)


def seconds(method: str, resource: str, rows: int, shown: str, *, legacy: bool = False) -> float:
    """How long the request takes. ``rows``: read or written; ``shown``: full, fields or ids, of a read."""
    if method in ("GET", "HEAD"):
        each = _READS.get(resource, _READ)[("full", "fields", "ids").index(shown)]
        if shown == "full" and rows <= 1:
            return START
        return START + (LIST.get(resource, 0) if shown == "full" else 0) + each * rows / 1000
    key = (method, resource)
    start, each = (_LEGACY.get(key) if legacy else None) or _WRITES.get(key, _WRITE)
    return (start + each * max(rows, 1)) / 1000
