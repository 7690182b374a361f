"""What makes orders of a made-up year bad, by kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from gp_prestashop.assist.anomalies.years import again, moment, plain_order
from gp_prestashop.assist.anomalies.years_world import LOCAL, MONEY, VAT, Customer, Order, World

__all__ = ["KINDS", "make_bad"]

Maker = Callable[[World, Order, list[Order]], bool]


def make_bad(world: World, made: list[Order], share: float) -> None:
    """Changes orders of ``made`` in place and adds some; each bad one has its ``kind``."""
    r = world.random
    each = max(2, round(len(made) * share / (len(KINDS) + 2)))
    free = [order for order in made if order.status != "refunded"]
    r.shuffle(free)
    for kind, maker in KINDS.items():
        done = 0
        while done < each and free:
            order = free.pop()
            if maker(world, order, made):
                if not order.kind and kind != "duplicate":
                    order.kind = kind
                done += 1
    for _ in range(max(1, each // 4)):
        _burst(world, made, r.randint(6, 14))


def _line(world: World, order: Order):  # type: ignore[no-untyped-def]
    return world.random.choice(order.lines)


def _price_high(world: World, order: Order, _made: list[Order]) -> bool:
    line = _line(world, order)
    if line["sku"] == "GIFT":
        return False
    line["unit_price"] = round(
        line["unit_price"] * world.random.choice([10, 100, 100, 1000 if line["unit_price"] < 5 else 10]), 2
    )
    return True


def _price_low(world: World, order: Order, _made: list[Order]) -> bool:
    line = _line(world, order)
    if line["list_price"] <= 2 or line["sku"] == "GIFT":
        return False
    line["unit_price"] = round(line["unit_price"] * world.random.choice([0.01, 0.1, 0.05, 0.15]), 2)
    return True


def _price_digits(world: World, order: Order, _made: list[Order]) -> bool:
    """Two digits of a price swapped, so that it is at least half as much again or half gone."""
    line = _line(world, order)
    if line["sku"] == "GIFT":
        return False
    digits = f"{line['unit_price']:.2f}"
    places = [k for k in range(len(digits) - 1) if "." not in digits[k : k + 2]]
    for k in places:
        value = float(digits[:k] + digits[k + 1] + digits[k] + digits[k + 2 :])
        if value > 0 and not 0.6 < value / line["unit_price"] < 1.6:
            line["unit_price"], line["promo"] = value, 0
            return True
    return False


def _quantity(world: World, order: Order, _made: list[Order]) -> bool:
    line, r = _line(world, order), world.random
    if line["qty"] > 9:
        return False
    if order.customer.business:  # far beyond what such a buyer takes of anything
        line["qty"] *= 100
    else:
        line["qty"] = r.choice([60, 99, 100, 111, 120, 150])
    return True


def _negative(world: World, order: Order, _made: list[Order]) -> bool:
    line = _line(world, order)
    line["qty"] = -line["qty"]
    return True


def _subtotal(world: World, order: Order, _made: list[Order]) -> bool:
    if _worth(order) <= 20:
        return False
    factor = world.random.choice([0.9, 0.97, 1.1, 1.5])
    order.changes["subtotal"] = lambda value: round(value * factor, 2)
    return True


def _total(world: World, order: Order, _made: list[Order]) -> bool:
    if _worth(order) <= 20:
        return False
    factor = world.random.choice([0.7, 0.95, 0.98, 1.05, 1.2])
    order.changes["total"] = lambda value: round(value * factor, 2)
    return True


def _payment(world: World, order: Order, _made: list[Order]) -> bool:
    if _worth(order) <= 20:
        return False
    factor = world.random.choice([0.1, 0.95, 2.0, 10.0, 1.05])
    order.changes["payment"] = lambda total: round(total * factor, 2)
    order.status = "paid"
    return True


def _unpaid(world: World, order: Order, _made: list[Order]) -> bool:
    if order.status != "paid":
        return False
    if world.random.random() < 0.5:
        order.changes["payments"] = 2
    else:
        order.changes["paid"] = None
    return True


def _tax(world: World, order: Order, _made: list[Order]) -> bool:
    if order.exempt or not VAT[order.country] or _worth(order) < 15:
        return False
    r = world.random
    if r.random() < 0.5:
        factor = r.choice([0.0, 0.5, 1.3, 2.0])
        order.changes["tax"] = lambda tax, _base: tax * factor
    else:
        rate = r.choice([v for v in set(VAT.values()) if v != VAT[order.country]])
        order.changes["rate"] = rate
    return True


def _duplicate(world: World, order: Order, made: list[Order]) -> bool:
    r = world.random
    gap = timedelta(minutes=r.choice([1, 3, 8, 15, 40, 90, 400, 1300, 1900]))
    twin = again(world, order, order.at + gap)
    twin.kind = "duplicate"
    made.append(twin)
    return True


def _place(world: World, order: Order, _made: list[Order]) -> bool:
    r = world.random
    foreign = [c for c in world.countries if c != order.customer.country]
    local = {LOCAL[c] for c in world.countries if c in LOCAL}
    if order.customer.business or order.channel == "phone":
        return False
    order.country = order.ship = r.choice(foreign)
    wrong = sorted(local - {LOCAL.get(order.country, "")})
    order.method = r.choice([*wrong, "sepa_debit"])
    if r.random() < 0.5:
        order.ship = r.choice(["NG", "RU", "VN", "PA"])
    if order.country in MONEY:
        order.currency, order.fx = MONEY[order.country][0], MONEY[order.country][1]
    else:
        order.currency, order.fx = "EUR", 1.0
    order.exempt = False
    return True


def _account(world: World, order: Order, _made: list[Order]) -> bool:
    if _worth(order) <= 5:
        return False
    own = world.accounts[f"Sales of {order.lines[0]['category']}"]
    others = [
        a
        for name, a in world.accounts.items()
        if (name.startswith("Sales") or name in ("asset", "clearing")) and a != own
    ]
    order.changes["account"] = world.random.choice(others)
    return True


def _posting_time(world: World, order: Order, _made: list[Order]) -> bool:
    r = world.random
    night = r.choice([2, 3, 5, 23]) if world.batch_hour not in (2, 3) else 23
    who, sunday = r.choice(world.posters), r.random() < 0.6

    def posted(at):  # type: ignore[no-untyped-def]
        day = at.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        while sunday and day.weekday() != 6:
            day += timedelta(days=1)
        return day + timedelta(hours=night, minutes=r.randrange(60)), who

    order.changes["posted"] = posted
    return True


def _under_limit(world: World, order: Order, _made: list[Order]) -> bool:
    """One price trimmed so that the total is just under a limit, mostly at a round amount."""
    r = world.random
    if order.channel != "phone":
        return False
    limit = r.choice(world.limits)
    below = r.choice([step for step in (1, 5, 10, 20, 50, 100) if step <= 0.022 * limit])
    target = limit - below * (1 if r.random() < 0.8 else r.uniform(0.3, 0.9))
    rate = 0.0 if order.exempt else VAT[order.country] / 100
    taxed = order.freight * (1 + rate) if world.tax_on_freight else order.freight
    line = max(order.lines, key=lambda row: row["qty"] * row["unit_price"])
    others = sum(round(row["qty"] * row["unit_price"], 2) for row in order.lines if row is not line)
    wanted = ((target - taxed) / (1 + rate) - others) / line["qty"]
    if not 0.6 < wanted / max(line["unit_price"], 0.01) < 1.1:
        return False
    line["unit_price"] = round(wanted, 2)
    return True


def _unbalanced(world: World, order: Order, _made: list[Order]) -> bool:
    if _worth(order) <= 50:
        return False
    factor = world.random.choice([0.5, 0.9, 1.1])
    order.changes["gl_amount"] = lambda amount: round(amount * factor, 2)
    return True


def _unposted(world: World, order: Order, _made: list[Order]) -> bool:
    if world.random.random() < 0.5:
        order.changes["unposted"] = True
    else:
        order.changes["same_journal"] = False
    return True


def _burst(world: World, made: list[Order], size: int) -> None:
    r = world.random
    at = moment(world, world.customers[0])
    cheap = sorted(world.items, key=lambda item: item["price"])[: len(world.items) // 4]
    for k in range(size):
        at += timedelta(seconds=r.randint(8, 160))
        country = r.choice(world.countries)
        tester = Customer(90_000 + len(made) + k, country, False, 1.0, False, 0.0, world.staff[0], 1.0, False)
        order = plain_order(world, tester, at)
        item = r.choice(cheap)
        order.lines = [
            {
                "sku": item["sku"],
                "category": item["category"],
                "qty": 1,
                "list_price": item["price"],
                "unit_price": item["price"],
                "promo": 0,
            }
        ]
        order.method, order.currency, order.fx, order.freight, order.kind, order.status, order.deposit = (
            "card",
            "EUR",
            1.0,
            r.choice(world.freights),
            "burst",
            "paid",
            1.0,
        )
        made.append(order)


def _worth(order: Order) -> float:
    return float(sum(line["qty"] * line["unit_price"] for line in order.lines))


KINDS: dict[str, Maker] = {
    "price_high": _price_high, "price_low": _price_low, "price_digits": _price_digits, "quantity": _quantity, "negative": _negative,
    "subtotal": _subtotal, "total": _total, "payment": _payment, "unpaid_or_twice": _unpaid, "tax": _tax, "duplicate": _duplicate,
    "country_payment": _place, "account": _account, "posting_time": _posting_time, "under_limit": _under_limit,
    "unbalanced": _unbalanced, "unposted_or_twice": _unposted,
}  # fmt: skip
