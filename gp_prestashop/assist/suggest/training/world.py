"""A made-up shop and its GP company: people, items and conventions, different for each seed."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["World", "day", "moment", "money", "price", "quantity"]

FIRST = (
    "Marie Jean Camille Paul Louise Hugo Léa Lucas Chloé Théo Manon Jules Inès Nina José María Carmen Luis Ana Javier Lucía Pablo Elena Hans Anna Jürgen Klaus Petra Lena "
    "Wolfgang Ute Giulia Marco Sofia Luca John Mary James Emma Oliver Grace Sven Ingrid Piotr Kasia Tomás Rui Noémie Adèle Agathe Benoît Gérard Harriet Simon Björn"
).split()
LAST = (
    "Martin Bernard Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux Garnier Faure Blanc Guérin Müller Schmidt Schneider Fischer Weber Becker Hoffmann Koch García "
    "Fernández López Sánchez Pérez Gómez Ruiz Díaz Rossi Russo Ferrari Bianchi Smith Johnson Williams Brown Taylor Wilson Evans O'Brien Nowak Kowalski Silva Santos Jansen "
    "Peeters Lambert Fontaine Chevalier Robin Masson Henry Mercier Dupont Boyer"
).split()
CITIES = {
    "FR": "Paris Lyon Angers Nantes Lille Bordeaux Rennes Dijon Brest Tours Nancy Saint-Étienne".split(),
    "DE": "Berlin Hamburg Köln Leipzig Bremen Dresden Nürnberg Kiel Mainz".split(),
    "ES": "Madrid Sevilla Valencia Bilbao Zaragoza Gijón Murcia Málaga".split(),
    "US": "Austin Denver Portland Chicago Seattle Boston Phoenix Tampa".split(),
    "IT": "Roma Milano Torino Bologna Napoli Verona".split(),
    "BE": "Bruxelles Gent Liège Namur Antwerpen".split(),
    "GB": "London Leeds Bristol York Cardiff".split(),
}
COUNTRIES = {
    "FR": "France", "DE": "Germany", "ES": "Spain", "US": "United States", "IT": "Italy", "BE": "Belgium", "GB": "United Kingdom",
}  # fmt: skip
STATES = ["", "CA", "TX", "NY", "WA", "FL", "IL", "OR", "CO"]
STREETS = {
    "FR": ["{n}, rue {l}", "{n} avenue de {c}", "{n} bis, boulevard {f} {l}", "{n}, chemin des {l}s"],
    "DE": ["{l}straße {n}", "{f}-{l}-Weg {n}", "Am {c}er Platz {n}"],
    "ES": ["Calle {l} {n}", "Avenida de {c} {n}", "Plaza {f} {l} {n}"],
    "US": ["{n} {l} Street", "{n} {c} Avenue Suite {m}", "{n} {l} Road"],
}
EXTRA = [
    "",
    "",
    "",
    "Bat. C",
    "Apt. 12",
    "2e étage",
    "Suite 300",
    "Esc. B",
    "Hinterhaus",
    "ZA Nord",
    "Apt. 45",
    "Résidence du Parc",
]
COLOURS = "Red Blue Black White Green Natural Grey Mustard Navy Beige Rouge Noir Azul Rojo Schwarz".split()
THINGS = [
    "mug", "t-shirt", "notebook", "oak table", "desk lamp", "cotton sheet", "backpack 20L", "candle", "wool scarf", "poster 30x40", "teapot 1L", "garden chair",
    "leather belt", "steel bottle", "chef knife", "yoga mat", "cushion", "bath towel", "nappe", "lampe de bureau", "silla plegable", "Becher", "bougie", "tabla de cortar",
]  # fmt: skip
CODES = {
    "terms": ["Net 30", "Net 15", "Net 60", "2% 10/Net 30", "Due on receipt", "COD", "30 jours", "Net 45"],
    "ship": ["COLISSIMO", "DHL EXPRESS", "UPS BLUE", "GROUND", "PICKUP", "CHRONOPOST", "MRW", "DPD", "LOCAL DELIVERY", "GLS"],
    "class": ["RETAIL", "WHOLESALE", "VIP", "EXPORT", "B2B", "INTERNET", "PRO"],
    "level": ["RETAIL", "WHSL", "VIP", "EXTPRCLVL", "PROMO", "EXPORT"],
    "territory": ["NORD", "SUD", "EST", "OUEST", "IDF", "TERRITORY 1", "EXPORT", "CENTRO"],
    "rep": ["PAUL W.", "ANNA K.", "SEAN C.", "MARC D.", "JB", "NADIA", "LUIS G"],
    "site": ["MAIN", "NORTH", "LYON", "WAREHOUSE", "DEPOT2", "MADRID", "STORE"],
    "user": ["sa", "SOPHIE", "KEVIN", "MARIE.L", "web", "lessonuser1"],
    "tax": ["FRTVA20", "FRTVA055", "DEUST19", "ESIVA21", "EXPORT", "USASTCITY"],
    "uom": ["EACH", "PACK", "KG", "METER", "BOX", "PAIR"],
    "itemclass": ["HOME", "TEXTILE", "KITCHEN", "GARDEN", "OFFICE", "ART", "KIDS", "TOOLS"],
    "bank": ["UPTOWN TRUST", "BNP", "CIC", "SABADELL", "DEUTSCHE", "PAYPAL", "STRIPE"],
    "card": ["VISA", "MASTERCARD", "AMEX", "CB", "MAESTRO"],
    "comment": ["", "URGENT", "NOBACKORD", "FRAGILE", "CALLFIRST"],
    "currency": ["Z-EUR", "Z-US$", "Z-UK"],
}  # fmt: skip
SHOP_PAYMENTS = [
    "Carte bancaire",
    "PayPal",
    "Virement bancaire",
    "Payment by check",
    "Stripe",
    "Transferencia",
    "Vorkasse",
]
SHOP_MODULES = ["ps_wirepayment", "paypal", "ps_checkpayment", "stripe_official"]


@dataclass
class Person:
    id: int
    first: str
    last: str
    company: str
    country: str
    city: str
    street: str
    extra: str
    postcode: str
    state: str
    phone: str
    mobile: str
    vat: str
    code: str
    since: datetime
    changed: datetime


@dataclass
class Item:
    id: int
    reference: str
    name: str
    price: float
    cost: float
    weight: float
    ean: str
    mpn: str
    vendor_reference: str
    klass: int
    tax: int
    since: datetime
    changed: datetime


@dataclass
class World:
    """Everything random hangs on one seed."""

    seed: int
    rng: random.Random = field(init=False)
    usd: float = 1.1  # dollars for a euro

    def __post_init__(self) -> None:
        rng = self.rng = random.Random(self.seed)
        self.start = datetime(2023, 1, 1) + timedelta(days=rng.randrange(500))  # noqa: DTZ001  shop time, as the wire has it
        self.customer_code = self._numbering(["PS", "C", "CUST", "PSC", "WEB", "CL-", ""])
        self.vendor_code = self._numbering(["V", "PSV", "FRN", "VEND", "SUP-", ""])
        self.order_code = self._numbering(["ORD", "PS", "ORDST", "WEB-", "CMD", "STDORD"])
        self.upper_names = rng.random() < 0.3
        self.upper_places = rng.random() < 0.6
        self.family_first = rng.random() < 0.15
        self.home = rng.choice(["FR", "FR", "ES", "DE", "US"])
        self.codes = {
            name: rng.sample(values, k=min(len(values), rng.randint(2, max(2, len(values) - 1))))
            for name, values in CODES.items()
        }
        self.first_id = rng.choice([1, 1, 2, 10, 50, 300, 1200])
        self.reference_style = rng.choice(["demo", "mixed", "mixed", "prefix", "digits", "letters"])
        self.items = [self._item(i) for i in range(90)]

    def _numbering(self, prefixes: Sequence[str]) -> Callable[[int], str]:
        prefix, width, shift = self.rng.choice(prefixes), self.rng.randint(4, 8), self.rng.choice([0, 0, 0, 0, 1000])
        return lambda number: f"{prefix}{number + shift:0{width}d}"

    def code(self, name: str) -> str:
        """One of this company's codes of a kind; the first ones are more common."""
        values = self.codes[name]
        return values[min(int(self.rng.expovariate(1.0)), len(values) - 1)]

    def person(self, number: int, *, vendor: bool = False) -> Person:
        rng = self.rng
        country = self.home if rng.random() < 0.6 else rng.choice(list(COUNTRIES))
        first, last = rng.choice(FIRST), rng.choice(LAST)
        city = rng.choice(CITIES[country])
        street = rng.choice(STREETS.get(country, STREETS["US"])).format(
            n=rng.randint(1, 260), l=rng.choice(LAST), f=rng.choice(FIRST), c=city, m=rng.randint(1, 900)
        )
        since = self.when(900)
        company = f"{rng.choice(LAST)} {rng.choice(['SA', 'SARL', 'GmbH', 'SL', 'Ltd', '& Fils', 'et Associés', 'Inc', ''])}".strip()
        return Person(
            id=self.first_id + number,
            first=first,
            last=last,
            company=company if vendor or rng.random() < 0.3 else "",
            country=country,
            city=city,
            street=street,
            extra=rng.choice(EXTRA),
            postcode=f"{rng.randint(1000, 98999):05d}"
            if country != "GB"
            else f"{rng.choice('BLM')}{rng.randint(1, 20)} {rng.randint(1, 9)}AB",
            state=rng.choice(STATES[1:]) if country == "US" else "",
            phone=self.phone(country),
            mobile=self.phone(country) if rng.random() < 0.7 else "",
            vat=f"{country}{rng.randint(10**8, 10**11 - 1)}" if vendor or rng.random() < 0.3 else "",
            code=(self.vendor_code if vendor else self.customer_code)(self.first_id + number),
            since=since,
            changed=since + timedelta(days=rng.randint(0, 400), seconds=rng.randrange(86400)),
        )

    def _item(self, number: int) -> Item:
        rng = self.rng
        reference = {
            "demo": f"demo_{number + 1}",
            "mixed": rng.choice(
                [
                    f"demo_{number + 1}",
                    f"{rng.choice(THINGS)[:4].upper().strip()}-{number + 1:03d}",
                    f"{rng.choice(string.ascii_uppercase)}{rng.randint(10000, 99999)}",
                ]
            ),
            "prefix": f"ART-{rng.randint(100, 99999):05d}",
            "digits": f"{rng.randint(100000, 999999)}",
            "letters": "".join(rng.choices(string.ascii_uppercase, k=3))
            + f"-{rng.randint(10, 999)}-"
            + rng.choice(["S", "M", "L", "XL", "STD"]),
        }[self.reference_style]
        price = round(rng.lognormvariate(3.2, 0.9), 2)
        since = self.when(1200)
        return Item(
            self.first_id + number, reference, f"{rng.choice(COLOURS)} {rng.choice(THINGS)}", price, round(price * rng.uniform(0.3, 0.7), 2), round(rng.uniform(0.05, 12), 2),
            f"{rng.randint(3 * 10**12, 4 * 10**12)}", f"MP{rng.randint(10**5, 10**6)}", f"S-{rng.randint(10000, 99999)}", rng.randrange(8), rng.choice([1, 1, 1, 2]),
            since, since + timedelta(days=rng.randint(1, 600), seconds=rng.randrange(86400)),
        )  # fmt: skip

    def phone(self, country: str) -> str:
        rng = self.rng
        digits = "".join(rng.choices(string.digits, k=8))
        if country == "US":
            return rng.choice(["{}-{}-{}", "({}) {}-{}", "{}.{}.{}"]).format("7" + digits[:2], digits[2:5], digits[4:8])
        prefix = {"FR": "33", "DE": "49", "ES": "34", "IT": "39", "BE": "32", "GB": "44"}[country]
        pairs = " ".join([digits[i : i + 2] for i in range(0, 8, 2)])
        return rng.choice(
            [
                f"+{prefix} {rng.randint(1, 9)} {pairs}",
                f"0{rng.randint(1, 9)} {pairs}",
                f"+{prefix}{rng.randint(1, 9)}{digits}",
                f"+{prefix} (0){rng.randint(1, 9)} {pairs}",
            ]
        )

    def gp_phone(self, phone: str) -> str:
        """GP keeps digits only: ten of them, then a four-digit extension."""
        digits = "".join(c for c in phone if c.isdigit())
        return digits[-10:].rjust(10, "0") + "0000" if digits else ""

    def when(self, span: int) -> datetime:
        return self.start + timedelta(days=self.rng.randrange(span), seconds=self.rng.randrange(86400))

    def full_name(self, person: Person) -> str:
        name = f"{person.last} {person.first}" if self.family_first else f"{person.first} {person.last}"
        return name.upper() if self.upper_names else name

    def place(self, text: str) -> str:
        return text.upper() if self.upper_places else text


def moment(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M:%S")


def day(when: datetime) -> str:
    return when.strftime("%Y-%m-%d 00:00:00")


def price(amount: float) -> str:
    return f"{amount:.6f}"


def money(amount: float) -> str:
    return f"{amount:.5f}"


def quantity(amount: float) -> str:
    return f"{amount:.5f}"
