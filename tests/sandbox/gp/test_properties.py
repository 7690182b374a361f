"""Any valid document is accepted, and any amount of it that is one cent off is refused with the number that says so."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CENT = Decimal("0.01")
RATES = {"FRVAT20": Decimal("0.20"), "FRVAT10": Decimal("0.10")}
# Header parameter: the numbers of a wrong amount.
NUMBERS = {
    "SUBTOTAL": {67, 235}, "FREIGHT": {235}, "MISCAMNT": {235}, "TRDISAMT": {235}, "DOCAMNT": {235}, "PYMTRCVD": {60},
    "TAXAMNT": {799, 868, 62, 235}, "FRTTXAMT": {799, 62, 85, 235}, "MSCTXAMT": {799, 62, 86, 235}, "MRKDNAMT": {64},
}  # fmt: skip

money = st.integers(0, 50_000).map(lambda cents: cents * CENT)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(1, 30), "price": money, "markdown": st.sampled_from([Decimal(0), CENT]),
            "tax": st.sampled_from([None, *RATES]),
        }
    ),
    min_size=1, max_size=5,
)  # fmt: skip


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def send(gp, document: dict[str, object]) -> dict[str, Decimal]:
    """All nodes before the header; gives the header's amounts."""
    totals: dict[str, list[Decimal]] = {}
    subtotal = markdowns = Decimal(0)
    for place, line in enumerate(document["lines"], start=1):
        markdown = min(line["markdown"], line["price"])
        extended = (line["price"] - markdown) * line["quantity"]
        tax = rounded(extended * RATES[line["tax"]]) if line["tax"] else Decimal(0)
        sent = {"UNITPRCE": line["price"], "QUANTITY": line["quantity"], "XTNDPRCE": extended, "MRKDNAMT": markdown}
        off = extended + CENT
        assert gp.line(**{**sent, "XTNDPRCE": off}) == [299]
        assert gp.line(**sent, TAXAMNT=tax) == []
        subtotal += extended
        markdowns += markdown * line["quantity"]
        if line["tax"]:
            assert gp.tax(LNITMSEQ=place * 16384, TAXDTLID=line["tax"], SALESAMT=extended, STAXAMNT=tax) == []
            totals.setdefault(line["tax"], [Decimal(0)] * 2)[0] += tax
    freight_tax = rounded(document["freight"] * RATES["FRVAT20"])
    if freight_tax:
        freight = {"FREIGHT": document["freight"], "FRTTXAMT": freight_tax, "STAXAMNT": 0, "SALESAMT": 0}
        assert gp.tax(TAXTYPE=1, TAXDTLID="FRVAT20", **freight) == []
        totals.setdefault("FRVAT20", [Decimal(0)] * 2)[1] += freight_tax
    for detail, (sales, freight) in totals.items():
        assert gp.tax(LNITMSEQ=0, TAXDTLID=detail, STAXAMNT=sales, FRTTXAMT=freight) == []
    tax = sum((sales for sales, _ in totals.values()), Decimal(0))
    discount = min(document["discount"], subtotal)
    amount = subtotal + document["freight"] + document["miscellaneous"] + tax + freight_tax - discount
    paid = Decimal(0)
    if document["paid"] and amount:
        assert gp.payment(DOCAMNT=amount) == []
        paid = amount
    return {
        "SUBTOTAL": subtotal, "FREIGHT": document["freight"], "MISCAMNT": document["miscellaneous"], "TAXAMNT": tax,
        "FRTTXAMT": freight_tax, "MSCTXAMT": Decimal(0), "TRDISAMT": discount, "DOCAMNT": amount, "PYMTRCVD": paid,
        "MRKDNAMT": markdowns,
    }  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=st.fixed_dictionaries(
        {"lines": lines, "freight": money, "miscellaneous": money, "discount": money, "paid": st.booleans()}
    ),
    sign=st.sampled_from([1, -1]),
)
def test_valid_documents_and_one_cent_off(gp, document, sign: int) -> None:
    with gp.cursor.connection.transaction(force_rollback=True):
        amounts = send(gp, document)
        for name, numbers in NUMBERS.items():
            found = gp.header(**{**amounts, name: amounts[name] + sign * CENT}, TAXSCHID="SHOP-FR")
            if amounts[name] + sign * CENT >= 0:
                assert numbers <= set(found), name
            else:
                assert found, name
        assert gp.header(**amounts, TAXSCHID="SHOP-FR") == []
        header = gp.one("SELECT * FROM two.sop10100")
        assert header["ordocamt"] == header["docamnt"] == amounts["DOCAMNT"]
        books = gp.one("SELECT sum(debitamt) AS d, sum(crdtamnt) AS c FROM two.sop10102")
        assert books["d"] == books["c"]
