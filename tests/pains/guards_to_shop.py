"""Guards of what goes to the shop: products, combinations, stock, status. ``[8.2.1]`` changes by PATCH, ``[1.7.8.11]`` by PUT."""

from __future__ import annotations

from tests.pains.guard import Guard, code, line, rule

__all__ = ["TO_SHOP"]

PRODUCTS, STOCK, STATUS = (f"pains/test_{name}.py::test" for name in ("products", "stock", "status"))
NEW, OLD = "[8.2.1]", "[1.7.8.11]"
BY_REFERENCE = (
    "prestashop/targets/combinations",
    "documents, ()) if documents else {}",
    "documents, ()) if False else {}",
)
WIPES = (  # a PUT of what the shop demands, and of the change
    "gp_prestashop/prestashop/writer.py",
    "{k: v for k, v in current.items() if not isinstance(v, list) and k not in dropped}",
    '{k: current[k] for k in ("price", "name", "link_rewrite") if k in current}',
)
DETACHES = (  # the same for a stock row
    "gp_prestashop/prestashop/targets/stock.py",
    '{**rows[entity["id"]], **entity}',
    '{**{k: rows[entity["id"]][k] for k in (*IDENTITY, "depends_on_stock", "out_of_stock")}, **entity}',
)
TWO_OF_ONE_NUMBER = f"{PRODUCTS}_3_two_products_of_one_number_are_held_and_no_suffix_is_invented"
HISTORY = f"{STATUS}_20_history_row_mail_flag_and_a_single_payment"
DETACHED = f"{STOCK}_9_a_stock_write_detaches_no_combination"
NEGATIVE = f"{STOCK}_a_negative_quantity_is_sent_only_where_it_is_wanted"

TO_SHOP = (
    # 3, 8, 14, 15 products and combinations
    code("3 of several none is taken", "prestashop/targets/matching", "if len(self.rows) == 1 else None", "if self.rows else None",
         TWO_OF_ONE_NUMBER),
    rule("3 stock of several", "stock", "ambiguous", "coalesce(", TWO_OF_ONE_NUMBER),
    Guard("3 prices of several",  # two guards: the rule, and the look-up before a write
          (("gp_prestashop/defs/prices/defs.yaml", '- code: ambiguous\n      when: "', '- code: ambiguous\n      when: "false and '),
           ("gp_prestashop/prestashop/targets/prices.py", "if len(some) == 1:", "if some:")), TWO_OF_ONE_NUMBER),
    code("8 a combination is found by its own number", *BY_REFERENCE, f"{PRODUCTS}_8_combinations_keep_their_own_rows_and_one_default"),
    code("8 one default", "prestashop/targets/combinations", "first = product not in with_some", "first = True",
         f"{PRODUCTS}_8_combinations_keep_their_own_rows_and_one_default"),
    Guard("14 PATCH where the shop has it", (("gp_prestashop/prestashop/writer.py", "if self.patches:", "if False:"), WIPES),
          f"{PRODUCTS}_14_an_update_wipes_nothing_that_it_does_not_name{NEW}"),
    Guard("14 PUT of all that was there", (WIPES,), f"{PRODUCTS}_14_an_update_wipes_nothing_that_it_does_not_name{OLD}"),
    code("15 in place", *BY_REFERENCE, f"{PRODUCTS}_15_a_combination_is_changed_in_place"),
    # 9, 10, 11, 19 stock
    Guard("9 PATCH of a quantity", (("gp_prestashop/prestashop/targets/stock.py", "if self._writer().patches:", "if False:"), DETACHES),
          f"{DETACHED}{NEW}"),
    Guard("9 PUT of whole rows", (DETACHES,), f"{DETACHED}{OLD}"),
    code("9 read back", "prestashop/targets/stock",
         "    if sentence := _not_its_row(document, row):\n        return DataError(", '    if sentence := "":\n        return DataError(',
         f"{STOCK}_9_a_shop_that_moves_the_row_is_found_out"),
    code("10 quantities are those of stock rows", "prestashop/targets/stock", "self._writer().update(RESOURCE, wanted, answer=False)",
         'self._writer().update("products", [{"id": d.header["id_product"], "quantity": d.header["quantity"]} for d, _ in writes])',
         f"{STOCK}_10_only_stock_availables_is_written_and_never_posted{NEW}"),
    code("11 a sweep compares what was delivered", "engine/transform", '("pending", "held", "delivered") if sweep else', '("pending", "held") if sweep else',
         f"{STOCK}_11_a_change_made_by_raw_sql_is_found_by_the_sweep"),
    code("19 a refusal slows the pace", "prestashop/transport", "            self._governor.refused(min(error.retry_after, LONGEST_WAIT))\n        raise",
         "            pass\n        raise", f"{STOCK}_19_a_firewall_that_blocks_is_waited_for_not_fought"),
    code("19 waited for", "engine/load_many", "parts.retry.call(partial(target.write_many, writes), clock=parts.clock, random=parts.random)",
         "target.write_many(writes)", f"{STOCK}_19_a_firewall_that_blocks_is_waited_for_not_fought"),
    rule("the sum row", "stock", "has_combinations", "coalesce(", f"{STOCK}_the_sum_row_of_a_product_with_combinations_is_never_written"),
    line("never below zero", "stock", "else greatest(free, 0) end", "else free end", f"{NEGATIVE}[no-0]"),
    line("below zero where it is wanted", "stock", "when setting('stock.negative') = 'yes' then free ", "", f"{NEGATIVE}[yes--8]"),
    code("a refused batch is halved", "prestashop/targets/batch", "        states = self._asked(numbers, error)\n",
         "        self._results |= dict.fromkeys(numbers, _held(error))\n        return\n        states = self._asked(numbers, error)\n",
         f"{STOCK}_one_bad_row_does_not_block_its_batch"),
    # 20 status
    code("20 the history is read first", "prestashop/targets/fulfilment", "if state not in order.states]", "]", f"{HISTORY}{NEW}"),
    code("20 the customer's e-mail", "prestashop/targets/fulfilment", '{"sendemail": "1"} if', "{} if", f"{HISTORY}{OLD}"),
)  # fmt: skip
