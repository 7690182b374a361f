"""What a SQL Server client sees of the stand-in: pymssql, unchanged, over the wire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pymssql
import pytest

from gp_prestashop.sandbox.tds.faults import Fault
from gp_prestashop.sandbox.tds.server import TdsServer

Run = Callable[[str], list[tuple[Any, ...]]]
Connect = Callable[..., Any]

SITE = "SELECT LOCNCODE FROM TWO.dbo.IV40700 WHERE LOCNCODE = '{}'"
INSERT = "INSERT INTO IV40700 (LOCNCODE, LOCNDSCR) VALUES ('{}', 'x')"


def number_of(run: Run, sql: str) -> int:
    with pytest.raises(pymssql.Error) as caught:
        run(sql)
    return int(caught.value.args[0])


def test_values_come_in_their_types_and_names_as_gp_spells_them(connect: Connect) -> None:
    cursor = connect().cursor(as_dict=True)
    cursor.execute(
        "SELECT CHEKBKID, INACTIVE, DSCRIPTN FROM CM00100 WHERE chekbkid = 'bank-eur';"
        "SELECT [XCHGRATE], EXCHDATE, EXPNDATE AS [until] FROM DYNAMICS..MC00100 WHERE EXGTBLID = 'USD-SELL'"
    )
    row = cursor.fetchone()
    assert row["CHEKBKID"] == "BANK-EUR".ljust(15)  # char(15), blank padded
    assert row["INACTIVE"] == 0
    assert cursor.nextset()
    assert cursor.fetchall() == [
        {"XCHGRATE": Decimal("0.9090909"), "EXCHDATE": datetime(2023, 1, 1), "until": datetime(2099, 12, 31)}
    ]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT TOP 1 TAXDTLID FROM TX00201 WITH (NOLOCK) ORDER BY TAXDTLID", [("BEVAT21".ljust(15),)]),
        ("SELECT count(*) FROM TX00201 WHERE TAXDTLID LIKE 'frvat%'", [(2,)]),
        ("SELECT count(*) FROM [TWO].[dbo].[TX00201] AS d WHERE d.TAXDTLID IN ('FRVAT20', 'x')", [(1,)]),
        ("SELECT INTERID FROM DYNAMICS.dbo.SY01500", [("TWO".ljust(5),)]),
        ("SELECT 1 AS one, N'it''s' AS text", [(1, "it's")]),
        ("DECLARE @n int; SET @n = 3; IF @n = 3 BEGIN SELECT @n AS n END ELSE BEGIN SELECT 0 AS n END", [(3,)]),
        ("SELECT count(*) FROM TX00101 UNION ALL SELECT count(*) FROM GL40000 WHERE 1 = 0", [(9,), (0,)]),
        ("SELECT @@TRANCOUNT", [(0,)]),
        ("SELECT LOCNCODE FROM IV40700 WHERE LOCNCODE = 'main   '", [("MAIN".ljust(11),)]),
    ],
)
def test_statements_that_it_knows(sql: str, rows: list[tuple[Any, ...]], run: Run) -> None:
    assert run(sql) == rows


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("SELECT * FROM NOSUCH", 208),
        ("SELECT NOSUCH FROM TX00201", 207),
        ("SELECT * FROM OTHERDB.dbo.TX00201", 208),
        ("SELEC 1", 102),
        ("CREATE TABLE x (a int)", 102),
        ("DROP TABLE TX00201", 102),
        ("MERGE INTO TX00201 USING TX00101 ON 1 = 1 WHEN MATCHED THEN DELETE", 102),
        ("WHILE 1 = 1 BEGIN SELECT 1 END", 102),
        ("IF 1 = 1 BEGIN SELECT 1", 102),
        ("SELECT @missing", 137),
        ("USE NOSUCH", 911),
        ("EXEC taNoSuchProcedure @I_vX = 1", 2812),
        ("EXEC OTHER.dbo.taSopUserDefined @I_vSOPTYPE = 2, @I_vSOPNUMBE = 'X'", 2812),
        ("EXEC taSopUserDefined @I_vSOPTYPE = 2", 201),
        ("EXEC taSopUserDefined @I_vSOPTYPE = 2, @I_vSOPNUMBE = 'X', @I_vNOSUCH = 1", 8145),
        ("EXEC taSopUserDefined @I_vSOPTYPE = 'two', @I_vSOPNUMBE = 'X'", 8114),
        ("ROLLBACK TRANSACTION", 3903),
        ("COMMIT TRANSACTION", 3902),
        ("INSERT INTO IV40700 (LOCNCODE) VALUES ('MAIN')", 2627),
        ("INSERT INTO IV40700 (LOCNCODE) VALUES ('LONGER THAN ELEVEN')", 2628),
        ("INSERT INTO IV40700 (LOCNCODE, LOCNDSCR) VALUES ('N', NULL)", 515),
        ("UPDATE SOP10100 SET DOCDATE = '2026-01-01T10:00:00' WHERE SOPNUMBE = 'none'", 0),
    ],
)
def test_what_it_refuses_as_sql_server_would(sql: str, number: int, run: Run) -> None:
    if number:
        assert number_of(run, sql) == number
    else:
        assert run(sql) == []
    assert run("SELECT 1") == [(1,)]  # the connection is as good as before


def test_a_date_with_a_time_of_day_breaks_gps_check(run: Run) -> None:
    assert number_of(run, "INSERT INTO SOP10100 (SOPNUMBE, DOCDATE) VALUES ('T', '2026-01-01T10:00:00')") == 547


def test_a_transaction_is_seen_by_others_only_after_its_commit(connect: Connect) -> None:
    writer, reader = connect().cursor(), connect().cursor()

    def others() -> int:
        reader.execute(SITE.format("TX1"))
        return len(reader.fetchall())

    writer.execute("BEGIN TRANSACTION; " + INSERT.format("TX1"))
    assert others() == 0
    writer.execute("ROLLBACK TRANSACTION")
    assert others() == 0
    writer.execute("BEGIN TRAN; " + INSERT.format("TX1"))
    writer.execute("SELECT @@TRANCOUNT")
    assert writer.fetchall() == [(1,)]
    writer.execute("COMMIT TRANSACTION")
    assert others() == 1
    writer.execute("DELETE FROM IV40700 WHERE LOCNCODE = 'TX1'")
    assert others() == 0


def test_an_error_in_a_transaction_rolls_it_back(connect: Connect) -> None:
    cursor = connect().cursor()
    with pytest.raises(pymssql.Error, match="208"):
        cursor.execute("SET XACT_ABORT ON; BEGIN TRANSACTION; " + INSERT.format("TX2") + "; SELECT * FROM NOSUCH")
    other = connect().cursor()
    other.execute(SITE.format("TX2"))
    assert other.fetchall() == []


def test_a_connection_that_goes_away_takes_its_transaction_along(connect: Connect) -> None:
    going = connect()
    going.cursor().execute("BEGIN TRANSACTION; " + INSERT.format("TX3"))
    going.close()
    other = connect().cursor()
    other.execute("SET LOCK_TIMEOUT 5000; " + INSERT.format("TX3"))
    other.execute("DELETE FROM IV40700 WHERE LOCNCODE = 'TX3'")


def test_a_procedure_gives_its_outputs(run: Run) -> None:
    sql = (
        "DECLARE @state int, @errors varchar(255), @status int;"
        "EXEC @status = TWO.dbo.taSopVoidDocument @I_vSOPTYPE = 2, @I_vSOPNUMBE = 'NOSUCH',"
        " @O_iErrorState = @state OUTPUT, @oErrString = @errors OUTPUT;"
        "SELECT @state AS ErrorState, @errors AS ErrString, @status AS Status"
    )
    assert run(sql) == [(2939, "2939", 0)]


@pytest.mark.parametrize("arguments", [{"password": "wrong"}, {"user": "nobody"}, {"database": "NOSUCH"}])
def test_logins_refused(arguments: dict[str, str], connect: Connect, run: Run) -> None:
    """The driver's words may be those of an earlier refused login, so the number is not asked for."""
    with pytest.raises(pymssql.OperationalError, match="connection failed"):
        connect(**arguments)
    assert run("SELECT 1") == [(1,)]


def test_long_texts_and_many_rows_span_packets(connect: Connect) -> None:
    cursor = connect().cursor()
    text = "é" * 20_000
    cursor.execute("INSERT INTO SY03900 (NOTEINDX, TXTFIELD) VALUES (%s, %s)", (Decimal(99), text))
    cursor.execute("SELECT TXTFIELD FROM SY03900 WHERE NOTEINDX = 99")
    assert cursor.fetchall() == [(text,)]
    cursor.execute("SELECT a.PERIODID FROM SY40100 a, TX00201 b, TX00101 c")
    assert len(cursor.fetchall()) == 120 * 8 * 9


@pytest.mark.parametrize(("kind", "number"), [("deadlock", 1205), ("lock_timeout", 1222)])
def test_faults_that_answer(kind: str, number: int, run: Run, server: TdsServer) -> None:
    server.faults.add(Fault(kind, "TX00201"))
    assert number_of(run, "SELECT count(*) FROM TX00201") == number
    assert run("SELECT count(*) FROM TX00201") == [(8,)]


@pytest.mark.parametrize(("kind", "there"), [("close_before", 0), ("close_after", 1)])
def test_faults_that_do_not_answer(kind: str, there: int, connect: Connect, server: TdsServer) -> None:
    """``close_after`` has done what was asked, and nobody is told."""
    server.faults.add(Fault(kind, "FAULTY"))
    cursor = connect().cursor()
    with pytest.raises(pymssql.Error):
        cursor.execute(INSERT.format("FAULTY"))
    other = connect().cursor()
    other.execute(SITE.format("FAULTY"))
    assert len(other.fetchall()) == there
    other.execute("DELETE FROM IV40700 WHERE LOCNCODE = 'FAULTY'")


def test_unknown_faults() -> None:
    from gp_prestashop.sandbox.tds.faults import Faults

    with pytest.raises(ValueError, match="there is no fault"):
        Faults().add(Fault("nonsense"))
