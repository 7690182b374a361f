"""The unsupervised rest: an isolation forest over what the detectors say and the orders' plain features; it only breaks ties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gp_prestashop.assist.anomalies.books import Books, Floats
from gp_prestashop.assist.anomalies.evidence import Evidence
from gp_prestashop.assist.anomalies.ranking import calibrated

__all__ = ["unusual"]

TREES = 60
SEED = 7


def unusual(books: Books, evidence: Sequence[Evidence]) -> Floats:
    """0…1, the share of orders that are less isolated than this one."""
    from sklearn.ensemble import IsolationForest

    columns = [np.minimum(calibrated(e.surprise), 12.0) for e in evidence]
    plain = [name for name in ("total", "freight", "tax_rate") if books.has("orders", name)]
    columns += [np.log1p(np.abs(np.nan_to_num(books.numbers("orders", name)))) for name in plain]
    columns.append(books.line_count)
    forest = IsolationForest(n_estimators=TREES, max_samples=min(256, books.size), random_state=SEED)
    oddness = -forest.fit(np.stack(columns, axis=1)).score_samples(np.stack(columns, axis=1))
    rank = np.argsort(np.argsort(oddness, kind="stable"), kind="stable")
    return np.asarray(rank / max(1, books.size - 1), dtype=np.float64)
