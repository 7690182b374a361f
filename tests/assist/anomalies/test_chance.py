"""Against the library's own distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from gp_prestashop.assist.anomalies.chance import surprise_above


@pytest.mark.parametrize("mean", [0.01, 1.0, 7.0])
def test_the_tail_is_poissons(mean: float) -> None:
    count = np.array([-1, 0, 1, 5, 20, 60])
    np.testing.assert_allclose(surprise_above(count, mean), -poisson.logsf(count, mean), atol=1e-12)


def test_what_never_happens_surprises_without_end() -> None:
    assert surprise_above(10_000, 0.001) == np.inf
