"""eConnect's numbers: what to do, with the fields concerned."""

from __future__ import annotations

import pytest

from gp_prestashop.errors import DataError, GpPrestashopError, Refused, Transient
from gp_prestashop.gp.calls import Call
from gp_prestashop.gp.errors import AlreadyThere, BatchClosed, decode, numbers_of

LINE = Call("taSopLineIvcInsert", "lines", {"ITEMNMBR": "DEMO-1", "XTNDPRCE": 5, "LOCNCODE": "MAIN", "CURNCYID": "USD"})
HEADER = Call("taSopHdrIvcInsert", "header", {"CUSTNMBR": "PS1", "SUBTOTAL": 5, "BACHNUMB": "WEB1"})


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        *[
            ((n,), DataError)
            for n in (66, 108, 106, 110, 68, 605, 61, 818, 867, 9551, 7032, 1790, 1541, 11755, 9386, 1319)
        ],
        *[
            ((n,), DataError)
            for n in (4776, 2232, 5313, 9177, 724, 3442, 727, 212, 9528, 1791, 60, 495, 250, 654, 655, 118)
        ],
        *[((n,), Refused) for n in (67, 235, 64, 4602, 7470, 7473, 7474, 7475, 786, 832, 299, 722, 4646, 4647, 5447)],
        *[((n,), Refused) for n in (62, 799, 868, 85, 86, 866, 859, 9370, 53, 101, 6618, 109, 3426)],
        *[((n,), Refused) for n in (67001, 671, 600, 12345678)],
        *[((n,), AlreadyThere) for n in (56, 2221, 42, 251, 9366, 450)],
        *[((n,), Transient) for n in (2079, 2208, 7134)],
        *[((n,), DataError) for n in (71, 70, 762, 96)],  # GP's own write or a procedure below failed
        ((5616,), BatchClosed),
        ((5616, 235), DataError),
        ((299, 108), DataError),  # what a person can mend decides
        ((67, 235), Refused),
        ((), Refused),
    ],
)
def test_policy(numbers: tuple[int, ...], kind: type[GpPrestashopError]) -> None:
    error = decode(LINE, numbers)
    assert type(error) is kind
    assert error.details["numbers"] == list(numbers)


def test_the_sentence_names_fields_and_all_numbers() -> None:
    error = decode(LINE, (108, 299))
    assert error.code == "gp_108"
    assert "DEMO-1" in error.sentence
    assert "108 item not in IV00101" in error.sentence
    assert "299 " in error.sentence
    assert "value map 'item_numbers'" in error.remedy


@pytest.mark.parametrize("number", [5313, 9177])
def test_what_is_wrong_with_a_unit_is_mended_in_the_value_map(number: int) -> None:
    assert "value map 'units'" in decode(LINE, (number,)).remedy


def test_gps_own_words_win_and_custom_numbers_are_told() -> None:
    assert "Input variable in error" in decode(HEADER, (67,), {67: "Input variable in error"}).sentence
    assert "Pre or Post" in decode(HEADER, (67010,)).sentence
    assert "site's own" in decode(HEADER, (599,)).sentence
    assert decode(HEADER, (67010,)).code == "gp_67010"


def test_numbers() -> None:
    assert numbers_of(235, "67 235 ") == (67, 235)
    assert numbers_of(235, "67") == (67, 235)
    assert numbers_of(66, None) == (66,)
    assert numbers_of(None, "") == ()
    assert numbers_of(67010, "67010 67010 x") == (67010,)
