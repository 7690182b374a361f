"""SQL Server's and the driver's errors, as pymssql raises them."""

from __future__ import annotations

import pymssql
import pytest
import sqlalchemy as sa

from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused, Transient
from gp_prestashop.gp.sql_errors import connection_lost, error_number, translate


def raised(*args: object) -> sa.exc.OperationalError:
    return sa.exc.OperationalError("SELECT 1", None, pymssql.OperationalError(*args))


@pytest.mark.parametrize(
    ("number", "sent", "kind", "code"),
    [
        (1205, True, Transient, "sql_1205"),
        (1222, True, Transient, "sql_1222"),
        (20003, True, InDoubt, "no_answer"),
        (20004, True, InDoubt, "no_answer"),
        (20006, True, InDoubt, "no_answer"),
        (20047, True, InDoubt, "no_answer"),
        (266, True, InDoubt, "no_answer"),
        (20003, False, Transient, "gp_unreachable"),
        (20009, False, Transient, "gp_unreachable"),
        (18456, False, ConfigError, "login_failed"),
        (4060, False, ConfigError, "no_database"),
        (2812, True, ConfigError, "no_procedure"),
        (229, True, ConfigError, "no_permission"),
        (8145, True, ConfigError, "procedure_differs"),
        (208, False, ConfigError, "no_table"),
        (8152, True, DataError, "truncated"),
        (2627, True, DataError, "duplicate_key"),
        (8114, True, Refused, "sql_8114"),
    ],
)
def test_kinds(number: int, sent: bool, kind: type[GpPrestashopError], code: str) -> None:
    error = translate(raised(number, b"text of it\n"), sent=sent, what="the order PS1")
    assert type(error) is kind
    assert error.code == code


def test_nested_arguments_and_texts() -> None:
    """A refused login comes as one tuple, with the driver's own lines behind the server's."""
    error = raised((18456, b"Login failed for user 'sa'.DB-Lib error message 20018, severity 14:\nGeneral error\n"))
    assert error_number(error) == 18456
    sentence = translate(error, sent=False, what="the login").sentence
    assert "Login failed for user 'sa'." in sentence
    assert "DB-Lib" not in sentence


def test_an_error_without_a_number_after_a_write_is_doubt() -> None:
    error = sa.exc.InterfaceError("EXEC", None, pymssql.InterfaceError("Connection is closed."))
    assert connection_lost(error)
    assert isinstance(translate(error, sent=True, what="the order PS1"), InDoubt)
