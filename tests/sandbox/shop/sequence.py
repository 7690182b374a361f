"""The order in which the recorded exchanges happened.

Their dates have whole seconds, so within a second the order is told by ids, by what each answer presupposes, and by
the recorder's way of working: seed, then ``ops``, then all reads, ``errors``, ``probe`` and ``put``.
"""

from __future__ import annotations

import re

from tests.sandbox.shop.recordings import Exchange

__all__ = ["in_order"]

_FOLDERS = ("seed", "ops", "api", "schema", "list", "one", "order", "filter", "errors", "probe", "put")

# What needs what: resources of the seed in the order in which they were made.
_SEED = (
    "taxes", "tax_rule_groups", "tax_rules", "groups", "currencies", "countries", "carriers", "price_ranges",
    "deliveries", "categories", "manufacturers", "suppliers", "product_features", "product_feature_values",
    "product_options", "product_option_values", "products", "combinations", "stock_availables", "customers", "addresses",
    "cart_rules", "carts",
)  # fmt: skip

_STEPS = re.findall(
    r"\S+",
    """
ops/customer_get ops/customer_put_as_read_fails_readonly ops/customer_put_without_readonly ops/customer_patch_email
ops/customer_put_partial ops/customer_after_partial_put ops/customer_patch_reactivate
ops/address_get ops/address_put_full ops/address_patch_phone
ops/order_get_before_put ops/order_put_full_note ops/order_patch_note
ops/order_carriers_of_order13 ops/order_carrier_put_tracking ops/order_carrier_patch_tracking
ops/order_history_shipped_4 ops/order_history_shipped_5 ops/order_history_post_sendemail0
ops/order_history_same_state_again ops/order_history_multi_post ops/order_history_multi_post_json
ops/order_history_bad_state ops/order_history_bad_order ops/order_payment_post
ops/order_details_of_order9 ops/order_slip_post_partial ops/order_details_of_order14
ops/order_slip_post_full_no_details ops/order_history_refunded ops/order_patch_current_state
ops/order_patch_shipping_number ops/message_post
ops/product_get ops/product_put_as_read_fails_readonly ops/product_put_full_without_readonly ops/product_patch_price
ops/product_patch_active0 ops/product_patch_active1 ops/product_patch_name_one_language ops/combination_patch_price
ops/combination_after_patch ops/specific_price_post
ops/stock_patch_quantity ops/stock_put_minimal_missing_required ops/stock_patch_no_path_id
ops/stock_patch_json_out ops/stock_post_new ops/stock_put_multi ops/stock_put_tote_total_row ops/stock_tote_all
ops/stock_patch_one_combination ops/stock_tote_all_after ops/stock_patch_multi ops/stock_patch_multi_json
ops/stock_patch_multi_middle_bad_id ops/stock_after_multi_bad_id ops/stock_patch_multi_middle_invalid
ops/stock_after_multi_invalid
ops/image_post_product ops/images_root ops/images_products ops/images_list_product
ops/tmp_customer ops/tmp_address ops/delete_address ops/get_deleted_address ops/delete_address_again
ops/delete_many_addresses ops/delete_customer ops/get_deleted_customer ops/customers_multi_post
ops/customers_multi_post_second_invalid ops/customers_after_partial_multi ops/customer_duplicate_email
errors/cdata_end_in_note_put errors/cdata_end_in_note_get errors/cdata_end_in_note_get_json errors/cdata_end_restore
probe/order_payment_effect probe/order_slip_effect probe/order_carrier_tracking_effect
probe/order_detail_patch_effect probe/address_effect probe/order_history_effect probe/order_shipping_number_effect
probe/order_state_patch_effect probe/stock_effect probe/comb_effect probe/prod_effect probe/address_add
probe/get_for_sha probe/get_304_local_content_sha1 probe/get_gzip probe/price_9_decimals probe/price_get_after
probe/price_comma probe/qty_negative probe/ps_method_put_via_post probe/emoji_in_note probe/control_char_in_note
probe/emoji_in_product_name probe/category_patch_one_language probe/guest_same_email_again
probe/guest_email_of_real_customer
put/path_id_differs_from_body put/after_path_id_differs put/multi_middle_bad_id put/after_multi_middle_bad_id
put/multi_middle_invalid put/after_multi_middle_invalid put/duplicate_ids put/multi_json put/stock_without_out_of_stock
put/stock_wrapped_in_collection put/stock_qty_float put/stock_qty_spaces put/stock_qty_huge
put/order_state_by_put_current_state put/order_put_current_state put/order_put_without_optional_fields
put/order_after_partial_put put/customer_put_partial_loses_fields put/customer_after put/order_delete
put/order_after_delete put/order_details_after_order_delete
put/address_put_by_delete_flag put/address_get_deleted_flag put/addresses_list_includes_deleted
put/customers_multi_first_duplicate_email put/customers_after_first_duplicate
put/product_unknown_association_saved_before_error
""",
)
_PLACE = {name: place for place, name in enumerate(_STEPS)}


def in_order(recorded: dict[str, Exchange]) -> list[Exchange]:
    return sorted(recorded.values(), key=_key)


def _key(exchange: Exchange) -> tuple[int, int, int, int, str]:
    if exchange.name == "errors/currency_post_without_symbol_fatal_500_empty":
        return (0, -1, 0, 0, exchange.name)  # the seed's first try
    folder = _FOLDERS.index(exchange.folder)
    if exchange.folder == "seed":
        return (folder, *_seed_key(exchange), exchange.name)
    return (folder, _PLACE.get(exchange.name, -1), 0, 0, exchange.name)


def _seed_key(exchange: Exchange) -> tuple[int, int, int]:
    """Carts and orders in turn; otherwise resource by resource, by the id that was given."""
    identifier = int((re.search(r"<id><!\[CDATA\[(\d+)", exchange.answer) or [0, 0])[1])
    if exchange.resource in ("carts", "orders", "order_histories"):
        number = int((re.search(r"_(\d\d)_", exchange.name) or [0, 0])[1])
        late = exchange.resource == "order_histories" and number == 1  # after all orders
        return (_SEED.index("carts"), 99 if late else number, identifier + (1000 if late else 0))
    if exchange.method == "GET":
        identifier = 0
    return (_SEED.index(exchange.resource), 0, identifier)
