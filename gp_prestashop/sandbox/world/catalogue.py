"""What the shop sells: products, combinations and their stock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from gp_prestashop.sandbox.world.rounding import STORED, half_up
from gp_prestashop.sandbox.world.rows import Row, RowMaker, both, dec6, stamp
from gp_prestashop.sandbox.world.vocabulary import GOODS

__all__ = ["COLOURS", "OVERSEAS", "REDUCED", "SIZES", "STANDARD", "Article", "Variant", "catalogue", "catalogue_rows"]

# tax_rule_groups ids; 0 is "no tax"
STANDARD, REDUCED, OVERSEAS = 6, 7, 8

# English and French name, code in item numbers, id
COLOURS = (("Red", "Rouge", "RED", 1), ("Blue", "Bleu", "BLU", 2))
SIZES = (("Small", "Petit", "S", 3), ("Large", "Grand", "L", 4))
_OFFICE, _VIRTUAL_CATEGORY = 3, 4


@dataclass(frozen=True)
class Variant:
    """Something that can be ordered: a product (id 0) or one of its combinations."""

    id: int  # id_product_attribute
    reference: str
    impact: Decimal  # combinations.price, added to the product's
    name: tuple[str, str]  # " (Colour: Red - Size: Small)" in both languages
    options: tuple[int, ...] = ()
    stock: int = 0


@dataclass(frozen=True)
class Article:
    """A product with its variants. ``in_gp`` and ``usd_price`` tell which of it GP knows."""

    id: int
    name: tuple[str, str]
    price: Decimal  # products.price, without tax, six decimals
    tax_group: int
    weight: Decimal
    variants: tuple[Variant, ...]
    virtual: bool = False
    surcharge: Decimal = Decimal(0)  # additional_shipping_cost
    maker: int = 0  # id_manufacturer
    in_gp: bool = True
    usd_price: bool = True
    special: bool = False  # bought in troubles only

    def net(self, variant: Variant) -> Decimal:
        return self.price + variant.impact


def catalogue(rng: Random, items: int) -> list[Article]:
    """``items`` articles that everybody may buy, then the three that stand for a trouble each."""
    combination_ids = iter(range(1, 10_000_000))
    articles = [_article(rng, n, combination_ids) for n in range(1, items + 1)]
    base = articles[0]
    for n, kind in enumerate(("unknown", "overseas", "nousd"), items + 1):
        variant = Variant(0, f"CW-{n:05d}", Decimal(0), ("", ""), stock=100)
        articles.append(
            Article(
                n,
                (f"{base.name[0]}, special {n}", f"{base.name[1]}, spécial {n}"),
                Decimal("15.000000"),
                OVERSEAS if kind == "overseas" else STANDARD,
                Decimal("0.300"),
                (variant,),
                in_gp=kind != "unknown",
                usd_price=kind != "nousd",
                special=True,
            )
        )
    return articles


def _article(rng: Random, n: int, combination_ids: Iterator[int]) -> Article:
    english, french, weight, varied = GOODS[n % len(GOODS)]
    kind = n % 12
    virtual, voucher, heavy = kind == 5, kind == 8, kind == 11
    group = REDUCED if virtual or kind in (2, 9) else 0 if voucher else STANDARD
    price = _price(rng, heavy=heavy)
    reference = f"CW-{n:05d}"
    if virtual:
        english, french, weight, varied = "Handbook (PDF)", "Manuel (PDF)", "0", False
    if voucher:
        english, french, weight, varied, price = "Gift certificate", "Chèque-cadeau", "0", False, Decimal("50.000000")
    if varied and not heavy:
        variants = tuple(
            Variant(
                next(combination_ids),
                f"{reference}-{colour[2]}-{size[2]}",
                Decimal("4.500000") if size[2] == "L" else Decimal("0.000000"),
                (
                    f" (Colour: {colour[0]} - Size: {size[0]})",
                    f" (Couleur : {colour[1]} - Taille : {size[1]})",
                ),
                (colour[3], size[3]),
                rng.randint(0, 400),
            )
            for colour in COLOURS
            for size in SIZES
        )
    else:
        variants = (Variant(0, reference, Decimal(0), ("", ""), stock=rng.randint(0, 900)),)
    return Article(
        n,
        (f"{english} no. {n}", f"{french} n° {n}"),
        price,
        group,
        Decimal(weight),
        variants,
        virtual=virtual,
        surcharge=Decimal("30.000000") if heavy else Decimal(0),
        maker=1 + n % 2 if n % 3 == 0 else 0,
    )


def _price(rng: Random, *, heavy: bool) -> Decimal:
    """A net price: plain, three decimals, or what is left of a round gross price, as shops keep them."""
    cents = rng.randint(20_000, 60_000) if heavy else rng.randint(150, 9_000)
    match rng.randrange(4):
        case 0:
            return half_up(Decimal(cents) / 100 / Decimal("1.2"), STORED)
        case 1:
            return Decimal(cents * 10 + rng.randrange(10)).scaleb(-3).quantize(Decimal("0.000001"))
        case _:
            return Decimal(cents).scaleb(-2).quantize(Decimal("0.000001"))


def catalogue_rows(make: RowMaker, articles: list[Article], since: datetime) -> dict[str, list[Row]]:
    """Rows of manufacturers, categories, products, combinations and stock_availables."""
    when: dict[str, Any] = {"date_add": stamp(since), "date_upd": stamp(since)}
    makers = {1: "Papyrus & Fils", 2: "Ōsaka Ceramics 大阪"}
    manufacturers = [
        make.row("manufacturers", n, name=name, active=1, link_rewrite=slug, **when)
        for n, name, slug in ((1, makers[1], "papyrus-fils"), (2, makers[2], "osaka-ceramics-da-ban"))
    ]
    products: list[Row] = []
    combinations: list[Row] = []
    stock: list[Row] = []
    for article in articles:
        rows = [_stock(make, article, None, sum(v.stock for v in article.variants))]
        combined = [v for v in article.variants if v.id]
        for first, variant in [(v is combined[0], v) for v in combined]:
            combinations.append(
                make.row(
                    "combinations",
                    variant.id,
                    id_product=article.id,
                    reference=variant.reference,
                    price=dec6(variant.impact),
                    quantity=variant.stock,
                    default_on=1 if first else "",
                    associations={"product_option_values": [{"id": str(o)} for o in variant.options]},
                )
            )
            rows.append(_stock(make, article, variant, variant.stock))
        for row in rows:
            row["id"] = str(len(stock) + 1)
            stock.append(row)
        products.append(_product(make, article, makers, rows, when))
    return {
        "manufacturers": manufacturers,
        "categories": _categories(make, articles, when),
        "products": products,
        "combinations": combinations,
        "stock_availables": stock,
    }


def _stock(make: RowMaker, article: Article, variant: Variant | None, quantity: int) -> Row:
    """One stock row; a product with combinations has the sum of theirs in the row of attribute 0."""
    return make.row(
        "stock_availables",
        0,
        id_product=article.id,
        id_product_attribute=variant.id if variant else 0,
        quantity=quantity,
        out_of_stock=2,
    )


def _product(make: RowMaker, article: Article, makers: dict[int, str], stock: list[Row], when: dict[str, Any]) -> Row:
    combined = [v for v in article.variants if v.id]
    slug = f"cw-{article.id}"
    return make.row(
        "products",
        article.id,
        id_manufacturer=article.maker,
        manufacturer_name=makers.get(article.maker, ""),
        id_category_default=_VIRTUAL_CATEGORY if article.virtual else _OFFICE,
        id_tax_rules_group=article.tax_group,
        reference=f"CW-{article.id:05d}",
        price=dec6(article.price),
        weight=dec6(article.weight),
        additional_shipping_cost=dec6(article.surcharge),
        type="virtual" if article.virtual else "simple",
        is_virtual=int(article.virtual),
        product_type="virtual" if article.virtual else "combinations" if combined else "",
        cache_default_attribute=combined[0].id if combined else 0,
        id_default_combination=combined[0].id if combined else 0,
        position_in_category=article.id,
        name=both(*article.name),
        link_rewrite=both(slug),
        description=both(f"<p>{article.name[0]}</p>", f"<p>{article.name[1]}</p>"),
        associations={
            "categories": [{"id": "2"}, {"id": str(_VIRTUAL_CATEGORY if article.virtual else _OFFICE)}],
            "combinations": [{"id": str(v.id)} for v in combined],
            "product_option_values": [{"id": str(o)} for o in sorted({o for v in combined for o in v.options})],
            "stock_availables": [
                {"id": row["id"], "id_product_attribute": row["id_product_attribute"]} for row in stock
            ],
        },
        **when,
    )


def _categories(make: RowMaker, articles: list[Article], when: dict[str, Any]) -> list[Row]:
    tree: tuple[tuple[int, int, int, str, str, list[Article]], ...] = (
        (1, 0, 0, "Root", "Root", []),
        (2, 1, 1, "Home", "Home", articles),
        (_OFFICE, 2, 2, "Office", "Bureau", [a for a in articles if not a.virtual]),
        (_VIRTUAL_CATEGORY, 2, 2, "Downloads", "Téléchargements", [a for a in articles if a.virtual]),
    )
    return [
        make.row(
            "categories",
            key,
            id_parent=parent,
            level_depth=depth,
            active=1,
            nb_products_recursive=len(members) or len(articles),
            is_root_category=int(key == 2),
            name=both(english, french),
            link_rewrite=both(english.lower(), french.lower().replace("é", "e")),
            associations={
                "categories": [{"id": str(child)} for child, up, *_ in tree if up == key],
                "products": [{"id": str(member.id)} for member in members],
            },
            **when,
        )
        for key, parent, depth, english, french, members in tree
    ]
