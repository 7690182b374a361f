"""Tools::str2url: what is left of a name in a web address."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

__all__ = ["slug"]


def slug(text: str, *, legacy: bool) -> str:
    """``Papyrus & Fils`` → ``papyrus-fils``. From 8.0 on PHP's intl writes Chinese characters as words."""
    plain = unicodedata.normalize("NFKD", text)
    if not legacy:
        plain = "".join(f" {anyascii(one)} " if unicodedata.category(one) == "Lo" else one for one in plain).strip()
    plain = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[\s'/-]+", "-", re.sub(r"[^a-z0-9\s'/-]", "", plain))
