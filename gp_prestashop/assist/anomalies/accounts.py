"""Accounts: what each part of an order (a category's sales, freight, tax at a rate, the receivable) is posted to.

A posting is matched to the part of the order that has its amount; the account that nearly all such postings have is the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gp_prestashop.assist.anomalies.books import Books, Floats, Mask
from gp_prestashop.assist.anomalies.evidence import CERTAIN, Evidence, best_child, rule_strength

__all__ = ["accounts"]

CENT = 0.0101
USUAL = 0.97  # a part whose postings agree less has no usual account
RARE = 0.0015  # of all orders


def accounts(books: Books) -> Iterator[Evidence]:
    """Postings to an account that the part of the order is never posted to, and accounts that hardly occur."""
    if not books.has("gl", "account"):
        return
    gl = pd.DataFrame({
        "pos": books.pos("gl"), "account": books.gl["account"].to_numpy(), "side": (books.numbers("gl", "debit") != 0).astype(int),
        "cents": np.round((books.numbers("gl", "debit") + books.numbers("gl", "credit")) * 100),
    }).reset_index(names="row")  # fmt: skip
    surprise, usual = np.zeros(len(gl)), np.full(len(gl), "", dtype=object)
    part = np.full(len(gl), "", dtype=object)
    parts = _parts(books)
    if not parts.empty:
        _match(gl, parts, surprise, usual, part)
    _rare(books, gl, surprise, part)
    best, row = best_child(gl["pos"].to_numpy(dtype=np.int64), surprise, books.size)
    names = gl["account"].to_numpy()

    def reason(i: int) -> str:
        k = row[i]
        if k < 0:
            return ""
        if usual[k]:
            return f"{part[k]} was posted to account {names[k]}; it is posted to {usual[k]} otherwise."
        return f"Account {names[k]} is hardly ever used for {'such ' if part[k] else ''}orders."

    yield Evidence("account", best, reason, lambda i: f"account:{names[row[i]]}" if row[i] >= 0 else "account")


def _parts(books: Books) -> pd.DataFrame:
    """(pos, part, cents): what an order's postings should amount to, in its own currency and in the company's."""
    made: list[pd.DataFrame] = []
    if books.has("lines", "category", "qty", "unit_price"):
        amount = np.round(books.numbers("lines", "qty") * books.numbers("lines", "unit_price"), 2)
        lines = pd.DataFrame(
            {"pos": books.pos("lines"), "part": "Sales of " + books.lines["category"].astype(str), "amount": amount}
        )
        made.append(pd.DataFrame(lines.groupby(["pos", "part"], as_index=False).sum()))
    everywhere = np.arange(books.size)
    if books.has("orders", "freight"):
        made.append(pd.DataFrame({"pos": everywhere, "part": "Freight", "amount": books.numbers("orders", "freight")}))
    if books.has("orders", "tax"):
        rate = books.numbers("orders", "tax_rate") if books.has("orders", "tax_rate") else np.zeros(books.size)
        names = pd.Series(rate).map("Tax at {:g} %".format)
        made.append(pd.DataFrame({"pos": everywhere, "part": names, "amount": books.numbers("orders", "tax")}))
    if not made:
        return pd.DataFrame()
    parts = pd.concat(made, ignore_index=True)
    parts["cents"] = np.round(parts["amount"] * 100)
    real: pd.DataFrame = parts[parts["cents"].abs() > 1]
    return real


def _match(gl: pd.DataFrame, parts: pd.DataFrame, surprise: Floats, usual: Mask, part: Mask) -> None:
    """A posting whose amount is that of exactly one part is that part's; then accounts are compared within parts."""
    single = gl[~gl.duplicated(["pos", "cents"], keep=False)]
    alone = parts[~parts.duplicated(["pos", "cents"], keep=False)]
    pairs = single.merge(alone[["pos", "cents", "part"]], on=["pos", "cents"], how="inner")
    if pairs.empty:
        return
    pairs = pairs[pairs["side"] == int(pairs["side"].mode().iloc[0])] if pairs["side"].nunique() > 1 else pairs
    counts = pairs.groupby(["part", "account"]).size()
    top = counts.groupby("part").idxmax().map(lambda key: key[1])
    share = counts.groupby("part").max() / counts.groupby("part").sum()
    many = counts.groupby("part").sum()
    pairs["usual"] = pairs["part"].map(top)
    strange = pairs[
        (pairs["account"] != pairs["usual"]) & (pairs["part"].map(share) >= USUAL) & (pairs["part"].map(many) >= 15)
    ]
    strength = min(CERTAIN, 1.3 * rule_strength(strange["pos"].nunique(), gl["pos"].nunique()))
    rows = strange["row"].to_numpy()
    surprise[rows] = strength
    usual[rows] = np.array(["account " + u for u in strange["usual"]], dtype=object)
    part[rows] = strange["part"].to_numpy()


def _rare(books: Books, gl: pd.DataFrame, surprise: Floats, part: Mask) -> None:
    """Accounts that few orders use at all, and accounts that orders of this country or channel use nowhere else."""
    users = gl.drop_duplicates(["pos", "account"])
    count = users.groupby("account").size()
    rare = count[count <= RARE * books.size]
    if len(rare):
        strength = rule_strength(int(gl[gl["account"].isin(rare.index)]["pos"].nunique()), books.size)
        mine = gl["account"].isin(rare.index).to_numpy()
        surprise[mine] = np.maximum(surprise[mine], strength)
    for column in ("tax_rate", "bill_country"):
        if not books.has("orders", column):
            continue
        group = books.orders[column].to_numpy()[gl["pos"].to_numpy()]
        both = gl.assign(group=group).drop_duplicates(["pos", "account"])
        pair = both.groupby(["account", "group"])["pos"].size()
        of_account, of_group = both.groupby("account").size(), pd.Series(books.orders[column]).value_counts()
        accounts_of, groups_of = pair.index.get_level_values(0), pair.index.get_level_values(1)
        common = (of_account.reindex(accounts_of).to_numpy() >= 100) & (of_group.reindex(groups_of).to_numpy() >= 100)
        lone = pair.loc[(pair.to_numpy() <= 2) & common]
        if len(lone) == 0 or lone.sum() > 0.002 * books.size:
            continue
        mine = pd.MultiIndex.from_arrays([gl["account"], group]).isin(lone.index)
        surprise[mine] = np.maximum(surprise[mine], rule_strength(int(lone.sum()), books.size) * 0.9)
        part[mine & (part == "")] = column
