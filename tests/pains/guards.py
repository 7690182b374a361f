"""Whether each pain's test fails when its guard is gone: ``python -m tests.pains.guards [part of a name …]``.

Works on a copy of the project: one guard is taken out of it, its tests are run and must fail, and it is put back.
Exit code 1 when a test passed without its guard. What came out is kept in docs/pains.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["GUARDS", "Guard"]

ROOT = Path(__file__).parents[2]
DEFS = "gp_prestashop/defs"
TIMEOUT = 600  # seconds for the tests of one guard
FAILED = 1  # pytest's exit code: tests ran, and some failed


@dataclass(frozen=True)
class Guard:
    """``edits``: (file, text, what stands there without the guard). ``tests``: under tests/."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    tests: str


def _rule(name: str, flow: str, code: str, when: str, tests: str) -> Guard:
    """A hold rule that never holds."""
    text = f'- code: {code}\n      when: "{when}'
    return Guard(name, ((f"{DEFS}/{flow}/defs.yaml", text, text.replace(when, f"false and {when}")),), tests)


def _line(name: str, flow: str, text: str, without: str, tests: str) -> Guard:
    return Guard(name, ((f"{DEFS}/{flow}/defs.yaml", text, without),), tests)


ORDERS, CUSTOMERS, PAYMENTS, REFUNDS = (
    f"pains/test_{name}.py" for name in ("orders", "customers", "payments", "refunds")
)
CURRENCIES, TAXES, MONEY = "pains/test_currencies.py", "pains/test_taxes.py", "sales_orders"

GUARDS = (
    Guard(
        "1 the target is asked what it has",
        (("gp_prestashop/gp/target.py", "        found: dict[str, Existing] = {}\n        for type_",
          "        found: dict[str, Existing] = {}\n        documents = []\n        for type_"),),
        f"{ORDERS}::test_a_lost_answer_between_commit_and_ack_makes_one_document",
    ),
    _line("1 the number is the order's, not the cart's", "sales_orders", "|| pad(id, 8)", "|| pad(id_cart, 8)",
          f"{ORDERS}::test_the_same_cart_ordered_twice_is_two_orders_of_one_customer"),
    _line("2 one identity for one e-mail", "customers", 'then null else email_address end"', 'then null end"',
          f"{CUSTOMERS}::test_guests_with_one_email_are_one_customer_in_gp"),
    _line("2 two runs at once", "customers", 'then null else email_address end"', 'then null end"',
          f"{CUSTOMERS}::test_guests_that_arrive_at_once_in_two_runs_are_one_customer"),
    _rule("2 an e-mail of several", "customers", "ambiguous_match", "setting(",
          f"{CUSTOMERS}::test_an_email_of_several_gp_customers_waits_for_a_person"),
    _line("2 people share names", "customers",
          "case when not starts_with(namesake, setting('customer.prefix')) then namesake end", "namesake",
          f"{CUSTOMERS}::test_two_people_with_one_name_are_two_customers"),
    _line("4 no line is left out", "sales_orders", 'when: "product_quantity > 0"',
          "when: \"product_quantity > 0 and try_lookup('gp.items', product_reference, 'ITEMNMBR') is not null\"",
          f"{ORDERS}::test_an_order_with_one_unknown_item_is_held_whole"),
    Guard("5 what is being shipped is left alone",
          (("gp_prestashop/gp/unposted.py", 'if any(line["QTYFULFI"] for line in order.lines):', "if False:"),),
          f"{ORDERS}::test_an_edited_order_that_is_being_shipped_is_held_with_the_difference"),
    Guard("5 an edit is read back before it is committed",
          (("gp_prestashop/gp/order_changes.py", "        if wrong:\n", "        if False:\n"),),
          f"{ORDERS}::test_an_edit_that_gp_would_compute_otherwise_is_held_and_gp_stays_as_it_was"),
    _line("5 a cancelled order is taken back", "sales_orders", "when: \"action = 'cancel'\"", 'when: "false"',
          f"{ORDERS}::test_an_order_that_is_cancelled_in_gp_is_voided_and_its_number_stays_taken"),
    _line("6 a residue up", "sales_orders", "wrapping + greatest(residue, 0)", "wrapping", MONEY),
    _line("6 a residue down", "sales_orders", "discounts + greatest(-residue, 0)", "discounts", MONEY),
    _line("7 tax rows of shipping", "sales_orders", 'when: "freight_tax <> 0"\n        SOPTYPE', 'when: "false"\n        SOPTYPE',
          f"{TAXES}::test_each_tax_stands_in_the_details"),
    Guard("7 taxes of GP's that differ are a person's case",
          (("gp_prestashop/gp/target.py", "raise _taxes_differ(document, error) or error from error", "raise error"),),
          f"{TAXES}::test_taxes_that_gp_works_out_come_to_what_the_customer_paid_or_the_order_is_held"),
    _line("21 a number for each slip", "refunds", "|| pad(id, 8)", "|| pad(id_order, 8)",
          f"{REFUNDS}::test_two_slips_of_one_order_are_two_credit_memos"),
    _rule("21 no more than was paid", "refunds", "more_than_paid", "refund >",
          f"{REFUNDS}::test_more_than_the_order_cost_is_held"),
    Guard("21 nothing before its order",  # two guards: it waits for its order, and is held where that is not in GP
          ((f"{DEFS}/refunds/defs.yaml", "needs: {sales_orders: id_order}", "needs: {}"),
           (f"{DEFS}/refunds/defs.yaml", 'when: "coalesce(try_lookup(', 'when: "false and coalesce(try_lookup(')),
          f"{REFUNDS}::test_a_refund_of_an_order_that_is_not_in_gp_waits"),
    _line("21 goods or no goods", "refunds", 'or pieces = 0"', 'or pieces >= 0"',
          f"{REFUNDS}::test_goods_that_come_back_are_a_return_once_and_an_amount_alone_is_a_credit_memo"),
    _line("21 restocked as the shop did", "returns", "case setting('refund.restock') when 'shop' then lines.restocked when 'yes' then 'all' else 'none' end",
          "'all'", f"{REFUNDS}::test_what_is_not_restocked_is_written_off_and_what_cannot_be_told_is_held"),
    _line("23 the order's own rate", "sales_orders", "case when shop_rate then cast(conversion_rate as decimal(19,7)) end",
          "cast(null as decimal(19,7))", f"{CURRENCIES}::test_an_order_in_foreign_money_is_at_its_own_rate"),
    _rule("23 rates of other money", "sales_orders", "rate_source", "shop_rate and",
          f"{CURRENCIES}::test_rates_of_a_shop_that_counts_in_other_money_than_gp_need_a_declared_source"),
    Guard("25 the order keeps its address",
          (("gp_prestashop/gp/guard_orders.py",
            'if key_text(header.get("PRSTADCD")) != key_text(row["PRSTADCD"]) or not header.get("PRSTADCD"):', "if True:"),),
          f"{CUSTOMERS}::test_an_address_that_is_edited_leaves_the_orders_snapshot_alone"),
    Guard("one bad order stops no other",
          (("gp_prestashop/engine/transform.py", "    return [record for record in records if record.key not in stopped]",
            "    return [] if stopped else list(records)"),),
          f"{ORDERS}::test_one_bad_order_does_not_stop_the_others"),
    _rule("paid later than placed", "sales_orders", "awaiting_payment", "action =",
          f"{ORDERS}::test_an_order_waits_for_its_payment_and_then_goes"),
    Guard("what is gone is looked up", (("gp_prestashop/engine/extract.py", "missing = sorted(known - seen)", "missing: list[str] = []"),),
          f"{ORDERS}::test_a_deleted_order_is_confirmed_and_held_and_gp_keeps_it"),
    Guard("what was delivered is not ignored", (("gp_prestashop/engine/transform.py", "if item.target_key is not None and", "if False and"),),
          f"{ORDERS}::test_a_state_that_turns_bad_after_delivery_is_shown_to_a_person"),
    Guard("a payment of split orders is shared out",
          (("gp_prestashop/prestashop/payment_shares.py", "found = list(_spread(orders, before, amount)) or", "found = [(orders[0], amount)] or"),),
          f"{PAYMENTS}::test_a_payment_of_split_orders_is_shared_out_oldest_first"),
    Guard("an overpayment is held",
          (("gp_prestashop/prestashop/payment_shares.py", "found = list(_spread(orders, before, amount)) or", "found = [(orders[0], amount)] or"),),
          f"{PAYMENTS}::test_an_overpayment_is_held_and_only_that"),
    _rule("a payment in other money", "deposits", "other_currency", "count(", f"{PAYMENTS}::test_another_currency_than_the_orders_is_held"),
    _rule("paid, says the state", "deposits", "paid_short", "paid_state",
          f"{PAYMENTS}::test_a_paid_state_whose_payments_fall_short_is_held_until_the_rest_comes"),
    _rule("a negative payment", "deposits", "negative_payment", "amount <", f"{PAYMENTS}::test_a_refund_is_no_deposit_and_card_data_is_never_kept"),
    Guard("card data", (("gp_prestashop/prestashop/secret_fields.py", '        "card_number",  # order_payments\n', ""),),
          f"{PAYMENTS}::test_a_refund_is_no_deposit_and_card_data_is_never_kept"),
    _line("a closed order takes no deposit", "deposits", 'order_closed: "coalesce(', 'order_closed: "1 = 0 and coalesce(',
          f"{PAYMENTS}::test_a_payment_of_an_order_that_gp_has_closed_is_a_receipt"),
)  # fmt: skip


def without(guard: Guard, copy: Path) -> bool:
    """Whether the tests fail without it."""
    kept = {copy / file: (copy / file).read_text("utf-8") for file, _, _ in guard.edits}
    try:
        for file, text, instead in guard.edits:
            before = (copy / file).read_text("utf-8")
            if text not in before:
                raise LookupError(f"{guard.name}: {file} has no {text!r}.")
            (copy / file).write_text(before.replace(text, instead, 1), "utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            *(f"tests/{t}" for t in guard.tests.split()),
        ]
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    finally:
        for path, text in kept.items():
            path.write_text(text, "utf-8")
    reason = next((line for line in reversed(ran.stdout.splitlines()) if line.startswith("E  ")), "")
    if ran.returncode != FAILED:
        reason = ran.stdout[-300:]
    sys.stdout.write(
        f"{'fails' if ran.returncode == FAILED else 'PASSES'}  {guard.name}: {reason.removeprefix('E').strip()}\n"
    )
    sys.stdout.flush()
    return ran.returncode == FAILED


def main(words: list[str]) -> int:
    chosen = [guard for guard in GUARDS if not words or any(word in guard.name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("gp_prestashop", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        passed = [guard for guard in chosen if not without(guard, copy)]
        return int(bool(passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
