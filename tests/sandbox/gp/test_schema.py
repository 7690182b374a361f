"""GP's tables as the Postgres behind the stand-in keeps them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import psycopg
import pytest

from gp_prestashop.sandbox.gp import schema, seed
from gp_prestashop.sandbox.gp.catalogue import catalogue


def test_catalogue_has_gps_names_and_types() -> None:
    tables = catalogue()
    header = tables["SOP10100"]
    assert header.database == "company"
    assert header.key == ("SOPNUMBE", "SOPTYPE")
    assert list(header.columns)[:2] == ["SOPTYPE", "SOPNUMBE"]
    assert (header.columns["SOPNUMBE"], header.columns["DOCAMNT"], header.columns["XCHGRATE"]) == (
        "char(21)", "numeric(19,5)", "numeric(19,7)",
    )  # fmt: skip
    assert header.has_dex_row_ts
    assert not tables["IV00102"].has_dex_row_ts
    assert {tables[name].database for name in ("MC40200", "SY01500", "SY00800", "taErrorCode")} == {"system"}
    assert tables["DEX_LOCK"].database == "tempdb"


def test_text_compares_without_case_and_other_rules(empty_url: str) -> None:
    schema.create(empty_url, company="ACME", company_id=7)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        run = connection.execute
        assert run("SELECT cmpanyid, interid FROM dynamics.sy01500").fetchall() == [(7, "ACME")]
        run("INSERT INTO acme.rm00101 (custnmbr, custname) VALUES ('Abc', 'Zoé'), ('DEF', 'ünal'), ('ghi', 'Émile')")
        find = "SELECT custname FROM acme.rm00101 WHERE custnmbr = %s"
        assert run(find, ("aBC",)).fetchall() == [("Zoé",)]
        assert run("SELECT custnmbr FROM acme.rm00101 WHERE custname = %s", ("zoé",)).fetchall() == [("Abc",)]
        assert run("SELECT custnmbr FROM acme.rm00101 WHERE custname = %s", ("zoe",)).fetchall() == []
        assert [r[0] for r in run("SELECT custnmbr FROM acme.rm00101 ORDER BY custnmbr DESC")] == ["ghi", "DEF", "Abc"]
        assert run("SELECT max(custnmbr), count(DISTINCT custnmbr) FROM acme.rm00101").fetchone() == ("ghi", 3)
        many = "SELECT count(*) FROM acme.rm00101 WHERE custnmbr = ANY(%s::public.gp_char[])"
        assert run(many, (["ABC", "GHI", "no"],)).fetchone() == (2,)
        joined = "SELECT count(*) FROM acme.rm00101 c JOIN acme.sop10100 h ON h.custnmbr = c.custnmbr"
        run("INSERT INTO acme.sop10100 (sopnumbe, soptype, custnmbr) VALUES ('A1', 2, 'ABC')")
        assert run(joined).fetchone() == (1,)
        with pytest.raises(psycopg.errors.UniqueViolation):
            run("INSERT INTO acme.rm00101 (custnmbr) VALUES ('ABC')")
        with pytest.raises(psycopg.errors.CheckViolation, match="len_rm00101_custnmbr"):
            run("INSERT INTO acme.rm00101 (custnmbr) VALUES ('1234567890123456')")
        with pytest.raises(psycopg.errors.CheckViolation, match="date_sop10100_docdate"):
            run("UPDATE acme.sop10100 SET docdate = '2026-01-01 10:00'")
        with pytest.raises(psycopg.errors.CheckViolation, match="time_sop10100_time1"):
            run("UPDATE acme.sop10100 SET time1 = '2026-01-01 10:00'")
        with pytest.raises(psycopg.errors.NotNullViolation):
            run("UPDATE acme.sop10100 SET docid = NULL")


def test_defaults_are_gps(gp) -> None:
    gp.run("INSERT INTO two.sop10100 (sopnumbe, soptype) VALUES ('X', 2)")
    row = gp.one("SELECT * FROM two.sop10100 WHERE sopnumbe = 'X'")
    assert set(row) == {name.lower() for name in catalogue()["SOP10100"].columns}
    assert (row["docid"], row["docamnt"], row["docdate"]) == ("", Decimal(0), datetime(1900, 1, 1))
    assert row["sophdre1"] == bytes(4)
    assert None not in row.values()


@pytest.mark.parametrize(
    ("change", "table", "touched"),
    [
        ("UPDATE two.iv00102 SET atyalloc = 1 WHERE itemnmbr = 'MUG'", "iv00101", "itemnmbr = 'MUG'"),
        ("DELETE FROM two.rm00102 WHERE custnmbr = 'C1'", "rm00101", "custnmbr = 'C1'"),
        ("UPDATE two.rm00102 SET city = 'Lyon' WHERE custnmbr = 'C1'", "rm00101", "custnmbr = 'C1'"),
        (
            "UPDATE two.iv00108 SET uomprice = 1 WHERE itemnmbr = 'MUG' AND curncyid = 'EUR'",
            "iv00107",
            "itemnmbr = 'MUG' AND curncyid = 'EUR'",
        ),
        ("UPDATE two.iv00108 SET uomprice = 1 WHERE itemnmbr = 'MUG'", "iv40800", "prclevel = 'WEB'"),
        ("UPDATE two.rm00101 SET custname = 'New' WHERE custnmbr = 'C1'", "rm00101", "custnmbr = 'C1'"),
    ],
)
def test_changes_are_stamped(gp, change: str, table: str, touched: str) -> None:
    gp.run(f"ALTER TABLE two.{table} DISABLE TRIGGER USER")
    gp.run(f"UPDATE two.{table} SET dex_row_ts = '2020-01-01'")
    gp.run(f"ALTER TABLE two.{table} ENABLE TRIGGER USER")
    gp.run(change)
    rows = gp.rows(f"SELECT dex_row_ts > '2020-01-01' AS stamped, {touched} AS expected FROM two.{table}")
    assert any(row["stamped"] for row in rows)
    assert all(row["stamped"] == row["expected"] for row in rows)


def test_load_refuses_unknown_names_and_keeps_values(gp) -> None:
    rows = {
        "IV00101": [{"ITEMNMBR": "LOADED  ", "CURRCOST": Decimal("1.23456")}, {"ITEMNMBR": "OTHER", "INACTIVE": True}],
        "DEX_LOCK": [{"session_id": 1, "row_id": 2, "table_path_name": "x"}],
    }  # fmt: skip
    seed.load(gp.cursor, "TWO", rows)
    assert gp.one("SELECT itemnmbr, currcost FROM two.iv00101 WHERE itemnmbr = 'loaded'") == {
        "itemnmbr": "LOADED", "currcost": Decimal("1.23456"),
    }  # fmt: skip
    assert gp.one("SELECT inactive FROM two.iv00101 WHERE itemnmbr = 'OTHER'")["inactive"] == 1
    with pytest.raises(KeyError, match=r"IV00101\.NOSUCH"):
        seed.load(gp.cursor, "TWO", {"IV00101": [{"NOSUCH": 1}]})


def test_company_setup_hangs_together(gp) -> None:
    """Every account, schedule, currency and site that the set-up names exists."""
    assert (
        gp.rows(
            "SELECT 1 FROM two.cm00100 c WHERE NOT EXISTS (SELECT 1 FROM two.gl00105 g WHERE g.actindx = c.actindx)"
        )
        == []
    )
    assert (
        gp.rows(
            "SELECT 1 FROM two.tx00102 m WHERE NOT EXISTS (SELECT 1 FROM two.tx00201 d WHERE d.taxdtlid = m.taxdtlid)"
        )
        == []
    )
    assert (
        gp.rows(
            "SELECT 1 FROM two.sop40100 s WHERE NOT EXISTS (SELECT 1 FROM two.sop40200 d WHERE d.docid = s.orddocid)"
        )
        == []
    )
    assert (
        gp.one("SELECT funlcurr FROM two.mc40000 f JOIN dynamics.mc40200 c ON c.curncyid = f.funlcurr")["funlcurr"]
        == "EUR"
    )
    closed = gp.rows("SELECT year1, periodid FROM two.sy40100 WHERE series = 3 AND closed = 1")
    assert closed == [{"year1": 2024, "periodid": 1}]


def test_error_catalogue(gp) -> None:
    row = gp.one("SELECT sourceproc, errordesc FROM dynamics.taerrorcode WHERE errorcode = 4776")
    assert list(row.values()) == ["taSopLineIvcInsert", "item does not allow back orders (IV00101.ALWBKORD=0)"]
