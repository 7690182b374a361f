"""What pymssql makes of answers on the wire, and what the writer makes of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused, Transient
from gp_prestashop.gp.database import GpDatabase
from gp_prestashop.gp.econnect import EconnectWriter
from gp_prestashop.mapping.shapes import Document
from gp_prestashop.settings import GpSettings

RESULT = ["Step", "ErrorState", "ErrString"]
BATCH = "BEGIN TRANSACTION"


@pytest.fixture
def database(scripted: Any, clock: Any) -> Iterator[GpDatabase]:
    url = f"mssql+pymssql://sa:pw@127.0.0.1:{scripted.port}"
    database = GpDatabase(GpSettings(sql_url=url, company="TWO", timeout=1), clock)
    yield database
    database.close()


@pytest.fixture
def write(database: GpDatabase, deposit: Callable[..., Document]) -> Callable[[], Any]:
    return lambda: EconnectWriter(database).write(deposit(), "create")


def test_one_batch_then_the_commit(scripted: Any, tokens: Any, write: Callable[[], Any]) -> None:
    scripted.scripts[BATCH] = tokens.rows(RESULT, [0, 0, ""])
    assert write().action == "created"
    batch, commit = scripted.seen[-2:]
    assert batch.count("EXEC [TWO].dbo.taCreateSopPaymentInsertRecord") == 1
    assert "COMMIT" not in batch
    assert commit == "COMMIT TRANSACTION"


def test_result_sets_of_a_sites_own_procedures_are_passed_over(
    scripted: Any, tokens: Any, write: Callable[[], Any]
) -> None:
    scripted.scripts[BATCH] = tokens.rows(["debug"], ["hello"], more=True) + tokens.rows(RESULT, [0, 0, ""])
    assert write().action == "created"


def test_a_refusal_is_rolled_back_and_decoded(scripted: Any, tokens: Any, write: Callable[[], Any]) -> None:
    scripted.scripts[BATCH] = tokens.rows(RESULT, [0, 235, "67 235 "])
    with pytest.raises(Refused) as caught:
        write()
    assert caught.value.details["numbers"] == [67, 235]
    assert "235 GP's own words" in caught.value.sentence
    assert "COMMIT TRANSACTION" not in scripted.seen
    assert any("ROLLBACK TRANSACTION" in sql for sql in scripted.seen)


@pytest.mark.parametrize(
    ("number", "severity", "kind"),
    [
        (1205, 13, Transient),
        (1222, 16, Transient),
        (2812, 16, ConfigError),
        (229, 14, ConfigError),
        (2627, 14, DataError),
    ],
)
def test_sql_errors(
    number: int, severity: int, kind: type[GpPrestashopError], scripted: Any, tokens: Any, write: Callable[[], Any]
) -> None:
    scripted.scripts[BATCH] = tokens.error(number, "The server's words.", severity)
    with pytest.raises(kind):
        write()
    assert "COMMIT TRANSACTION" not in scripted.seen
    scripted.scripts[BATCH] = tokens.rows(RESULT, [0, 0, ""])
    assert write().action == "created"  # a new connection, after the old one was thrown away


def test_an_error_behind_the_rows_is_seen_before_the_commit(
    scripted: Any, tokens: Any, write: Callable[[], Any]
) -> None:
    rows = tokens.rows(RESULT, [0, 0, ""], more=True)
    scripted.scripts[BATCH] = rows + tokens.error(8152, "String or binary data would be truncated.")
    with pytest.raises(DataError):
        write()
    assert "COMMIT TRANSACTION" not in scripted.seen


@pytest.mark.parametrize("where", [BATCH, "COMMIT TRANSACTION"])
@pytest.mark.parametrize("how", ["CLOSE", "SILENCE"])
def test_no_answer_is_doubt(where: str, how: str, scripted: Any, tokens: Any, write: Callable[[], Any]) -> None:
    scripted.scripts[BATCH] = tokens.rows(RESULT, [0, 0, ""])
    scripted.scripts[where] = getattr(tokens, how)
    with pytest.raises(InDoubt, match="PSP00000003"):
        write()


def test_a_commit_without_its_transaction_is_doubt(scripted: Any, tokens: Any, write: Callable[[], Any]) -> None:
    scripted.scripts[BATCH] = tokens.rows(RESULT, [0, 0, ""])
    scripted.scripts["COMMIT TRANSACTION"] = tokens.error(
        3902, "The COMMIT TRANSACTION request has no BEGIN TRANSACTION."
    )
    with pytest.raises(InDoubt):
        write()


def test_a_stale_pooled_connection_is_replaced_before_anything_is_sent(
    scripted: Any, tokens: Any, write: Callable[[], Any]
) -> None:
    scripted.scripts[BATCH] = tokens.rows(RESULT, [0, 0, ""])
    write()
    for connection in scripted._connections:
        connection.shutdown(2)
    assert write().action == "created"


def test_a_refused_login(scripted: Any, tokens: Any, database: GpDatabase, clock: Any) -> None:
    scripted.login_error = tokens.error(18456, "Login failed for user 'sa'.", 14)
    with pytest.raises(ConfigError) as caught:  # the words may be those of an earlier failed connect
        database.read(sa.select(sa.literal(1)))
    assert caught.value.code == "login_failed"
    assert clock.slept == []


def test_reads_are_trimmed(scripted: Any, tokens: Any, database: GpDatabase) -> None:
    scripted.scripts["SY01500"] = tokens.rows(["CMPANYID", "CMPNYNAM"], [7, "Fabrikam, Ltd.     "])
    assert (database.company.id, database.company.name) == (7, "Fabrikam, Ltd.")


def test_a_lost_connection_while_reading_is_transient(scripted: Any, tokens: Any, database: GpDatabase) -> None:
    scripted.scripts["SY01500"] = tokens.CLOSE
    with pytest.raises(Transient):
        _ = database.company
