"""The shop's wall clock: no row is lost when clocks go back or forward."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gp_prestashop.prestashop.times import day_filter, day_of, earliest_wall_time, since_filter, wall_text

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
ZONES = [PARIS, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")]


@pytest.mark.parametrize(
    ("zone", "instant", "wall"),
    [
        # Paris, 2026-10-25: at 01:00 UTC clocks go from 03:00 back to 02:00.
        (
            PARIS,
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "2026-10-25 01:30:00",
        ),  # first 02:30; 02:00 is to come again
        (PARIS, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 02:30:00"),  # second 02:30
        (PARIS, datetime(2026, 10, 25, 4, 0, tzinfo=UTC), "2026-10-25 05:00:00"),
        # Paris, 2026-03-29: at 01:00 UTC clocks go from 02:00 to 03:00; 02:30 does not exist.
        (PARIS, datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29 01:59:59"),
        (PARIS, datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29 03:00:00"),
        # New York, 2026-11-01: at 06:00 UTC clocks go from 02:00 back to 01:00.
        (NEW_YORK, datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "2026-11-01 00:30:00"),  # first 01:30
        (NEW_YORK, datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "2026-11-01 01:30:00"),  # second 01:30
        # New York, 2026-03-08: at 07:00 UTC clocks go from 02:00 to 03:00.
        (NEW_YORK, datetime(2026, 3, 8, 6, 30, tzinfo=UTC), "2026-03-08 01:30:00"),
        (NEW_YORK, datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "2026-03-08 03:30:00"),
        (ZoneInfo("UTC"), datetime(2026, 3, 8, 7, 30, 0, 999_999, tzinfo=UTC), "2026-03-08 07:30:00"),
    ],
)
def test_the_earliest_wall_time_from_an_instant_on(zone, instant, wall):
    assert wall_text(earliest_wall_time(instant, zone)) == wall


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(hours=30)),
)
def test_nothing_after_an_instant_carries_an_earlier_wall_time(zone, instant, later):
    stored = (instant + later).astimezone(zone).replace(tzinfo=None, microsecond=0)
    bound = earliest_wall_time(instant, zone)
    assert bound <= stored
    assert instant.astimezone(zone).replace(tzinfo=None) - bound <= timedelta(hours=1, seconds=1)


def test_naive_instants_are_refused():
    with pytest.raises(ValueError, match="zone"):
        earliest_wall_time(datetime(2026, 1, 1), PARIS)


def test_filters_are_those_that_the_shop_understands():
    assert since_filter("date_upd", datetime(2026, 1, 1)) == {"filter[date_upd]": ">[2025-12-31 23:59:59]", "date": "1"}
    assert day_filter("date_add", date(2024, 1, 1), date(2024, 12, 31)) == {
        "filter[date_add]": "[2024-01-01 00:00:00,2024-12-31 23:59:59]",
        "date": "1",
    }


@pytest.mark.parametrize(
    ("value", "day"),
    [("2024-02-29 23:59:59", date(2024, 2, 29)), ("0000-00-00 00:00:00", None), ("", None), (None, None), ("x", None)],
)
def test_days(value, day):
    assert day_of({"date_add": value}, "date_add") == day
    assert day_of({"date_add": value}, None) is None
