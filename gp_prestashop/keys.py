"""Keys (item numbers, references, customer and document numbers) as GP and the shop compare them."""

from __future__ import annotations

from typing import Any

__all__ = ["key_text"]


def key_text(value: Any) -> str:
    """Trimmed, in capitals: eConnect keeps keys so, and neither SQL Server nor MySQL regards case by default.

    Both sides are asked with it, so signs whose capital is another sign (ß, µ) stay: they would not find SS.
    """
    text = str(value or "").strip()
    return text.upper() if text.isascii() else "".join(map(_capital, text))


def _capital(sign: str) -> str:
    capital = sign.upper()
    return capital if capital.lower() == sign.lower() else sign
