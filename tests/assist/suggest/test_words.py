"""Names of both systems and of custom fields in four languages mean the same words."""

from __future__ import annotations

import pytest

from gp_prestashop.assist.suggest.words import Words, captions, expanded, is_hidden_name, shared_words

WORDS = Words()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("fournisseur_principal", "PRIMVNDR"),
        ("Lieferantennummer", "VENDORID"),
        ("condiciones_pago", "PYMTRMID"),
        ("plafond_credit", "CRLMTAMT"),
        ("Kreditlimit", "CRLMTAMT"),
        ("representant", "SLPRSNID"),
        ("zona_ventas", "SALSTERR"),
        ("Zolltarifnummer", "TCC"),
        ("seuil_reappro", "ORDRPNTQTY"),
        ("codigo_postal", "ZIPCODE"),
        ("wunschlieferdatum", "ReqShipDate"),
    ],
)
def test_a_name_shares_words_with_its_column(name: str, column: str) -> None:
    cosine, _, _ = shared_words(WORDS, WORDS.of(name), WORDS.of_column(column))
    others = [
        shared_words(WORDS, WORDS.of(name), WORDS.of_column(other))[0] for other in ("TIMESPRT", "WITHHAMT", "MISCTXBL")
    ]
    assert cosine > 0.3
    assert cosine > max(others)


def test_misspellings_and_run_together_names_are_understood() -> None:
    assert "vendor" in WORDS.of("fournisseurr")
    assert WORDS.of("KundenNummer") == WORDS.of("kundennummer") == {"customer", "id"}


def test_a_column_without_a_caption_is_read_by_its_abbreviations() -> None:
    assert "XLSTPYDT" not in captions()
    assert expanded("LSRCPTDT") == "last receipt date"


def test_a_synonym_that_was_forgotten_is_not_known() -> None:
    assert "vendor" not in Words(["fournisseur", "fournisseurs"]).of("fournisseur")


@pytest.mark.parametrize(("name", "hidden"), [("col12", True), ("field_3", True), ("color", False), ("PHONE1", False)])
def test_names_that_say_nothing_are_recognised(name: str, hidden: bool) -> None:
    assert is_hidden_name(name) is hidden
