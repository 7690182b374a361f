"""Invented names, streets and goods. Many hold characters outside GP's code page, as real shoppers' names do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["COMPANIES", "GOODS", "LONG_STREET", "PEOPLE", "PLACES", "UNFIT_NAME", "Place"]


@dataclass(frozen=True)
class Place:
    """Where shoppers of one country live. ``id_country`` and ``states`` are the ids of PrestaShop's installer."""

    id_country: int
    weight: int  # share of the shoppers
    cities: tuple[tuple[str, str, int], ...]  # postcode, city, id_state
    streets: tuple[str, ...]
    phone: str
    vat_prefix: str


PLACES: Final = {
    "FR": Place(
        8,
        40,
        (("75011", "Paris", 0), ("69003", "Lyon", 0), ("33000", "Bordeaux", 0), ("29200", "Brest", 0)),
        ("rue de la Paix", "avenue de la République", "impasse des Œillets", "boulevard Saint-Michel"),
        "01 42 68 {:02d} {:02d}",
        "FR83",
    ),
    "DE": Place(
        1,
        16,
        (("10115", "Berlin", 0), ("80331", "München", 0), ("50667", "Köln", 0)),
        ("Hauptstraße", "Gänsemarkt", "Am Schloßpark"),
        "+49 30 5550 {:02d}{:02d}",
        "DE",
    ),
    "BE": Place(
        3,
        8,
        (("1000", "Bruxelles", 0), ("4000", "Liège", 0), ("9000", "Gent", 0)),
        ("rue Neuve", "Korenmarkt"),
        "+32 2 555 {:02d} {:02d}",
        "BE0",
    ),
    "ES": Place(
        6,
        7,
        (("28001", "Madrid", 0), ("15001", "A Coruña", 0)),
        ("Calle de Alcalá", "Avenida de España"),
        "+34 91 555 {:02d} {:02d}",
        "ES",
    ),
    "IT": Place(
        10,
        7,
        (("60121", "Ancona", 128), ("11100", "Aosta", 129), ("14100", "Asti", 132)),
        ("Via Garibaldi", "Corso della Libertà"),
        "+39 071 555 {:02d}{:02d}",
        "IT",
    ),
    "GB": Place(
        17,
        7,
        (("SW1A 1AA", "London", 0), ("EH1 1YZ", "Edinburgh", 0)),
        ("High Street", "St. Andrew's Square"),
        "+44 20 7946 {:02d}{:02d}",
        "GB",
    ),
    "CH": Place(
        19,
        7,
        (("8001", "Zürich", 0), ("1201", "Genève", 0)),
        ("Bahnhofstrasse", "rue du Rhône"),
        "+41 44 555 {:02d} {:02d}",
        "CHE",
    ),
    "US": Place(
        21,
        8,
        (("10118", "New York", 35), ("94103", "San Francisco", 8), ("60601", "Chicago", 16), ("78701", "Austin", 46)),
        ("5th Ave", "Market St", "Michigan Ave"),
        "212-555-01{:02d}",
        "",
    ),
}

# given name, family name
PEOPLE: Final = (
    ("Hélène", "Lefèvre"),
    ("François", "Dupré"),
    ("Zoë", "Quincy"),
    ("Jean-Noël", "Le Goff"),
    ("Jürgen", "Müller"),
    ("Käthe", "Weiß"),
    ("Björn", "Ångström"),
    ("Siobhán", "O'Connor"),
    ("Łukasz", "Wójcik"),
    ("Małgorzata", "Żółkowska"),
    ("Ελένη", "Παπαδοπούλου"),
    ("Γιώργος", "Νικολάου"),
    ("王", "小明"),
    ("佐藤", "花子"),
    ("Дмитрий", "Иванов"),
    ("Nguyễn", "Văn An"),
    ("Anna", "Rossi"),
    ("José", "Muñoz Peña"),
    ("Emma", "Martin"),
    ("Liam", "Smith"),
    ("Inês", "Gonçalves"),
    ("Şebnem", "Yılmaz"),
    ("Maximiliana Aurelia", "von und zu Hohenstein-Wittgenstein-Sayn-Berleburg"),
    ("Ana", "D’Angelo"),
)

COMPANIES: Final = (
    "Papeterie du Marché SARL",
    "Käse & Co 🧀 GmbH",
    "Łódź Studio Sp. z o.o.",
    "Αθηναϊκή Εμπορική Α.Ε.",
    "上海文具有限公司",
    "Smith, Jones & Partners Ltd",
    "Boulangerie « Le Pétrin »",
    "Société Générale d'Équipement et de Fournitures de Bureau de Bretagne",
)

LONG_STREET: Final = (
    "Résidence Les Jardins de l'Observatoire, bâtiment C, escalier 4, appartement 1207, porte de gauche,"
)

UNFIT_NAME: Final = ("\ue000\ue001", "\ue002\ue003")
"""Private-use characters, such as icon fonts leave in forms: nothing can be written for them in any code page."""

# English, French, weight in kg, colours/sizes apply
GOODS: Final = (
    ("Ledger binder", "Classeur comptable", "0.400", False),
    ("Canvas tote", "Sac en toile", "0.250", True),
    ("Café mug 300 ml", "Mug café 300 ml", "0.310", False),
    ("Wool jumper", "Pull en laine", "0.550", True),
    ("Oak shelf", "Étagère en chêne", "6.500", False),
    ("Notebook A5", "Carnet A5", "0.180", False),
    ("Linen shirt", "Chemise en lin", "0.300", True),
    ("Desk lamp", "Lampe de bureau", "1.200", False),
    ("Fountain pen", "Stylo plume", "0.060", False),
    ("Tea, 100 g", "Thé, 100 g", "0.120", False),
)
