"""SQL Server's and the driver's errors, told apart by what to do next.

Numbers below 20000 and above 50000 come from the server (sys.messages); 20000 to 20100 come from the driver's DB-Library
and mean that the conversation itself broke, so that after a write was sent its outcome is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, Refused, Transient

__all__ = ["connection_lost", "error_number", "translate"]

DRIVER = range(20000, 20101)
# The transaction was ended by somebody else, perhaps a site's own procedure: what it left behind is unknown.
BROKEN_TRANSACTION = frozenset({266, 3902, 3903, 3998})
GRANTS = "Let the GP administrator run sql/grants.sql for this login (or add it to the role DYNGRP)."
ADDRESS = "Check host, port and database in GPPS_GP__SQL_URL, the firewall, and GPPS_GP__ENCRYPTION."

TRANSIENT: Mapping[int, str] = {
    1205: "GP's server chose the transaction as the victim of a deadlock.",
    1222: "A row in GP was locked by somebody else for too long.",
    3960: "Another transaction changed the same rows in GP.",
    3935: "The transaction in GP could not go on.",
    701: "GP's server is short of memory.",
    1204: "GP's server is out of locks.",
    1105: "GP's database has no room left.",
    9002: "GP's transaction log is full.",
    6005: "GP's server is shutting down.",
    17142: "GP's server is paused.",
    17809: "GP's server takes no more connections.",
    921: "GP's database is still being recovered.",
    922: "GP's database is being recovered.",
    927: "GP's database is being restored.",
    945: "GP's database cannot be opened now.",
    983: "GP's database is moving to another server.",
    10928: "GP's server has reached a limit.",
    10929: "GP's server is too busy.",
    40197: "GP's server had a passing fault.",
    40501: "GP's server is busy.",
    40613: "GP's database is not available now.",
    -2: "GP's server took too long.",
}
CONFIG: Mapping[int, tuple[str, str, str]] = {
    18456: ("login_failed", "GP's server refuses the login.", "Check user and password in GPPS_GP__SQL_URL."),
    18452: ("login_failed", "GP's server refuses the login.", "Check user and password in GPPS_GP__SQL_URL."),
    18470: ("login_failed", "The login is disabled.", "Ask the GP administrator to enable it."),
    18487: (
        "login_failed",
        "The login's password has expired.",
        "Set a new password and put it into GPPS_GP__SQL_URL.",
    ),
    4060: ("no_database", "The company database cannot be opened.", "Check GPPS_GP__COMPANY and the login's rights."),
    916: ("no_database", "The login may not use this database.", GRANTS),
    911: ("no_database", "The database does not exist.", "Check GPPS_GP__COMPANY and GPPS_GP__SYSTEM_DB."),
    229: ("no_permission", "The login lacks a right in GP.", GRANTS),
    230: ("no_permission", "The login lacks a right on a column in GP.", GRANTS),
    297: ("no_permission", "The login lacks a right in GP.", GRANTS),
    300: ("no_permission", "The login lacks a right in GP.", GRANTS),
    2812: (
        "no_procedure",
        "An eConnect procedure is missing.",
        "Install eConnect for this company, or check GPPS_GP__COMPANY.",
    ),
    208: ("no_table", "A table of GP is missing.", "Check GPPS_GP__COMPANY and GPPS_GP__SYSTEM_DB: are they GP's?"),
    207: ("no_column", "A column of GP is missing.", "This release of GP differs; please report it."),
    201: ("procedure_differs", "An eConnect procedure wants a parameter more.", "This release of eConnect differs."),
    8144: ("procedure_differs", "An eConnect procedure has fewer parameters.", "This release of eConnect differs."),
    8145: ("procedure_differs", "An eConnect procedure lacks a parameter.", "This release of eConnect differs."),
}
HELD: Mapping[int, tuple[str, str]] = {
    8152: ("truncated", "A text is longer than GP's column."),
    2628: ("truncated", "A text is longer than GP's column."),
    2627: ("duplicate_key", "A row with this key is already in GP."),
    2601: ("duplicate_key", "A row with this key is already in GP."),
    547: ("constraint", "A rule of GP's tables forbids a value."),
    515: ("constraint", "GP's tables want a value that is missing."),
}


def error_number(error: BaseException) -> int | None:
    """The number of a driver error: pymssql carries ``(number, text)`` as its arguments, sometimes nested."""
    args: object = error.orig.args if isinstance(error, DBAPIError) and error.orig is not None else error.args
    while isinstance(args, tuple) and args:
        if isinstance(args[0], int):
            return args[0]
        args = args[0]
    return None


def error_text(error: BaseException) -> str:
    """The server's or the driver's words, without line ends."""
    args: object = error.orig.args if isinstance(error, DBAPIError) and error.orig is not None else error.args
    while isinstance(args, tuple) and args:
        args = args[-1]
    text = args.decode("utf-8", "replace") if isinstance(args, bytes) else str(args)
    server, _, driver = text.partition("DB-Lib error message")  # the driver's lines follow the server's
    words = server or re.sub(r"^\s*\d+, severity \d+:", "", driver.partition("DB-Lib error message")[0])
    return re.sub(r"\s+", " ", words).strip()


def connection_lost(error: BaseException) -> bool:
    """Whether the conversation broke, so that what the server did last is unknown."""
    number = error_number(error)
    return number is None or number in DRIVER


def translate(error: BaseException, *, sent: bool, what: str) -> GpPrestashopError:
    """The error to raise. ``sent``: a write had been sent; ``what`` it was (``the sales order PS00000012``)."""
    number, text = error_number(error), error_text(error)
    details = {"number": number, "text": text[:500]}
    if number is None or number in DRIVER or (sent and number in BROKEN_TRANSACTION):
        if sent:
            said = text or "the connection broke"
            return InDoubt("no_answer", f"GP gave no answer about {what}: {said.rstrip('.')}.", details=details)
        return Transient(
            "gp_unreachable", f"GP's server cannot be reached: {text.rstrip('.')}.", remedy=ADDRESS, details=details
        )
    if number in TRANSIENT:
        return Transient(f"sql_{number}", TRANSIENT[number], details=details)
    if number in CONFIG:
        code, sentence, remedy = CONFIG[number]
        return ConfigError(code, f"{sentence} SQL Server says: {text}", remedy=remedy, details=details)
    if number in HELD:
        code, sentence = HELD[number]
        return DataError(code, f"{sentence} SQL Server says: {text}", details=details)
    return Refused(f"sql_{number}", f"GP's server refused {what} (SQL error {number}): {text}", details=details)
