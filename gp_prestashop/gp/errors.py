"""eConnect's error numbers, decoded to a sentence with the fields concerned, and what to do about each.

A procedure returns the last number in @O_iErrorState and all of them, blank separated, in @oErrString. Facts come from
the package's reference (data/econnect.json); texts from DYNAMICS..taErrorCode are added where the login may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gp_prestashop.errors import DataError, GpPrestashopError, Refused, Transient
from gp_prestashop.gp.calls import Call
from gp_prestashop.gp.reference import ErrorFact, error_facts

__all__ = ["AlreadyThere", "BatchClosed", "decode", "numbers_of"]

# Marked to post, or approved: sales, cash receipts, receivables.
BATCH_CLOSED = frozenset({5616, 25, 5627, 202, 5625})
EXISTS = frozenset({56, 2221, 450, 11984, 251, 9366, 42, 793, 794, 795, 7, 190, 262, 670})
LOCKED = frozenset({2079, 2208, 1754, 7017, 7134, 2940, 2938, 3386, 9184, 2246})
# Master data or set-up that a person can mend, beyond "must exist" checks, which are recognised by the reference.
HELD = frozenset(
    {1790, 1541, 11755, 11807, 11808, 9515, 9528, 9538, 9386, 1319, 9177, 771, 8242, 11522, 4776, 1791, 1152, 1536, 2082,
     58, 105, 3002, 1747, 724, 726, 727, 3442, 60, 43, 457, 456, 9550, 929, 930, 908, 909, 910, 913, 914, 915, 1405,
     1406, 1407, 1408, 1409, 972, 1410, 2695, 2696, 2697, 2698, 1599, 753, 1321, 8074,
     9512, 9513, 362, 17, 11481, 232, 774, 546, 536, 537, 551, 9522, 4694, 568, 569, 570, 574, 664, 165, 296, 455,
     3422, 7002, 7004, 2939, 2232}
)  # fmt: skip
REMEDIES: Mapping[int, str] = {
    108: "Create the item in GP, or map the product to one in the value map 'item_numbers'.",
    110: "Assign the item to the site in GP (IV00102), or set GPPS_SOP__SITE to another one.",
    59: "Create the site in GP, or set GPPS_SOP__SITE.",
    106: "Create the site in GP, or set GPPS_SOP__SITE.",
    68: "Set GPPS_SOP__DOCID to an order id of SOP40200.",
    3441: "Set GPPS_SOP__DOCID to an order id of SOP40200.",
    66: "Let the customer's own record go to GP first.",
    598: "Let the customer's own record go to GP first.",
    1790: "Reactivate the customer in GP, then release the record.",
    1541: "Take the customer off hold in GP, then release the record.",
    11755: "Reactivate the item in GP, then release the record.",
    9386: "Give the item a price in this currency in GP (price list, IV00108).",
    9177: "Give the item a price in this unit in GP (price list, IV00108), or name another unit in the value map 'units'.",
    5313: "Correct the value map 'units': it names a unit that the item's schedule lacks in GP.",
    1319: "Assign the currency to the item in GP (Item Currency Maintenance, IV00105).",
    2232: "Set GPPS_SOP__ALLOCATE=document_id, or let the document id allocate stock in GP.",
    4776: "Allow back orders for the item in GP, or take stock in.",
    605: "Correct the value map 'tax_details': it names a tax detail that GP lacks.",
    61: "Correct the value map 'tax_schedules': it names a schedule that GP lacks.",
    3420: "Correct the value map 'tax_schedules': it names a schedule that GP lacks.",
    82: "Correct the value map 'tax_schedules': a taxed order needs a schedule.",
    927: "Correct the value map 'carriers': it names a shipping method that GP lacks.",
    212: "Correct the value map 'payment_modules': it names a checkbook that GP lacks.",
    9528: "Reactivate the checkbook in GP, or name another one in the value map 'payment_modules'.",
    724: "Set the currency up in GP and give the company access to it.",
    3442: "Set the currency up in GP and give the company access to it.",
    727: "Enter an exchange rate for the document's date in GP.",
    726: "Enter an exchange rate for the document's date in GP.",
    7032: "Create the payment terms in GP or correct the map.",
    818: "Let the address's own record go to GP first.",
    867: "Let the address's own record go to GP first.",
    9551: "Let the address's own record go to GP first.",
    24: "Let the customer's own record go to GP first.",
    217: "Let the address's own record go to GP first.",
    12: "Correct the value map 'payment_modules': it names a checkbook that GP lacks.",
    9512: "Reactivate the checkbook in GP, or name another one in the value map 'payment_modules'.",
    232: "Set the currency up in GP and give the company access to it.",
    536: "Set the currency up in GP and give the company access to it.",
    546: "Enter an exchange rate for the receipt's date in GP.",
    551: "Enter an exchange rate for the document's date in GP.",
    295: "Correct the value map 'tax_details': it names a tax detail that GP lacks.",
    4694: "Apply it by hand in GP: eConnect applies in the functional currency only.",
    3422: "Take the link to the purchase order off in GP, then release the record.",
    7002: "See to the deposits in GP (refund or remove them), then release the record.",
}
NODES: Mapping[str, str] = {
    "taUpdateCreateCustomerRcd": "the customer",
    "taCreateCustomerAddress": "the address",
    "taCreateInternetAddresses": "the e-mail address",
    "taSopLineIvcInsert": "an order line",
    "taSopLineIvcTaxInsert": "a tax row",
    "taSopUserDefined": "the user-defined fields",
    "taSopHdrIvcInsert": "the order's header",
    "taCreateSopPaymentInsertRecord": "the payment",
    "taSopLineIvcInsertComponent": "a kit's component",
    "taSopLineDelete": "the deletion of an order line",
    "taSopVoidDocument": "the void",
    "taSopUpdateCreateProcessHold": "the process hold",
    "taRMCashReceiptInsert": "the cash receipt",
    "taRMTransaction": "the credit memo",
    "taRMTransactionTaxInsert": "a tax row",
    "taRMApply": "the application",
}
SHOWN = 4  # fields of a check that are shown with their values


class AlreadyThere(DataError):
    """The document's key is taken in GP. The target looks whether by this very document."""


class BatchClosed(Transient):
    """The batch is being posted (5616, 25, 202): nothing was written, and the next batch will do."""


def numbers_of(state: int | None, text: str | None) -> tuple[int, ...]:
    """All error numbers in the order in which they were met, each once."""
    met = [int(word) for word in (text or "").split() if word.lstrip("-").isdigit()]
    if state and state not in met:
        met.append(state)
    return tuple(dict.fromkeys(met))


def decode(call: Call, numbers: Sequence[int], texts: Mapping[int, str] | None = None) -> GpPrestashopError:
    """The error to raise for what ``call`` returned. ``texts``: GP's own words by number (taErrorCode)."""
    facts = error_facts()
    node = NODES.get(call.procedure, call.procedure)
    row = call.parameters.get("ITEMNMBR") or call.parameters.get("TAXDTLID") or call.parameters.get("ADRSCODE")
    described = "; ".join(_describe(n, facts.get(n), call, texts or {}) for n in numbers) or "no error number"
    sentence = f"GP refused {node}{f' {row}' if row else ''}: {described}."
    remedy = " ".join(dict.fromkeys(REMEDIES[n] for n in numbers if n in REMEDIES))
    kind, code = _kind(numbers, facts)
    return kind(code, sentence, remedy=remedy, details={"numbers": list(numbers), "procedure": call.procedure})


def _kind(numbers: Sequence[int], facts: Mapping[int, ErrorFact]) -> tuple[type[GpPrestashopError], str]:
    """What a person can mend decides, since the other numbers are often its consequence."""
    met = set(numbers)
    for kind, decisive in ((BatchClosed, BATCH_CLOSED), (AlreadyThere, EXISTS), (Transient, LOCKED)):
        if met & decisive and (kind is not BatchClosed or met <= decisive):
            return kind, f"gp_{_first(numbers, decisive)}"
    held = {n for n in met if n in HELD or n in BATCH_CLOSED or _mendable(facts.get(n))}
    if held:
        return DataError, f"gp_{_first(numbers, held)}"
    return Refused, f"gp_{numbers[-1] if numbers else 'unknown'}"


def _first(numbers: Sequence[int], among: Iterable[int]) -> int:
    chosen = set(among)
    return next(n for n in numbers if n in chosen)


def _mendable(fact: ErrorFact | None) -> bool:
    """A master record that is missing; or GP's own write or a procedure below failed, which a person must look into."""
    if fact is None or fact.custom:
        return False
    return fact.must_exist or fact.kind != "validation"


def _describe(number: int, fact: ErrorFact | None, call: Call, texts: Mapping[int, str]) -> str:
    words = texts.get(number) or (fact.meaning if fact else "")
    if fact is not None and not words:
        words = f"{fact.kind.replace('_', ' ')}{f' ({fact.tables[0]})' if fact.tables else ''}"
    if fact is None and not words:
        words = "not a number of eConnect's own: perhaps from a Pre or Post procedure of this site"
    if fact is not None and fact.custom:
        words += " (this site's own Pre or Post procedure)"
    shown = [f"{name} {_show(call.parameters[name])}" for name in _concerned(fact) if name in call.parameters]
    return f"{number} {words}" + (f" ({', '.join(shown[:SHOWN])})" if shown else "")


def _concerned(fact: ErrorFact | None) -> list[str]:
    if fact is None:
        return []
    named = [name for name in fact.parameters if name in fact.meaning]
    return named or (list(fact.parameters) if len(fact.parameters) <= SHOWN else [])


def _show(value: Any) -> str:
    return repr(value) if isinstance(value, str) else f"{value}"
