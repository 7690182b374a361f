"""What never leaves the codec: passwords, keys that open accounts, and card data (PCI DSS)."""

from __future__ import annotations

import re

__all__ = ["SECRET_FIELDS", "scrubbed"]

SECRET_FIELDS = frozenset(
    {
        "passwd",  # customers, employees: the password's hash
        "last_passwd_gen",
        "secure_key",  # customers, orders, carts: opens the order without a login
        "reset_password_token",
        "reset_password_validity",
        "card_number",  # order_payments
        "card_brand",
        "card_expiration",
        "card_holder",
    }
)

_NAMES = "|".join(sorted(SECRET_FIELDS))
_XML = re.compile(rf"(<(?:{_NAMES})\b[^>]*>).*?(?=</(?:{_NAMES})>|$)", re.DOTALL)
_JSON = re.compile(rf'("(?:{_NAMES})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^,}}\s]*)')


def scrubbed(text: str) -> str:
    """Text of a body with the values of secret fields blotted out, also where it is cut in the middle of one."""
    return _JSON.sub(r'\1"…"', _XML.sub(r"\1…", text))
