"""Hard invariants of an order: lines → subtotal → total, tax = rate × base, payment = total.

Shops differ in what a subtotal or a total holds, so each invariant is tried in the known forms, and the one that nearly all orders
keep is the rule. Where none is kept, there is no rule and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats, Mask
from gp_prestashop.assist.anomalies.evidence import CERTAIN, Evidence, breach, rule_strength

__all__ = ["header_invariants", "payment_invariants", "tax_rates"]

CENT = 0.0101
KEPT = 0.95  # a form that fewer orders keep is not the rule


def header_invariants(books: Books) -> Iterator[Evidence]:
    """Lines against subtotal, parts against total, tax against rate × base."""
    money = {
        name: books.numbers("orders", name)
        for name in ("subtotal", "freight", "tax", "total")
        if books.has("orders", name)
    }
    rounding = 2 * CENT + 0.005 * books.line_count  # each line may be rounded on its own
    if "subtotal" in money and books.has("lines", "qty", "unit_price"):
        net = books.per_order(
            "lines", np.round(books.numbers("lines", "qty") * books.numbers("lines", "unit_price"), 2)
        )
        forms = {"net": net}
        if books.has("orders", "tax_rate"):
            forms["with tax"] = net * (1 + books.numbers("orders", "tax_rate") / 100)
        yield from _rule("total", "subtotal", "the sum of the lines", money["subtotal"], forms, rounding)
    if {"subtotal", "total"} <= money.keys():
        zero = np.zeros(books.size)
        freight, tax = money.get("freight", zero), money.get("tax", zero)
        sub = money["subtotal"]
        forms = {"all": sub + freight + tax, "tax inside": sub + freight, "freight apart": sub + tax, "bare": sub}
        yield from _rule(
            "total", "total", "subtotal, freight and tax together", money["total"], forms, np.full(books.size, 2 * CENT)
        )
    if {"subtotal", "tax"} <= money.keys() and books.has("orders", "tax_rate"):
        freight = money.get("freight", np.zeros(books.size))
        rate = books.numbers("orders", "tax_rate") / 100
        both, sub = money["subtotal"] + freight, money["subtotal"]
        forms = {
            "both": both * rate,
            "goods": sub * rate,
            "both in": both * rate / (1 + rate),
            "goods in": sub * rate / (1 + rate),
        }
        yield from _rule("tax", "tax", "rate × base", money["tax"], forms, rounding + CENT)


def _rule(
    kind: str, name: str, what: str, found: Floats, forms: dict[str, Floats], tolerance: Floats
) -> Iterator[Evidence]:
    known = np.isfinite(found)
    if not known.any():
        return
    kept = {form: float(np.mean(np.abs(value - found)[known] <= tolerance[known])) for form, value in forms.items()}
    form = max(kept, key=lambda f: kept[f])
    if kept[form] < KEPT:
        return
    expected = forms[form]

    def reason(i: int) -> str:
        return f"The {name} is {found[i]:.2f}, but {what} give {expected[i]:.2f}."

    yield Evidence(kind, breach(expected - found, tolerance), reason, lambda _: f"{kind}:{name}")


def tax_rates(books: Books) -> Iterator[Evidence]:
    """The rate that the country has, by bill or by ship country, whichever explains the rates better; exempt means none."""
    if not books.has("orders", "tax_rate"):
        return
    orders = books.orders
    exempt = orders["tax_exempt"].fillna(0) if "tax_exempt" in orders else pd.Series(np.zeros(books.size))
    best: tuple[float, pd.Series, pd.Series] | None = None
    for column in ("bill_country", "ship_country"):
        if column not in orders:
            continue
        group = orders[column] + "/" + exempt.astype(str)
        usual = (
            orders["tax_rate"]
            .groupby(group)
            .transform(lambda rates: rates.mode().iloc[0] if rates.notna().any() else np.nan)
        )
        off = (orders["tax_rate"] - usual).abs() > 1e-6
        share = float(off.mean())
        if best is None or share < best[0]:
            best = (share, usual, orders[column])
    if best is None:
        return
    _, usual, country = best
    rate = orders["tax_rate"]
    wrong = np.abs(rate.to_numpy(dtype=np.float64) - usual.to_numpy(dtype=np.float64)) > 1e-6
    strength = rule_strength(int(wrong.sum()), books.size)

    def reason(i: int) -> str:
        free = " for an exempt customer" if exempt.iloc[i] else ""
        return f"The tax rate is {rate.iloc[i]:g} %, where orders of {country.iloc[i]}{free} have {usual.iloc[i]:g} %."

    yield Evidence("tax", wrong * strength, reason, lambda i: f"tax_rate:{country.iloc[i]}:{rate.iloc[i]:g}")


def payment_invariants(books: Books) -> Iterator[Evidence]:
    """Payments add up to the total, where orders of that status do; part payments have the shares that they usually have."""
    if not books.has("orders", "total") or not books.has("payments", "amount"):
        return
    total = books.numbers("orders", "total")
    paid = books.per_order("payments", books.numbers("payments", "amount"))
    count = np.bincount(books.pos("payments"), minlength=books.size)
    status = (
        books.codes("orders", "payment_status")
        if books.has("orders", "payment_status")
        else np.zeros(books.size, dtype=np.int64)
    )
    surprise = np.zeros(books.size)
    for code in np.unique(status):
        mine = status == code
        having = mine & (count > 0)
        full = np.abs(paid - total) <= 2 * CENT
        if having.any() and full[having].mean() >= KEPT:
            surprise[having] = breach(paid - total, 2 * CENT)[having]
        elif having.any():
            surprise[having] = _odd_share(paid, total, having)[having]
        missing = mine & (count == 0)
        surprise[missing] = min(CERTAIN, 1.4 * rule_strength(int(missing.sum()), int(mine.sum())))
    words = books.orders["payment_status"] if books.has("orders", "payment_status") else pd.Series([""] * books.size)

    def reason(i: int) -> str:
        if count[i] == 0:
            return f"The order of {total[i]:.2f} has no payment, though its status is {words.iloc[i] or 'none'}."
        many = f"{count[i]} payments add up to" if count[i] > 1 else "The payment is"
        return f"{many} {paid[i]:.2f}, the order's total {total[i]:.2f}."

    yield Evidence("payment", surprise, reason, lambda _: "payment:amount")
    yield from _same(books, "payment_method", "method")
    yield from _same(books, "currency", "currency")


def _odd_share(paid: Floats, total: Floats, use: Mask) -> Floats:
    """Of part payments: how rare the paid share is among them (a deposit is 30 % or 50 %, not 37 %)."""
    share = np.round(np.where(np.abs(total) > CENT, paid / np.where(total == 0, 1, total), 1.0), 2)
    values, counts = np.unique(share[use], return_counts=True)
    usual = dict(zip(values.tolist(), counts.tolist(), strict=True))
    many = int(use.sum())
    rare = np.array([usual.get(round(s, 2), 0) / many < 0.02 if many >= 30 else False for s in share.tolist()])
    broken = int((rare & use).sum())
    strength = rule_strength(broken, len(total)) if broken <= 0.1 * many else 0.0
    over = (np.abs(paid) > np.abs(total) * 1.01 + CENT) & use  # more than all of it
    return np.where(rare & use, strength, 0.0) + np.where(over, 4.0, 0.0)


def _same(books: Books, column: str, theirs: str) -> Iterator[Evidence]:
    if not books.has("orders", column) or not books.has("payments", theirs):
        return
    pos = books.pos("payments")
    ordered, used = books.orders[column].to_numpy()[pos], books.payments[theirs].to_numpy()
    off = np.zeros(books.size, dtype=bool)
    off[pos[ordered != used]] = True
    if not off.any():
        return
    first = dict(zip(pos[::-1].tolist(), used[::-1].tolist(), strict=True))
    name = column.replace("_", " ")

    def reason(i: int) -> str:
        return f"The order's {name} is {books.orders[column].iloc[i]}, but it was paid by {first.get(i)}."

    yield Evidence("payment", off * rule_strength(int(off.sum()), books.size), reason, lambda _: f"payment:{column}")
