"""Documents: orders, lines, payments, invoices, refunds, stock movements, postings."""

from __future__ import annotations

from datetime import datetime, timedelta

from gp_prestashop.assist.suggest.training.base import Base
from gp_prestashop.assist.suggest.training.world import (
    COUNTRIES,
    SHOP_MODULES,
    SHOP_PAYMENTS,
    World,
    day,
    moment,
    money,
    price,
)

__all__ = ["DOCUMENTS"]

_ROWS = 110


class _Order:
    """Amounts of one order that agree with each other."""

    def __init__(self, world: World, number: int) -> None:
        rng = world.rng
        self.id = world.first_id + number
        self.reference = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=9))
        self.customer = world.person(rng.randrange(60))
        self.net = round(rng.lognormvariate(4, 0.9), 2)
        self.tax_rate = rng.choice([0.2, 0.2, 0.2, 0.055, 0.0])
        self.shipping = rng.choice([0.0, 4.9, 6.5, 7.0, 12.0])
        self.discount = rng.choice([0.0, 0.0, 0.0, round(self.net * 0.1, 2), 5.0 if self.net > 10 else 0.0])
        self.wrapping = rng.choice([0.0, 0.0, 0.0, 2.0])
        self.currency = rng.choices([0, 1], [0.85, 0.15])[0]
        self.rate = (1.0, world.usd)[self.currency]
        self.tax = round((self.net + self.shipping + self.wrapping - self.discount) * self.tax_rate, 2)
        self.goods_tax = round(self.net * self.tax_rate, 2)
        self.total = round(self.net + self.shipping + self.wrapping - self.discount + self.tax, 2)
        self.when = world.when(800)
        self.changed = self.when + timedelta(days=rng.randint(0, 30), seconds=rng.randrange(86400))
        self.shipped = self.when + timedelta(days=rng.randint(1, 5))
        self.state = rng.choice([2, 2, 3, 4, 5, 5, 6])
        self.paid = self.total if rng.random() < 0.85 else 0.0
        self.payment = rng.randrange(len(SHOP_PAYMENTS))

    def home(self, amount: float) -> str:
        return money(round(amount / self.rate, 5))


def _currency(order: _Order, target: dict[str, object]) -> None:
    names = ["Z-EUR", "Z-US$"]
    target.update(
        {
            "CURNCYID": names[order.currency],
            "CURRNIDX": 1007 + order.currency,
            "XCHGRATE": f"{order.rate:.7f}",
            "DENXRATE": f"{order.rate:.7f}",
        }
    )


def _setup(world: World) -> None:
    world.usd = round(world.rng.uniform(1.02, 1.2), 4)


def orders(world: World) -> Base:
    _setup(world)
    rng, base = world.rng, Base("orders", "SOP10100")
    by_reference = rng.random() < 0.25
    order_number = world.order_code
    posts_deposit = rng.random() < 0.5
    for n in range(_ROWS):
        o, batch = _Order(world, n), rng.randint(1, 9)
        p = o.customer
        wrapped = o.wrapping
        source = {
            "id": o.id, "id_address_delivery": p.id * 2 + rng.choice([5, 5, 6]), "id_address_invoice": p.id * 2 + 5, "id_cart": o.id + 40, "id_currency": o.currency + 1, "id_lang": rng.choice([1, 1, 2]),
            "id_customer": p.id, "id_carrier": (carrier := rng.randrange(len(world.codes["ship"]))) + 2, "current_state": o.state, "module": rng.choice(SHOP_MODULES),
            "invoice_number": 900 + n, "invoice_date": moment(o.when + timedelta(minutes=4)), "delivery_number": 600 + n if o.state > 3 else 0, "delivery_date": moment(o.shipped) if o.state > 3 else "0000-00-00 00:00:00",
            "valid": int(o.state != 6), "date_add": moment(o.when), "date_upd": moment(o.changed), "shipping_number": "", "note": "", "payment": SHOP_PAYMENTS[o.payment], "reference": o.reference,
            "total_discounts": price(round(o.discount * (1 + o.tax_rate), 2)), "total_discounts_tax_incl": price(round(o.discount * (1 + o.tax_rate), 2)), "total_discounts_tax_excl": price(o.discount),
            "total_paid": price(o.total), "total_paid_tax_incl": price(o.total), "total_paid_tax_excl": price(o.total - o.tax), "total_paid_real": price(o.paid), "total_products": price(o.net),
            "total_products_wt": price(o.net + o.goods_tax), "total_shipping": price(round(o.shipping * (1 + o.tax_rate), 2)), "total_shipping_tax_incl": price(round(o.shipping * (1 + o.tax_rate), 2)),
            "total_shipping_tax_excl": price(o.shipping), "carrier_tax_rate": f"{o.tax_rate * 100:.3f}", "total_wrapping": price(round(wrapped * 1.2, 2)), "total_wrapping_tax_incl": price(round(wrapped * 1.2, 2)),
            "total_wrapping_tax_excl": price(wrapped), "round_mode": 2, "round_type": 2, "conversion_rate": price(o.rate), "gift": 0, "recyclable": 0, "gift_message": "", "mobile_theme": 0,
        }  # fmt: skip
        number = o.reference if by_reference else order_number(o.id)
        target: dict[str, object] = {
            "SOPTYPE": 2, "SOPNUMBE": number, "DOCID": rng.choice(["STDORD", "WEB"]) if n % 9 == 0 else "STDORD", "DOCDATE": day(o.when), "ORDRDATE": day(o.when), "ReqShipDate": day(o.when + timedelta(days=2)),
            "DUEDATE": day(o.when + timedelta(days=30)), "PYMTRMID": world.code("terms"), "PRCLEVEL": world.code("level"), "LOCNCODE": world.code("site"), "BCHSOURC": "Sales Entry", "BACHNUMB": f"WEB{batch:03d}",
            "CUSTNMBR": p.code, "CUSTNAME": world.full_name(p), "CSTPONBR": o.reference if not by_reference else "", "PRBTADCD": "PRIMARY", "PRSTADCD": rng.choice(["PRIMARY", "SHIP2"]), "CNTCPRSN": world.full_name(p),
            "ShipToName": p.company or world.full_name(p), "ADDRESS1": p.street, "ADDRESS2": p.extra, "CITY": p.city, "STATE": p.state, "ZIPCODE": p.postcode, "COUNTRY": COUNTRIES[p.country].upper(), "CCode": p.country,
            "PHNUMBR1": world.gp_phone(p.phone), "SHIPMTHD": world.codes["ship"][carrier], "TRDISAMT": o.home(o.discount), "ORTDISAM": money(o.discount), "SUBTOTAL": o.home(o.net), "ORSUBTOT": money(o.net),
            "REMSUBTO": o.home(o.net), "OREMSUBT": money(o.net), "FRTAMNT": o.home(o.shipping), "ORFRTAMT": money(o.shipping), "MISCAMNT": o.home(wrapped), "ORMISCAMT": money(wrapped), "TAXSCHID": world.code("tax"),
            "TAXAMNT": o.home(o.tax), "ORTAXAMT": money(o.tax), "DOCAMNT": o.home(o.total), "ORDOCAMT": money(o.total), "ACCTAMNT": o.home(o.total - o.paid), "ORACTAMT": money(o.total - o.paid),
            "SALSTERR": world.code("territory"), "SLPRSNID": world.code("rep"), "SOPSTATUS": 1, "USER2ENT": world.code("user"), "CREATDDT": day(o.when), "MODIFDT": day(o.changed), "EXTDCOST": o.home(o.net * 0.5),
            "OREXTCST": money(round(o.net * 0.5, 2)), "COMMNTID": world.code("comment"), "TXRGNNUM": p.vat, "MSTRNUMB": 3000 + n, "TXBTXAMT": o.home(o.tax), "UPSZONE": "",
        }  # fmt: skip
        if posts_deposit:
            target.update({"DEPRECVD": o.home(o.paid), "ORDEPRVD": money(o.paid), "PYMTRCVD": o.home(0)})
        else:
            target.update({"PYMTRCVD": o.home(o.paid), "ORPMTRVD": money(o.paid)})
        if o.state > 3:
            target["ACTLSHIP"] = target["FUFILDAT"] = day(o.shipped)
        _currency(o, target)
        base.add(source, target)
    base.links_of(
        id_customer="CUSTNMBR", id_currency="CURNCYID CURRNIDX", id_carrier="SHIPMTHD", date_add="DOCDATE ORDRDATE CREATDDT", date_upd="MODIFDT", total_products="SUBTOTAL ORSUBTOT REMSUBTO OREMSUBT",
        total_shipping_tax_excl="FRTAMNT ORFRTAMT", total_discounts_tax_excl="TRDISAMT ORTDISAM", total_paid_tax_incl="DOCAMNT ORDOCAMT", total_wrapping_tax_excl="MISCAMNT ORMISCAMT", conversion_rate="XCHGRATE DENXRATE",
        delivery_date="ACTLSHIP FUFILDAT",
    )  # fmt: skip
    base.links_of(**({"reference": "SOPNUMBE"} if by_reference else {"reference": "CSTPONBR", "id": "SOPNUMBE"}))
    base.links_of(total_paid_real="DEPRECVD ORDEPRVD" if posts_deposit else "PYMTRCVD ORPMTRVD")
    if rng.random() < 0.5:
        base.links_of(id_address_delivery="PRSTADCD", id_address_invoice="PRBTADCD")
    for source_name, names in {"total_paid": "DOCAMNT ORDOCAMT", "id_address_delivery": "PRSTADCD", "id_address_invoice": "PRBTADCD", "current_state": "SOPSTATUS", "id": "SOPNUMBE", "invoice_date": "INVODATE GLPOSTDT", "payment": "PYMTRMID CHEKBKID", "total_shipping": "FRTAMNT ORFRTAMT", "total_discounts": "TRDISAMT ORTDISAM", "total_wrapping": "MISCAMNT ORMISCAMT", "invoice_number": "ORIGNUMB"}.items():  # fmt: skip
        base.unsure(source_name, *names.split())
    return base


def lines(world: World) -> Base:
    _setup(world)
    rng, base = world.rng, Base("order_details", "SOP10200")
    line_id = rng.random() < 0.7
    cost_gold = rng.choice(["purchase_supplier_price", "original_wholesale_price"])
    order, sequence = _Order(world, 0), 0
    for n in range(_ROWS + 20):
        if n == 0 or rng.random() < 0.55:
            order, sequence = _Order(world, n), 0
        sequence += 1
        item, count = rng.choice(world.items), rng.choice([1, 1, 1, 2, 3, 4, 6, 10])
        sold = round(item.price * rng.choice([1, 1, 1, 0.9]), 2)
        marked = round(item.price - sold, 2)
        source = {
            "id": 2000 + n, "id_order": order.id, "product_id": item.id, "product_attribute_id": rng.choice([0, 0, 0, 12, 15]), "product_name": item.name, "product_quantity": count, "product_price": price(item.price),
            "product_reference": item.reference, "product_supplier_reference": item.vendor_reference, "product_ean13": item.ean, "product_weight": price(item.weight), "unit_price_tax_excl": price(sold),
            "unit_price_tax_incl": price(round(sold * 1.2, 6)), "total_price_tax_excl": price(sold * count), "total_price_tax_incl": price(round(sold * count * 1.2, 6)), "original_product_price": price(item.price),
            "product_quantity_in_stock": count, "product_quantity_return": 0, "product_quantity_refunded": rng.choice([0] * 15 + [1]), "product_quantity_reinjected": 0, "reduction_percent": "0.00",
            "reduction_amount": price(0), "reduction_amount_tax_excl": price(marked), "reduction_amount_tax_incl": price(round(marked * 1.2, 6)), "id_tax_rules_group": item.tax, "id_warehouse": 0, "ecotax": price(0),
            "original_wholesale_price": price(item.cost), "purchase_supplier_price": price(item.cost if cost_gold == "purchase_supplier_price" else 0), "tax_computation_method": 0, "id_shop": 1, "group_reduction": "0.00",
            "discount_quantity_applied": 0, "download_nb": 0, "download_hash": "", "download_deadline": "0000-00-00 00:00:00", "product_mpn": item.mpn, "id_order_invoice": order.id + 5,
        }  # fmt: skip
        target: dict[str, object] = {
            "SOPTYPE": 2, "SOPNUMBE": world.order_code(order.id), "LNITMSEQ": 16384 * sequence, "ITEMNMBR": item.reference, "ITEMDESC": item.name, "UOFM": world.code("uom"), "LOCNCODE": world.code("site"),
            "UNITCOST": order.home(item.cost), "ORUNTCST": money(item.cost), "UNITPRCE": order.home(sold), "ORUNTPRC": money(sold), "XTNDPRCE": order.home(sold * count), "OXTNDPRC": money(sold * count),
            "REMPRICE": order.home(sold * count), "OREPRICE": money(sold * count), "EXTDCOST": order.home(item.cost * count), "OREXTCST": money(item.cost * count), "QUANTITY": money(count), "QTYREMAI": money(count),
            "QTYTOINV": money(count), "ATYALLOC": money(rng.choice([0, count])), "QTYFULFI": money(0), "QTYBSUOM": money(1), "TAXAMNT": order.home(round(sold * count * 0.2, 2)), "ORTAXAMT": money(round(sold * count * 0.2, 2)),
            "ITMTSHID": world.codes["tax"][item.tax % len(world.codes["tax"])], "MRKDNAMT": order.home(marked), "ORMRKDAM": money(marked), "ReqShipDate": day(order.when), "SHIPMTHD": world.code("ship"),
            "PRCLEVEL": world.code("level"), "SLPRSNID": world.code("rep"), "SALSTERR": world.code("territory"), "DECPLQTY": 1, "DECPLCUR": 3, "INVINDX": 12, "SLSINDX": 131, "CSLSINDX": 88, "PRSTADCD": "PRIMARY",
            "CNTCPRSN": world.full_name(order.customer), "ADDRESS1": order.customer.street, "CITY": order.customer.city, "ZIPCODE": order.customer.postcode, "EXTQTYAL": money(rng.randint(0, 300)),
        }  # fmt: skip
        target["CURRNIDX"] = 1007 + order.currency
        base.add(source, target)
    base.links_of(id_order="SOPNUMBE", product_reference="ITEMNMBR", product_name="ITEMDESC", product_quantity="QUANTITY QTYREMAI QTYTOINV", unit_price_tax_excl="UNITPRCE ORUNTPRC", total_price_tax_excl="XTNDPRCE OXTNDPRC REMPRICE OREPRICE", reduction_amount_tax_excl="MRKDNAMT ORMRKDAM", id_tax_rules_group="ITMTSHID")  # fmt: skip
    base.link(cost_gold, "UNITCOST", "ORUNTCST")
    if line_id:
        base.links_of(id="LNITMSEQ")
    for source_name, names in {"id": "LNITMSEQ", "product_id": "ITEMNMBR", "product_price": "UNITPRCE ORUNTPRC", "original_wholesale_price": "UNITCOST ORUNTCST", "purchase_supplier_price": "UNITCOST ORUNTCST", "product_quantity_in_stock": "ATYALLOC QTYFULFI QTYONHND", "original_product_price": "UNITPRCE ORUNTPRC", "id_warehouse": "LOCNCODE", "product_quantity_refunded": "QTYRTRND QTYCANCE", "id_tax_rules_group": "ITMTSHID"}.items():  # fmt: skip
        base.unsure(source_name, *names.split())
    return base


def _payment(world: World, n: int, order: _Order) -> dict[str, object]:
    rng = world.rng
    carded = order.payment == 0
    return {
        "id": 300 + n, "order_reference": order.reference, "id_currency": order.currency + 1, "amount": price(order.total), "payment_method": SHOP_PAYMENTS[order.payment], "conversion_rate": price(order.rate),
        "transaction_id": f"{rng.choice(['ch_', 'TX', ''])}{rng.getrandbits(44)}", "card_number": f"XXXX-XXXX-XXXX-{rng.randint(1000, 9999)}" if carded else "", "card_brand": world.code("card") if carded else "",
        "card_expiration": f"{rng.randint(1, 12):02d}/{rng.randint(26, 31)}" if carded else "", "card_holder": world.full_name(order.customer) if carded else "", "date_add": moment(order.when), "id_employee": 0,
    }  # fmt: skip


def payments(world: World) -> Base:
    _setup(world)
    rng, base = world.rng, Base("order_payments", "SOP10103")
    bank_gold, by_reference = rng.random() < 0.5, rng.random() < 0.5
    for n in range(_ROWS):
        o = _Order(world, n)
        source = _payment(world, n, o)
        target: dict[str, object] = {
            "SOPTYPE": 2, "SOPNUMBE": o.reference if by_reference else world.order_code(o.id), "SEQNUMBR": 16384 * rng.choice([1, 1, 1, 2]), "PYMTTYPE": (3, 2, 1, 2, 3, 1, 1)[o.payment], "DOCNUMBR": f"PYMNT{n:09d}",
            "RMDTYPAL": 9, "CHEKBKID": world.codes["bank"][o.payment % len(world.codes["bank"])], "CHEKNMBR": "", "CARDNAME": source["card_brand"], "RCTNCCRD": source["card_number"], "AUTHCODE": str(source["transaction_id"])[:15],
            "AMNTPAID": o.home(o.total), "OAMTPAID": money(o.total), "AMNTREMA": o.home(0), "DOCDATE": day(o.when), "DEPSTATS": 1, "TRXSORCE": "", "GLPOSTDT": day(o.when), "CASHINDEX": 12,
            "EXPNDATE": day(datetime(2000 + int(str(source["card_expiration"])[3:]), int(str(source["card_expiration"])[:2]), 28)) if source["card_expiration"] else "1900-01-01 00:00:00",  # noqa: DTZ001
        }  # fmt: skip
        _currency(o, target)
        base.add(source, target)
    base.links_of(order_reference="SOPNUMBE", amount="AMNTPAID OAMTPAID", transaction_id="AUTHCODE", date_add="DOCDATE GLPOSTDT", card_number="RCTNCCRD", card_brand="CARDNAME", card_expiration="EXPNDATE", id_currency="CURNCYID CURRNIDX")  # fmt: skip
    base.links_of(payment_method="CHEKBKID PYMTTYPE" if bank_gold else "PYMTTYPE CHEKBKID")
    base.unsure("id", "SEQNUMBR", "DOCNUMBR")
    base.unsure("conversion_rate", "XCHGRATE", "DENXRATE")
    base.links = [link for link in base.links if link.target in base.targets[0]]
    return base


def receipts(world: World) -> Base:
    _setup(world)
    base = Base("order_payments", "RM10201")
    for n in range(_ROWS):
        o = _Order(world, n)
        source = _payment(world, n, o)
        target: dict[str, object] = {
            "BACHNUMB": f"CR{n % 7:03d}", "BCHSOURC": "RM_Cash", "DOCNUMBR": f"PYMT{300 + n:08d}", "CUSTNMBR": o.customer.code, "RMDTYPAL": 9, "DOCDATE": day(o.when), "CSHRCTYP": (2, 1, 0, 0, 2, 1, 0)[o.payment],
            "CHEKNMBR": str(source["transaction_id"])[:20], "CHEKBKID": world.codes["bank"][o.payment % len(world.codes["bank"])], "CRCARDID": source["card_brand"], "CURNCYID": ["Z-EUR", "Z-US$"][o.currency],
            "TRXDSCRN": o.reference, "LSTEDTDT": day(o.when), "LSTUSRED": "web", "ORTRXAMT": o.home(o.total), "CURTRXAM": o.home(o.total if world.rng.random() < 0.4 else 0), "GLPOSTDT": day(o.when),
        }  # fmt: skip
        base.add(source, target)
    base.links_of(id="DOCNUMBR", order_reference="TRXDSCRN", amount="ORTRXAMT", transaction_id="CHEKNMBR", payment_method="CSHRCTYP CHEKBKID", card_brand="CRCARDID", date_add="DOCDATE GLPOSTDT LSTEDTDT", id_currency="CURNCYID")  # fmt: skip
    base.unsure("payment_method", "CHEKBKID", "CSHRCTYP")
    base.unsure("id", "DOCNUMBR")
    return base


def invoices(world: World) -> Base:
    _setup(world)
    base = Base("order_invoices", "RM20101")
    for n in range(_ROWS):
        o = _Order(world, n)
        number = f"IN{900 + n:06d}"
        source = {
            "id": n + 1, "id_order": o.id, "number": 900 + n, "delivery_number": 500 + n, "delivery_date": moment(o.shipped), "total_discount_tax_excl": price(o.discount), "total_discount_tax_incl": price(o.discount * 1.2),
            "total_paid_tax_excl": price(o.total - o.tax), "total_paid_tax_incl": price(o.total), "total_products": price(o.net), "total_products_wt": price(o.net + o.goods_tax), "total_shipping_tax_excl": price(o.shipping),
            "total_shipping_tax_incl": price(o.shipping * 1.2), "shipping_tax_computation_method": 0, "total_wrapping_tax_excl": price(o.wrapping), "total_wrapping_tax_incl": price(o.wrapping * 1.2), "note": "", "date_add": moment(o.when), "shop_address": "Ma Boutique",
        }  # fmt: skip
        target: dict[str, object] = {
            "CUSTNMBR": o.customer.code, "DOCNUMBR": number, "BACHNUMB": f"B{n % 5}", "BCHSOURC": "RM_Sales", "TRXSORCE": f"RMSLS{n // 20:08d}", "RMDTYPAL": 1, "DUEDATE": day(o.when + timedelta(days=30)), "DOCDATE": day(o.when),
            "POSTDATE": day(o.changed), "PSTUSRID": "sa", "GLPOSTDT": day(o.when), "LSTEDTDT": day(o.changed), "ORTRXAMT": money(o.total), "CURTRXAM": money(o.total - o.paid), "SLSAMNT": money(o.net), "COSTAMNT": money(o.net * 0.5),
            "FRTAMNT": money(o.shipping), "MISCAMNT": money(o.wrapping), "TAXAMNT": money(o.tax), "TRDISAMT": money(o.discount), "CSPORNBR": world.order_code(o.id), "TAXSCHID": world.code("tax"), "CURNCYID": "Z-EUR",
            "PYMTRMID": world.code("terms"), "SLPRSNID": world.code("rep"), "SLSTERCD": world.code("territory"), "SHIPMTHD": world.code("ship"),
        }  # fmt: skip
        base.add(source, target)
    base.links_of(number="DOCNUMBR", id_order="CSPORNBR", date_add="DOCDATE GLPOSTDT", total_paid_tax_incl="ORTRXAMT", total_products="SLSAMNT", total_shipping_tax_excl="FRTAMNT", total_discount_tax_excl="TRDISAMT", total_wrapping_tax_excl="MISCAMNT")  # fmt: skip
    base.unsure("id", "DOCNUMBR")
    return base


def refunds(world: World) -> Base:
    _setup(world)
    base = Base("order_slip", "RM10301")
    for n in range(_ROWS):
        o = _Order(world, n)
        source = {
            "id": n + 1, "id_customer": o.customer.id, "id_order": o.id, "conversion_rate": price(o.rate), "total_products_tax_excl": price(o.net), "total_products_tax_incl": price(o.net + o.goods_tax),
            "total_shipping_tax_excl": price(o.shipping), "total_shipping_tax_incl": price(o.shipping * 1.2), "amount": price(o.total), "shipping_cost": int(o.shipping > 0), "shipping_cost_amount": price(o.shipping),
            "partial": world.rng.choice([0, 1]), "date_add": moment(o.when), "date_upd": moment(o.changed), "order_slip_type": 0,
        }  # fmt: skip
        target: dict[str, object] = {
            "RMDTYPAL": 8, "DOCNUMBR": f"RTN{n + 1:07d}", "DOCDESCR": "Refund", "DOCDATE": day(o.when), "BACHNUMB": f"R{n % 4}", "CUSTNMBR": o.customer.code, "CUSTNAME": world.full_name(o.customer), "SLSAMNT": money(o.net),
            "FRTAMNT": money(o.shipping), "TAXAMNT": money(o.tax), "DOCAMNT": money(o.total), "ACCTAMNT": money(o.total), "CSTPONBR": world.order_code(o.id), "CURNCYID": "Z-EUR", "LSTEDTDT": day(o.changed), "SLPRSNID": world.code("rep"),
            "TAXSCHID": world.code("tax"), "SHIPMTHD": world.code("ship"), "PYMTRMID": world.code("terms"), "SALSTERR": world.code("territory"),
        }  # fmt: skip
        base.add(source, target)
    base.links_of(
        id="DOCNUMBR",
        id_customer="CUSTNMBR",
        id_order="CSTPONBR",
        total_products_tax_excl="SLSAMNT",
        total_shipping_tax_excl="FRTAMNT",
        amount="DOCAMNT ACCTAMNT",
        date_add="DOCDATE",
        date_upd="LSTEDTDT",
    )
    base.unsure("shipping_cost_amount", "FRTAMNT")
    return base


def ledger(world: World) -> Base:
    """Payments or invoices against open general ledger rows."""
    _setup(world)
    rng = world.rng
    entity = rng.choice(["order_payments", "orders", "order_invoices"])
    base = Base(entity, "GL20000")
    debit = rng.random() < 0.6
    for n in range(_ROWS):
        o = _Order(world, n)
        common = {"id_currency": o.currency + 1, "conversion_rate": price(o.rate), "date_add": moment(o.when)}
        source: dict[str, object] = _payment(world, n, o) if entity == "order_payments" else {
            "id": o.id, "id_order": o.id, "number": 900 + n, "reference": o.reference, "id_customer": o.customer.id, "total_paid": price(o.total), "total_paid_tax_incl": price(o.total), "total_paid_tax_excl": price(o.total - o.tax),
            "total_products": price(o.net), "payment": SHOP_PAYMENTS[o.payment], "date_upd": moment(o.changed), "current_state": o.state,
        } | common  # fmt: skip
        document = world.order_code(o.id) if entity != "order_payments" else o.reference
        target: dict[str, object] = {
            "OPENYEAR": o.when.year, "JRNENTRY": 4000 + n // 2, "SOURCDOC": rng.choice(["SJ", "CRJ", "GJ"]), "REFRENCE": o.reference if entity == "orders" else "Receivables", "DSCRIPTN": world.full_name(o.customer)[:30],
            "TRXDATE": day(o.when), "TRXSORCE": f"GLTRX{n // 10:08d}", "ACTINDX": rng.choice([12, 44, 88, 131]), "LASTUSER": "sa", "LSTDTEDT": day(o.changed), "USWHPSTD": "sa", "ORCTRNUM": document, "ORDOCNUM": document,
            "ORMSTRID": o.customer.code, "ORMSTRNM": world.full_name(o.customer), "ORPSTDDT": day(o.when), "SEQNUMBR": 16384, "PERIODID": o.when.month, "DEBITAMT": o.home(o.total) if debit else o.home(0),
            "CRDTAMNT": o.home(0) if debit else o.home(o.total), "ORDBTAMT": money(o.total) if debit else money(0), "ORCRDAMT": money(0) if debit else money(o.total), "SERIES": 3, "DOCDATE": day(o.when), "Ledger_ID": 1,
        }  # fmt: skip
        _currency(o, target)
        base.add(source, target)
    amount = "DEBITAMT ORDBTAMT" if debit else "CRDTAMNT ORCRDAMT"
    base.links_of(
        id_currency="CURNCYID CURRNIDX", conversion_rate="XCHGRATE DENXRATE", date_add="TRXDATE DOCDATE ORPSTDDT"
    )
    if entity == "order_payments":
        base.links_of(order_reference="ORDOCNUM ORCTRNUM", amount=amount)
        base.unsure("id", "JRNENTRY", "ORCTRNUM", "ORDOCNUM")
    elif entity == "orders":
        base.links_of(
            id="ORDOCNUM ORCTRNUM",
            id_customer="ORMSTRID",
            total_paid_tax_incl=amount,
            reference="REFRENCE",
            date_upd="LSTDTEDT",
        )
        base.unsure("total_paid", *amount.split())
    else:
        base.links_of(id_order="ORDOCNUM ORCTRNUM", total_paid_tax_incl=amount)
        base.unsure("id", "ORDOCNUM", "ORCTRNUM")
        base.unsure("number", "ORDOCNUM", "ORCTRNUM", "JRNENTRY")
    known = {"order_invoices": {"id_currency", "conversion_rate"}}.get(entity, set())
    base.links = [link for link in base.links if link.source not in known or link.source in base.sources[0]]
    return base


def tracking(world: World) -> Base:
    _setup(world)
    base = Base("order_carriers", "SOP10107")
    for n in range(_ROWS):
        o = _Order(world, n)
        number = f"{world.rng.choice(['1Z', '6A', 'JJD', 'XX'])}{world.rng.randint(10**9, 10**11)}"
        base.add(
            {"id": n + 1, "id_order": o.id, "id_carrier": 2 + n % 4, "id_order_invoice": o.id, "weight": price(world.rng.uniform(0.1, 9)), "shipping_cost_tax_excl": price(o.shipping), "shipping_cost_tax_incl": price(o.shipping * 1.2), "tracking_number": number, "date_add": moment(o.when)},
            {"SOPNUMBE": world.order_code(o.id), "SOPTYPE": 2, "Tracking_Number": number},
        )  # fmt: skip
    base.links_of(id_order="SOPNUMBE", tracking_number="Tracking_Number")
    return base


def movements(world: World) -> Base:
    rng, base = world.rng, Base("stock_movements", "IV30300")
    for n in range(_ROWS):
        item, count, when = rng.choice(world.items), rng.choice([1, 2, 5, 10, 20, 50]), world.when(500)
        base.add(
            {"id": n + 1, "id_product": item.id, "reference": item.reference, "product_name": item.name, "ean13": item.ean, "mpn": item.mpn, "physical_quantity": count, "sign": rng.choice([1, -1]), "price_te": price(item.cost), "last_wa": price(0), "current_wa": price(0), "date_add": moment(when), "id_employee": rng.randint(1, 3), "id_stock_mvt_reason": rng.randint(1, 6), "id_warehouse": (site := rng.randrange(len(world.codes["site"]))) + 1},
            {"TRXSORCE": f"IVADJ{n // 9:08d}", "DOCTYPE": 1, "DOCNUMBR": f"ADJ{n + 400:07d}", "DOCDATE": day(when), "HSTMODUL": "IV", "ITEMNMBR": item.reference, "LNSEQNBR": money(16384), "UOFM": world.code("uom"), "TRXQTY": money(count), "UNITCOST": money(item.cost), "EXTDCOST": money(item.cost * count), "TRXLOCTN": world.codes["site"][site], "QTYBSUOM": money(1)},
        )  # fmt: skip
    base.links_of(
        reference="ITEMNMBR",
        physical_quantity="TRXQTY",
        price_te="UNITCOST",
        date_add="DOCDATE",
        id_warehouse="TRXLOCTN",
    )
    base.unsure("id_product", "ITEMNMBR")
    base.unsure("id", "DOCNUMBR")
    return base


DOCUMENTS = (orders, lines, payments, receipts, invoices, refunds, ledger, tracking, movements)
