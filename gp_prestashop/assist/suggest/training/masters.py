"""Master records: customers, addresses, vendors, items, prices, sites, classes, staff."""

from __future__ import annotations

from gp_prestashop.assist.suggest.training.base import Base
from gp_prestashop.assist.suggest.training.world import (
    COUNTRIES,
    STATES,
    THINGS,
    Person,
    World,
    day,
    moment,
    money,
    price,
)

__all__ = ["MASTERS"]

_ROWS = 110


def _address_columns(world: World, person: Person, phones: tuple[str, str], zip_name: str) -> dict[str, str]:
    return {
        "ADDRESS1": world.place(person.street)[:60], "ADDRESS2": person.extra, "CITY": world.place(person.city), "STATE": person.state, zip_name: person.postcode,
        "COUNTRY": world.place(COUNTRIES[person.country]), "CCode": person.country,
        phones[0]: world.gp_phone(person.phone), phones[1]: world.gp_phone(person.mobile),
    }  # fmt: skip


def _shop_address(person: Person, country_ids: dict[str, int], number: int, alias: str) -> dict[str, object]:
    return {
        "id": number, "id_country": country_ids[person.country], "id_state": STATES.index(person.state) + 3 if person.state else 0, "alias": alias,
        "company": person.company, "lastname": person.last, "firstname": person.first, "vat_number": person.vat, "address1": person.street, "address2": person.extra,
        "postcode": person.postcode, "city": person.city, "other": "", "phone": person.phone, "phone_mobile": person.mobile, "dni": "", "deleted": "0",
        "date_add": moment(person.since), "date_upd": moment(person.changed), "id_manufacturer": "0", "id_warehouse": "0", "id_customer": "0", "id_supplier": "0",
    }  # fmt: skip


def _country_ids(world: World) -> dict[str, int]:
    numbers = world.rng.sample(range(1, 60), len(COUNTRIES))
    return dict(zip(COUNTRIES, numbers, strict=True))


def customers(world: World) -> Base:
    rng, base = world.rng, Base("customers", "RM00101")
    by_company = rng.random() < 0.5
    classes = world.codes["class"]
    with_address = rng.random() < 0.7
    for n in range(_ROWS):
        p = world.person(n)
        group = min(int(rng.expovariate(1.0)), len(classes) - 1)
        limit = rng.choice([0, 0, 500, 1000, 2500, 5000])
        terms = rng.randrange(len(world.codes["terms"]))
        named = p.company if by_company and p.company else world.full_name(p)
        source = {
            "id": p.id, "id_default_group": group + 3, "lastname": p.last, "firstname": p.first, "email": f"{p.first}.{p.last}{n}@example.com".lower().replace("'", ""),
            "company": p.company, "siret": p.vat[2:16] if rng.random() < 0.2 else "", "ape": "", "birthday": rng.choice(["0000-00-00", "1980-05-04", "1991-11-23"]),
            "outstanding_allow_amount": price(limit), "max_payment_days": (0, 15, 30, 45, 60)[terms % 5], "date_add": moment(p.since), "date_upd": moment(p.changed),
            "id_gender": rng.choice([0, 1, 2]), "newsletter": rng.choice([0, 1]), "website": "", "note": rng.choice(["", "", "Prefers morning calls", "Client fidèle"]),
            "is_guest": "0", "id_risk": rng.choice([0, 0, 1, 2]), "optin": rng.choice([0, 1]), "passwd": "$2y$10$" + f"{rng.getrandbits(180):045x}",
        }  # fmt: skip
        source["active"] = active = int(rng.random() < 0.9)
        target: dict[str, object] = {
            "CUSTNMBR": p.code, "CUSTNAME": named, "STMTNAME": named, "SHRTNAME": named[:15], "CUSTCLAS": classes[group], "CNTCPRSN": world.full_name(p),
            "CRLMTTYP": 2 if limit else 1, "CRLMTAMT": money(limit), "PYMTRMID": world.codes["terms"][terms], "SHIPMTHD": world.code("ship"), "TAXSCHID": world.code("tax"),
            "SLPRSNID": world.code("rep"), "SALSTERR": world.code("territory"), "PRCLEVEL": world.code("level"), "CURNCYID": world.code("currency"), "TXRGNNUM": p.vat,
            "ADRSCODE": "PRIMARY", "PRBTADCD": "PRIMARY", "PRSTADCD": "PRIMARY", "CREATDDT": day(p.since), "MODIFDT": day(p.changed), "INACTIVE": 1 - active,
            "COMMENT1": str(source["note"])[:30], "FRSTINDT": day(p.since), "CHEKBKID": world.code("bank"), "HOLD": int(rng.random() < 0.06),
            "USERDEF1": rng.choice(["", "GOLD", "SILVER"]), "BNKBRNCH": "", "CPRCSTNM": "", "UPSZONE": rng.choice(["", "1", "2"]), "CUSTDISC": rng.choice([0, 0, 500, 1000]),
        }  # fmt: skip
        if with_address:
            target.update(_address_columns(world, p, ("PHONE1", "PHONE2"), "ZIP"))
        base.add(source, target)
    base.links_of(id="CUSTNMBR", id_default_group="CUSTCLAS", outstanding_allow_amount="CRLMTAMT", max_payment_days="PYMTRMID", date_add="CREATDDT FRSTINDT", date_upd="MODIFDT", note="COMMENT1")  # fmt: skip
    if by_company:
        base.links_of(company="CUSTNAME STMTNAME SHRTNAME")
    for source_name in ("firstname", "lastname"):
        base.link(source_name, "CNTCPRSN" if by_company else "CUSTNAME", "CNTCPRSN", "STMTNAME", many=True)
    base.unsure("active", "INACTIVE")
    base.unsure("company", "CUSTNAME", "STMTNAME", "CNTCPRSN", "SHRTNAME")
    base.unsure("siret", "TXRGNNUM")
    return base


def addresses(world: World) -> Base:
    rng, base = world.rng, Base("addresses", "RM00102")
    ids = _country_ids(world)
    aliases = rng.sample(
        ["Mon adresse", "Home", "Work", "Bureau", "Livraison", "Casa", "Billing", "My address", "Domicile", "Zuhause"],
        4,
    )
    by_alias, ship_to = rng.random() < 0.6, rng.random() < 0.4
    for n in range(_ROWS):
        p = world.person(n)
        alias = rng.choice(aliases)
        source = _shop_address(p, ids, n * 2 + 5, alias) | {"id_customer": p.id}
        base.add(
            source,
            {
                "CUSTNMBR": p.code, "ADRSCODE": alias.upper()[:15] if by_alias else f"ADR{n * 2 + 5:05d}", "CNTCPRSN": world.full_name(p), "SHIPMTHD": world.code("ship"),
                "TAXSCHID": world.code("tax"), "CREATDDT": day(p.since), "MODIFDT": day(p.changed), "ShipToName": p.company if ship_to else "", "SLPRSNID": world.code("rep"),
                "SALSTERR": world.code("territory"), "LOCNCODE": world.code("site"), "UPSZONE": rng.choice(["", "2", "3"]),
            }
            | _address_columns(world, p, ("PHONE1", "PHONE2"), "ZIP"),
        )  # fmt: skip
    base.links_of(id_customer="CUSTNMBR", id_country="COUNTRY CCode", id_state="STATE", address1="ADDRESS1", address2="ADDRESS2", postcode="ZIP", city="CITY", phone="PHONE1", phone_mobile="PHONE2 PHONE3", date_add="CREATDDT", date_upd="MODIFDT")  # fmt: skip
    base.links_of(**({"alias": "ADRSCODE"} if by_alias else {"id": "ADRSCODE"}))
    base.unsure("id", "ADRSCODE")
    base.unsure("alias", "ADRSCODE")
    for source_name in ("firstname", "lastname"):
        base.link(source_name, "CNTCPRSN", many=True)
    if ship_to:
        base.links_of(company="ShipToName")
    base.unsure("company", "ShipToName", "CNTCPRSN")
    base.unsure("other", "ADDRESS3")
    base.unsure("vat_number", "DECLID")
    return base


def suppliers(world: World) -> Base:
    rng, base = world.rng, Base("suppliers", "PM00200")
    for n in range(_ROWS):
        p = world.person(n, vendor=True)
        active = int(rng.random() < 0.9)
        source = {
            "id": p.id,
            "name": p.company,
            "active": active,
            "date_add": moment(p.since),
            "date_upd": moment(p.changed),
            "description": "",
            "link_rewrite": p.company.lower().replace(" ", "-"),
        }
        named = p.company.upper() if world.upper_names else p.company
        target = {
            "VENDORID": p.code, "VENDNAME": named, "VNDCHKNM": named, "VENDSHNM": named[:15], "VNDCNTCT": world.full_name(p), "VENDSTTS": 1 if active else 2,
            "VNDCLSID": world.code("class"), "PYMTRMID": world.code("terms"), "SHIPMTHD": world.code("ship"), "TAXSCHID": world.code("tax"), "CURNCYID": world.code("currency"),
            "TXRGNNUM": p.vat, "MINORDER": money(rng.choice([0, 100, 250, 500])), "CREATDDT": day(p.since), "MODIFDT": day(p.changed), "VADDCDPR": "PRIMARY", "VADCDTRO": "REMIT",
            "CHEKBKID": world.code("bank"), "ACNMVNDR": f"{rng.choice('AKC')}{rng.randint(1000, 99999)}", "HOLD": int(rng.random() < 0.05), "CRLMTDLR": money(rng.choice([0, 5000, 10000])),
        }  # fmt: skip
        base.add(source, target | _address_columns(world, p, ("PHNUMBR1", "PHNUMBR2"), "ZIPCODE"))
    base.links_of(id="VENDORID", name="VENDNAME VNDCHKNM VENDSHNM", date_add="CREATDDT", date_upd="MODIFDT")
    if rng.random() < 0.5:
        base.links_of(active="VENDSTTS")
    base.unsure("active", "VENDSTTS")
    base.unsure("link_rewrite", "VENDSHNM", "VNDCHKNM", "VENDNAME")
    base.unsure("description", "COMMENT1")
    return base


def vendor_addresses(world: World) -> Base:
    base = Base("addresses", "PM00300")
    ids = _country_ids(world)
    for n in range(60):
        p = world.person(n, vendor=True)
        alias = world.rng.choice(["Head office", "Usine", "Almacén", "supplier"])
        base.add(
            _shop_address(p, ids, 5000 + n, alias) | {"id_supplier": p.id},
            {"VENDORID": p.code, "ADRSCODE": alias.upper()[:15], "VNDCNTCT": world.full_name(p), "SHIPMTHD": world.code("ship"), "TAXSCHID": world.code("tax")}
            | _address_columns(world, p, ("PHNUMBR1", "PHNUMBR2"), "ZIPCODE"),
        )  # fmt: skip
    base.links_of(id_supplier="VENDORID", id_country="COUNTRY CCode", id_state="STATE", alias="ADRSCODE", address1="ADDRESS1", address2="ADDRESS2", postcode="ZIPCODE", city="CITY", phone="PHNUMBR1", phone_mobile="PHNUMBR2 PHONE3")  # fmt: skip
    for source_name in ("firstname", "lastname"):
        base.link(source_name, "VNDCNTCT", many=True)
    base.unsure("id", "ADRSCODE")
    base.unsure("vat_number", "DECLID")
    return base


def products(world: World) -> Base:
    rng, base = world.rng, Base("products", "IV00101")
    classes, by_standard = world.codes["itemclass"], rng.random() < 0.5
    gp_weight = rng.choice([1, 1, 100])
    active_gold = rng.random() < 0.4
    for n, item in enumerate(world.items):
        klass, active = item.klass % len(classes), int(rng.random() < 0.9)
        source = {
            "id": item.id, "id_manufacturer": rng.randint(0, 5), "id_supplier": rng.randint(0, 6), "id_category_default": klass + 4, "id_tax_rules_group": item.tax, "reference": item.reference,
            "supplier_reference": item.vendor_reference if rng.random() < 0.4 else "", "location": "", "weight": price(item.weight), "ean13": item.ean, "mpn": item.mpn, "price": price(item.price),
            "wholesale_price": price(item.cost), "unity": rng.choice(["", "", "kg"]), "active": active, "minimal_quantity": 1, "name": item.name, "link_rewrite": item.name.lower().replace(" ", "-"),
            "description": f"<p>{item.name}, hand made</p>", "description_short": f"<p>{item.name}</p>", "date_add": moment(item.since), "date_upd": moment(item.changed), "condition": "new",
            "visibility": "both", "redirect_type": "404", "quantity": rng.randint(0, 300), "width": price(rng.choice([0, 10, 20])), "height": price(rng.choice([0, 5, 30])), "depth": price(0),
            "manufacturer_name": rng.choice(["Studio Design", "Graphic Corner", ""]), "meta_title": "", "available_date": "0000-00-00", "type": "simple", "product_type": "standard",
        }  # fmt: skip
        description = item.name.upper() if world.upper_names else item.name
        target = {
            "ITEMNMBR": item.reference, "ITEMDESC": description, "ITMSHNAM": description[:14], "ITMGEDSC": THINGS[n % 6][:10], "ITEMTYPE": 1, "STNDCOST": money(item.cost if by_standard else 0),
            "CURRCOST": money(item.cost), "ITEMSHWT": int(item.weight * 100 / gp_weight * gp_weight), "DECPLQTY": 1, "DECPLCUR": 3, "ITMTSHID": world.codes["tax"][item.tax % len(world.codes["tax"])],
            "TAXOPTNS": 1, "ITMCLSCD": classes[klass], "UOMSCHDL": world.code("uom"), "PRCLEVEL": world.code("level"), "LOCNCODE": world.code("site"), "CREATDDT": day(item.since),
            "MODIFDT": day(item.changed), "INACTIVE": 1 - active, "PRICMTHD": 1, "ABCCODE": rng.randint(1, 4), "VCTNMTHD": 1, "SELNGUOM": world.code("uom"), "WRNTYDYS": rng.choice([0, 365, 730]),
            "CNTRYORGN": rng.choice(["FR", "CN", "DE"]), "TCC": f"{rng.randint(39, 96)}{rng.randint(100000, 999999)}", "USCATVLS_1": rng.choice(["SUMMER", "WINTER", "BASIC"]), "ITMTRKOP": rng.randint(1, 3),
        }  # fmt: skip
        base.add(source, target)
    base.links_of(
        reference="ITEMNMBR",
        name="ITEMDESC ITMSHNAM ITMGEDSC",
        weight="ITEMSHWT",
        id_category_default="ITMCLSCD",
        id_tax_rules_group="ITMTSHID",
        date_add="CREATDDT",
        date_upd="MODIFDT",
    )
    base.link("wholesale_price", "STNDCOST" if by_standard else "CURRCOST", *(["CURRCOST"] if by_standard else []))
    if active_gold:
        base.links_of(active="INACTIVE")
    base.unsure("active", "INACTIVE")
    base.unsure("id", "ITEMNMBR")
    base.unsure("manufacturer_name", "USCATVLS_1")
    base.unsure("unity", "UOMSCHDL", "SELNGUOM")
    base.unsure("link_rewrite", "ITEMDESC")
    return base


def list_prices(world: World) -> Base:
    rng, base = world.rng, Base("products", "IV00105")
    for item in world.items:
        base.add(
            {"id": item.id, "reference": item.reference, "price": price(item.price), "wholesale_price": price(item.cost), "name": item.name, "ean13": item.ean, "weight": price(item.weight), "date_upd": moment(item.changed), "date_add": moment(item.since), "quantity": rng.randint(0, 90)},
            {"ITEMNMBR": item.reference, "CURNCYID": "Z-EUR", "CURRNIDX": 1007, "DECPLCUR": 3, "LISTPRCE": money(item.price)},
        )  # fmt: skip
    base.links_of(reference="ITEMNMBR", price="LISTPRCE")
    base.unsure("id", "ITEMNMBR")
    return base


def prices(world: World) -> Base:
    rng, base = world.rng, Base("combinations", "IV00108")
    for n, item in enumerate(world.items):
        base.add(
            {"id": 700 + n, "id_product": item.id // 2, "reference": item.reference, "ean13": item.ean, "mpn": item.mpn, "price": price(item.price), "wholesale_price": price(item.cost), "weight": price(item.weight), "minimal_quantity": rng.choice([1, 1, 5, 10]), "default_on": rng.choice(["", "1"])},
            {"ITEMNMBR": item.reference, "CURNCYID": "Z-EUR", "PRCLEVEL": world.code("level"), "UOFM": world.code("uom"), "TOQTY": money(999999999999.99), "FROMQTY": money(1), "UOMPRICE": money(item.price), "QTYBSUOM": money(1)},
        )  # fmt: skip
    base.links_of(reference="ITEMNMBR", price="UOMPRICE")
    return base


def stores(world: World) -> Base:
    rng, base = world.rng, Base("stores", "IV40700")
    for n in range(40):
        p = world.person(n, vendor=True)
        code = f"{p.city[:6].upper()}{n}"
        base.add(
            {"id": n + 1, "reference": code, "id_country": list(COUNTRIES).index(p.country) + 3, "id_state": STATES.index(p.state), "name": f"Boutique {p.city} {n}", "address1": p.street, "address2": p.extra, "postcode": p.postcode, "city": p.city, "latitude": f"{rng.uniform(36, 54):.8f}", "longitude": f"{rng.uniform(-5, 10):.8f}", "phone": p.phone, "fax": "", "email": f"shop{n}@example.com", "active": 1, "note": "", "hours": "", "date_add": moment(p.since), "date_upd": moment(p.changed)},
            {"LOCNCODE": code, "LOCNDSCR": f"Boutique {p.city} {n}"} | _address_columns(world, p, ("PHONE1", "PHONE2"), "ZIPCODE") | {"PHONE2": ""},
        )  # fmt: skip
    base.unsure("id_country", "COUNTRY", "CCode")
    base.unsure("id_state", "STATE")
    base.unsure("id", "LOCNCODE")
    base.links_of(
        reference="LOCNCODE",
        name="LOCNDSCR",
        address1="ADDRESS1",
        address2="ADDRESS2",
        postcode="ZIPCODE",
        city="CITY",
        phone="PHONE1",
    )
    return base


def employees(world: World) -> Base:
    rng, base = world.rng, Base("employees", "RM00301")
    for n in range(45):
        p = world.person(n)
        code = f"{p.first[:4].upper()}{n:02d}"
        base.add(
            {"id": n + 1, "id_lang": 1, "lastname": p.last, "firstname": p.first, "email": f"{p.first}.{p.last}@example.com".lower(), "active": int(rng.random() < 0.9), "id_profile": rng.randint(1, 4), "optin": 0, "default_tab": 1, "bo_theme": "default", "bo_css": "theme.css", "last_passwd_gen": moment(p.changed)},
            {"SLPRSNID": code, "EMPLOYID": f"EMP{n + 1:04d}", "SLPRSNFN": p.first, "SPRSNSLN": p.last, "SALSTERR": world.code("territory"), "CREATDDT": day(p.since), "MODIFDT": day(p.changed), "COMPRCNT": rng.choice([300, 500])} | _address_columns(world, p, ("PHONE1", "PHONE2"), "ZIP"),
        )  # fmt: skip
    base.links_of(id="EMPLOYID", lastname="SPRSNSLN", firstname="SLPRSNFN")
    base.unsure("last_passwd_gen", "MODIFDT")
    base.unsure("id", "SLPRSNID")
    base.unsure("active", "INACTIVE")
    return base


def groups(world: World) -> Base:
    rng, base = world.rng, Base("groups", "RM00201")
    for n in range(30):
        code, p = f"{rng.choice(['RET', 'WHS', 'VIP', 'EXP'])}{n:02d}", world.person(n)
        name = f"{rng.choice(['Retail', 'Wholesale', 'Club', 'Export', 'Partner'])} {n}"
        reduction = rng.choice([0, 0, 5, 10, 15])
        base.add(
            {"id": n + 1, "reduction": f"{reduction:.2f}", "price_display_method": rng.choice([0, 1]), "show_prices": 1, "name": name, "date_add": moment(p.since), "date_upd": moment(p.changed)},
            {"CLASSID": code, "CLASDSCR": name, "CUSTDISC": reduction * 100, "PYMTRMID": world.code("terms"), "PRCLEVEL": world.code("level"), "CREATDDT": day(p.since), "MODIFDT": day(p.changed), "TAXSCHID": world.code("tax"), "SALSTERR": world.code("territory")},
        )  # fmt: skip
    base.links_of(id="CLASSID", name="CLASDSCR", reduction="CUSTDISC", date_add="CREATDDT", date_upd="MODIFDT")
    return base


MASTERS = (customers, addresses, suppliers, vendor_addresses, products, list_prices, prices, stores, employees, groups)
