"""Keys as GP and the shop compare them."""

from __future__ import annotations

import pytest

from gp_prestashop.keys import key_text


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        (" ps1 ", "PS1"),
        ("café-é", "CAFÉ-É"),
        ("straße-9", "STRAßE-9"),  # SQL Server's UPPER leaves ß and µ as they are
        ("µ-meter", "µ-METER"),
        (None, ""),
        (42, "42"),
    ],
)
def test_a_key_is_trimmed_and_in_capitals_sign_by_sign(written: object, compared: str) -> None:
    assert key_text(written) == compared
