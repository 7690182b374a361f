"""Guards of what goes to GP: orders, customers, payments, refunds, money."""

from __future__ import annotations

from tests.pains.guard import DEFS, Guard, code, line, rule

__all__ = ["TO_GP"]

ORDERS, CUSTOMERS, PAYMENTS, REFUNDS, CURRENCIES, TAXES, INVOICES = (
    f"pains/test_{name}.py::test"
    for name in ("orders", "customers", "payments", "refunds", "currencies", "taxes", "invoices")
)
ONE_IDENTITY = ("customers", 'then null else email_address end"', 'then null end"')
CANCEL = ("sales_orders", "when: \"action = 'cancel'\"", 'when: "false"')
SPREAD = (
    "prestashop/payment_shares",
    "found = list(_spread(orders, before, amount)) or",
    "found = [(orders[0], amount)] or",
)

TO_GP = (
    # 1 duplicates
    code("1 the target is asked what it has", "gp/target", "        found: dict[str, Existing] = {}\n        for type_",
         "        found: dict[str, Existing] = {}\n        documents = []\n        for type_",
         f"{ORDERS}_a_lost_answer_between_commit_and_ack_makes_one_document"),
    line("1 the number is the order's, not the cart's", "sales_orders", "|| pad(id, 8)", "|| pad(id_cart, 8)",
         f"{ORDERS}_the_same_cart_ordered_twice_is_two_orders_of_one_customer"),
    # 2 customers
    line("2 one identity for one e-mail", *ONE_IDENTITY, f"{CUSTOMERS}_guests_with_one_email_are_one_customer_in_gp"),
    line("2 two runs at once", *ONE_IDENTITY, f"{CUSTOMERS}_guests_that_arrive_at_once_in_two_runs_are_one_customer"),
    Guard("2 a guest that registers",  # two guards: one identity, and who has that e-mail in GP by now
          ((f"{DEFS}/customers/defs.yaml", *ONE_IDENTITY[1:]), (f"{DEFS}/customers/defs.yaml", "coalesce(by_email, by_name)", "by_name")),
          f"{CUSTOMERS}_a_guest_that_registers_later_stays_the_same_customer"),
    line("2 GP's own by e-mail", "customers", "coalesce(by_email, by_name)", "by_name",
         f"{CUSTOMERS}_gps_own_customer_is_recognised_by_email"),
    rule("2 an e-mail of several", "customers", "ambiguous_match", "setting(",
         f"{CUSTOMERS}_an_email_of_several_gp_customers_waits_for_a_person"),
    line("2 people share names", "customers",
         "case when not starts_with(namesake, setting('customer.prefix')) then namesake end", "namesake",
         f"{CUSTOMERS}_two_people_with_one_name_are_two_customers"),
    # 4 lines
    Guard("4 no line is left out",  # two guards: what GP lacks holds the order, and so do lines that do not come to its total
          ((f"{DEFS}/sales_orders/defs.yaml", 'when: "product_quantity > 0"',
            "when: \"product_quantity > 0 and try_lookup('gp.items', product_reference, 'ITEMNMBR') is not null\""),
           (f"{DEFS}/sales_orders/defs.yaml", 'assert: "abs(residue) <=', 'assert: "true or abs(residue) <=')),
          f"{ORDERS}_an_order_with_one_unknown_item_is_held_whole"),
    line("4 a gift is a line", "sales_orders", 'when: "product_quantity > 0"', 'when: "total_price_tax_excl > 0"',
         f"{ORDERS}_every_delivered_order_has_all_its_lines"),
    # 5 edits and cancellations
    code("5 an edit follows", "gp/target", 'document.type == "sales_order" and self.settings.amend == "apply"', "False",
         f"{ORDERS}_an_edited_order_is_changed_in_gp_while_it_is_unposted"),
    line("5 its shipping's taxes have a schedule", "sales_orders", 'FRTSCHID: "case when freight_tax <> 0', 'FRTSCHID: "case when false',
         f"{ORDERS}_a_taxed_order_that_goes_by_another_carrier_is_changed"),
    code("5 what is being shipped is left alone", "gp/unposted", 'if any(line["QTYFULFI"] for line in order.lines):', "if False:",
         f"{ORDERS}_an_edited_order_that_is_being_shipped_is_held_with_the_difference"),
    code("5 an edit is read back before it is committed", "gp/order_changes", "        if wrong:\n", "        if False:\n",
         f"{ORDERS}_an_edit_that_gp_would_compute_otherwise_is_held_and_gp_stays_as_it_was"),
    line("5 a cancelled order is taken back", *CANCEL,
         f"{ORDERS}_an_order_that_is_cancelled_in_gp_is_voided_and_its_number_stays_taken"),
    line("5 a cancelled order is not sent", *CANCEL, f"{ORDERS}_an_order_that_is_cancelled_before_it_reached_gp_is_ignored"),
    # 6, 7 cents and taxes
    line("6 a residue up", "sales_orders", "wrapping + greatest(residue, 0)", "wrapping", "sales_orders"),
    line("6 a residue down", "sales_orders", "discounts + greatest(-residue, 0)", "discounts", "sales_orders"),
    line("7 tax rows of shipping", "sales_orders", 'when: "freight_tax <> 0"\n        SOPTYPE', 'when: "false"\n        SOPTYPE',
         f"{TAXES}_each_tax_stands_in_the_details"),
    code("7 taxes of GP's that differ are a person's case", "gp/target",
         "raise _taxes_differ(document, error) or error from error", "raise error",
         f"{TAXES}_taxes_that_gp_works_out_come_to_what_the_customer_paid_or_the_order_is_held"),
    # 21 refunds
    code("21 a slip is there already", "gp/target", "return self._receivables.existing(type_, documents)",
         "return {}", f"{REFUNDS}_a_partial_refund_is_a_credit_memo_to_the_cent_and_only_once"),
    line("21 a number for each slip", "refunds", "|| pad(id, 8)", "|| pad(id_order, 8)",
         f"{REFUNDS}_two_slips_of_one_order_are_two_credit_memos"),
    code("21 the tax of shipping beside that of lines", "gp/calls", "rows = merged_taxes(rows)", "pass",
         f"{REFUNDS}_shipping_is_refunded_with_its_tax"),
    code("21 a tax detail once", "gp/calls", "rows = merged_taxes(rows)", "pass",
         f"{REFUNDS}_a_tax_that_the_shop_has_edited_since_is_one_detail_with_the_shippings"),
    line("21 the tax of shipping alone", "refunds", 'when: "freight_tax <> 0"', 'when: "false"',
         f"{REFUNDS}_shipping_alone_can_be_refunded"),
    code("21 an amount of choice", "prestashop/slip_amounts", "if chosen is None:", "if True:",
         f"{REFUNDS}_an_amount_of_choice_is_what_is_paid_back"),
    code("21 a voucher taken off a refund", "prestashop/slip_amounts", "if lines and voucher > slack and _one_side(",
         "if False and _one_side(", f"{REFUNDS}_a_voucher_that_the_shop_takes_off_a_refund_is_taken_off_with_its_tax"),
    code("21 an amount alone", "prestashop/slip_amounts", "nothing = not gross and not any(shipping)", "nothing = False",
         f"{REFUNDS}_an_amount_alone_is_a_credit_memo_at_the_orders_one_tax"),
    code("21 a full refund without lines", "prestashop/slips", "if not own and with_tax != goods:", "if False:",
         f"{REFUNDS}_a_full_refund_whose_lines_the_shop_has_not_kept_is_one_of_all_lines"),
    line("21 the lines' tax", "refunds", 'assert: "abs(tax - freight_tax', 'assert: "true or abs(tax - freight_tax',
         f"{REFUNDS}_totals_that_make_another_tax_than_the_lines_are_held"),
    rule("21 no more than was paid", "refunds", "more_than_paid", "refund >", f"{REFUNDS}_more_than_the_order_cost_is_held"),
    Guard("21 nothing before its order",  # three guards: it waits for its order, is held where that is not in GP, and has no number
          ((f"{DEFS}/refunds/defs.yaml", "needs: {sales_orders: id_order}", "needs: {}"),
           (f"{DEFS}/refunds/defs.yaml", 'when: "coalesce(try_lookup(', 'when: "false and coalesce(try_lookup('),
           (f"{DEFS}/refunds/defs.yaml", "order_number: \"xref('sales_orders', id_order)\"", "order_number: \"'PS' || pad(id_order, 8)\"")),
          f"{REFUNDS}_a_refund_of_an_order_that_is_not_in_gp_waits"),
    code("21 foreign memos count in their own money", "gp/guard_receivables", "original.get(number, functional),", "functional,",
         f"{REFUNDS}_refunds_add_up"),
    line("21 goods or no goods", "refunds", 'or pieces = 0"', 'or pieces >= 0"',
         f"{REFUNDS}_goods_that_come_back_are_a_return_once_and_an_amount_alone_is_a_credit_memo"),
    line("21 a return's base", "returns", 'TDTTXSLS: "lines.taxed"', 'TDTTXSLS: "lines.XTNDPRCE"',
         f"{REFUNDS}_a_return_less_than_its_goods_is_taxed_on_what_is_paid_back"),
    line("21 restocked as the shop did", "returns",
         "case setting('refund.restock') when 'shop' then lines.restocked when 'yes' then 'all' else 'none' end", "'all'",
         f"{REFUNDS}_what_is_not_restocked_is_written_off_and_what_cannot_be_told_is_held"),
    line("21 at the order's rate", "returns", "case when shop_rate then cast(order.conversion_rate as decimal(19,7)) end",
         "cast(null as decimal(19,7))", f"{REFUNDS}_a_return_of_foreign_money_is_at_the_orders_rate"),
    # 23 currencies
    line("23 the order's own rate", "sales_orders", "case when shop_rate then cast(conversion_rate as decimal(19,7)) end",
         "cast(null as decimal(19,7))", f"{CURRENCIES}_an_order_in_foreign_money_is_at_its_own_rate"),
    line("23 no currency for another", "sales_orders", "iso: \"lookup('prestashop.currencies', id_currency, 'iso_code')\"",
         "iso: \"coalesce(try_lookup('gp.currencies', lookup('prestashop.currencies', id_currency, 'iso_code'), 'ISOCURRC'), 'EUR')\"",
         f"{CURRENCIES}_a_currency_that_gp_does_not_know_is_held_with_its_name"),
    rule("23 a rate of one for everything", "sales_orders", "no_rate", "shop_rate and",
         f"{CURRENCIES}_a_rate_of_one_for_money_that_has_another_is_held"),
    rule("23 rates of other money", "sales_orders", "rate_source", "shop_rate and",
         f"{CURRENCIES}_rates_of_a_shop_that_counts_in_other_money_than_gp_need_a_declared_source"),
    # 25 addresses
    code("25 the order keeps its address", "gp/guard_orders",
         'if key_text(header.get("PRSTADCD")) != key_text(row["PRSTADCD"]) or not header.get("PRSTADCD"):', "if True:",
         f"{CUSTOMERS}_an_address_that_is_edited_leaves_the_orders_snapshot_alone"),
    # beside
    code("one bad order stops no other: held by a rule", "engine/transform",
         "    return [record for record in records if record.key not in stopped]", "    return [] if stopped else list(records)",
         f"{ORDERS}_one_bad_order_does_not_stop_the_others"),
    code("one bad order stops no other: not to be mapped", "engine/transform",
         "    return [document for document in documents if document.source_key not in stopped]",
         "    return [] if stopped else list(documents)", f"{ORDERS}_one_bad_order_does_not_stop_the_others"),
    rule("paid later than placed", "sales_orders", "awaiting_payment", "action =",
         f"{ORDERS}_an_order_waits_for_its_payment_and_then_goes"),
    code("what is gone is looked up", "engine/extract", "missing = sorted(known - seen)", "missing: list[str] = []",
         f"{ORDERS}_a_deleted_order_is_confirmed_and_held_and_gp_keeps_it"),
    code("what was delivered is not ignored", "engine/transform", "if item.target_key is not None and", "if False and",
         f"{ORDERS}_a_state_that_turns_bad_after_delivery_is_shown_to_a_person"),
    # invoices
    line("what was made as an invoice stays one", "sales_orders", "made_as_invoice or (action =", "(action =",
         f"{INVOICES}_an_invoice_is_made_once_is_paid_by_receipts_and_is_not_changed"),
    line("an invoice is paid by receipts", "receipts", 'order_closed: "is_invoice or coalesce(', 'order_closed: "coalesce(',
         f"{INVOICES}_an_invoice_is_made_once_is_paid_by_receipts_and_is_not_changed"),
    code("an invoice is not changed", "gp/order_changes",
         'if INVOICE in (document.header.get("SOPTYPE"), *there.difference.get("SOPTYPE", ())):', "if False:",
         f"{INVOICES}_an_invoice_is_made_once_is_paid_by_receipts_and_is_not_changed"),
    code("a cancelled invoice is a person's case", "gp/order_changes", 'if document.header.get("SOPTYPE") == INVOICE:', "if False:",
         f"{INVOICES}_an_invoice_is_made_once_is_paid_by_receipts_and_is_not_changed"),
    line("an order stays one", "sales_orders", "(action = 'invoice' and not in_gp)", "action = 'invoice'",
         f"{INVOICES}_what_gp_has_as_an_order_stays_one_also_for_a_lost_ledger"),
    code("orders and invoices share numbers", "gp/target", '"sales_order": (ORDER, INVOICE)', '"sales_order": (INVOICE,)',
         f"{INVOICES}_what_gp_has_as_an_order_stays_one_also_for_a_lost_ledger"),
    # payments
    line("a number for each payment", "deposits", "|| pad(id, 8)", "|| pad(id_order, 8)",
         f"{PAYMENTS}_partial_payments_are_delivered_as_they_come"),
    code("a payment of split orders is shared out", *SPREAD, f"{PAYMENTS}_a_payment_of_split_orders_is_shared_out_oldest_first"),
    code("a share of nothing is a record still", "prestashop/payment_shares", "if len(orders) > 1 and fitting else []", "if False else []",
         f"{PAYMENTS}_a_share_that_an_edit_moved_to_another_order_is_held_and_still_counted"),
    code("an overpayment is held", *SPREAD, f"{PAYMENTS}_an_overpayment_is_held_and_only_that"),
    line("a share is what is paid in", "deposits", "round(share, ", "round(amount, ", f"{PAYMENTS}_payments_add_up"),
    line("receipts instead", "deposits", "setting('payment.document') = 'deposit' and not", "not",
         f"{PAYMENTS}_all_payments_can_be_cash_receipts_instead"),
    rule("a payment in other money", "deposits", "other_currency", "count(", f"{PAYMENTS}_another_currency_than_the_orders_is_held"),
    rule("paid, says the state", "deposits", "paid_short", "paid_state",
         f"{PAYMENTS}_a_paid_state_whose_payments_fall_short_is_held_until_the_rest_comes"),
    rule("a negative payment", "deposits", "negative_payment", "amount <",
         f"{PAYMENTS}_a_refund_is_no_deposit_and_card_data_is_never_kept"),
    code("card data", "prestashop/secret_fields", '        "card_number",  # order_payments\n', "",
         f"{PAYMENTS}_a_refund_is_no_deposit_and_card_data_is_never_kept"),
    line("a closed order takes no deposit", "deposits",
         "coalesce(try_lookup('gp.closed_orders', '2', order_number, 'VOIDSTTS') = 0, false)", "false",
         f"{PAYMENTS}_a_payment_of_an_order_that_gp_has_closed_is_a_receipt"),
)  # fmt: skip
