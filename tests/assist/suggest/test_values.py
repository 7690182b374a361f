"""Codes of the shop find GP's by name, rate and use; what no name tells of waits for a person."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from gp_prestashop.assist.suggest.site.map_files import write_value_map
from gp_prestashop.assist.suggest.site.values import Code, match_codes, match_states


def chosen(found: list) -> dict[str, str]:  # type: ignore[type-arg]
    return {one.code: one.value for one in found if one.chosen}


def test_order_states_by_their_names_in_four_languages() -> None:
    names = {
        "1": "Awaiting bank wire payment",
        "2": "Paiement accepté",
        "3": "Cancelado",
        "4": "Versendet",
        "5": "Remboursé",
        "6": "Payment error",
        "7": "Zzz",
    }
    found = match_states(Code(code, name) for code, name in names.items())
    assert chosen(found) == {"1": "wait", "2": "order", "3": "cancel", "4": "order", "5": "keep", "6": "ignore"}


def test_carriers_by_name() -> None:
    shop = [Code("2", "DHL Express Worldwide"), Code("3", "Colissimo"), Code("4", "Retrait en boutique")]
    gp = [Code("DHL EXPRESS", "DHL Express"), Code("COLISSIMO", "La Poste Colissimo"), Code("UPS BLUE", "UPS 2nd day")]
    found = match_codes("carriers", shop, gp)
    assert chosen(found) == {"2": "DHL EXPRESS", "3": "COLISSIMO"}
    assert [one.rank for one in found if one.code == "2"] == [1, 2, 3]


def test_taxes_need_the_same_rate_and_country() -> None:
    shop = [
        Code("1", "TVA FR 20%", rate=20.0),
        Code("2", "USt. AT 20%", rate=20.0),
        Code("3", "TVA FR 5.5%", rate=5.5),
        Code("4", "IVA ES 21%", rate=21.0),
    ]
    gp = [
        Code("FRVAT20", "France VAT 20 %", rate=20.0),
        Code("FRVAT055", "France 5,5", rate=5.5),
        Code("BEVAT21", "Belgium VAT 21 %", rate=21.0),
    ]
    assert chosen(match_codes("tax_details", shop, gp)) == {"1": "FRVAT20", "3": "FRVAT055"}


def test_currencies_are_given_once() -> None:
    shop = [Code("1", "EUR"), Code("2", "USD"), Code("3", "GBP")]
    gp = [Code("Z-EUR", "EUR"), Code("Z-US$", "USD")]
    assert chosen(match_codes("currencies", shop, gp, one_each=True)) == {"1": "Z-EUR", "2": "Z-US$"}


def test_a_written_map_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    path = tmp_path / "carriers.yaml"
    path.write_text("carriers:\n  '2': PICKUP  # by hand\n", "utf-8")
    shop = [Code("2", "DHL"), Code("3", "Colissimo")]
    write_value_map(
        tmp_path, "carriers", match_codes("carriers", shop, [Code("DHL", "DHL"), Code("COLISSIMO", "Colissimo")])
    )
    text = path.read_text("utf-8")
    assert "# by hand" in text
    assert YAML(typ="safe").load(text)["carriers"] == {"2": "PICKUP", "3": {"value": "COLISSIMO", "name": "Colissimo"}}
