"""Erasure of what a record says about a person. Its state, amounts, keys and audit trail stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from gp_prestashop.ledger.database import transact

__all__ = ["erase"]

PAYLOADS = text("""
    delete from gpps.payload where system = :system and resource = :resource and key = any(cast(:keys as text[]))""")
OF_RECORDS = """
    from gpps.record r
    where r.system = :system and r.resource = :resource and r.key = any(cast(:keys as text[]))
      and x.flow = r.flow and x.key = r.key"""
# An open intent keeps its document: its doubt could not be settled without. Erase again once it is.
INTENTS = text(f"update gpps.intent x set document = '{{}}', detail = null {OF_RECORDS} and x.finished_at is not null")
LETTERS = text(f"update gpps.dead_letter x set document = '{{}}', sentence = '' {OF_RECORDS}")
SENTENCES = text("""
    update gpps.record set sentence = ''
    where system = :system and resource = :resource and key = any(cast(:keys as text[])) and sentence <> ''""")


def erase(engine: Engine, system: str, resource: str, keys: Sequence[str]) -> int:
    """Erase every version of these raw records and the documents made of them; returns how many versions there were.

    Sentences go too, since they may quote a name. A record that was still to be delivered can go on only once it is
    received again.
    """
    which = {"system": system, "resource": resource, "keys": list(keys)}

    def work(connection: Connection) -> int:
        connection.execute(SENTENCES, which)
        connection.execute(INTENTS, which)
        connection.execute(LETTERS, which)
        return int(connection.execute(PAYLOADS, which).rowcount)

    return transact(engine, work)
