"""Scores over whole years of the generator: found, quiet, tolerant of what is missing, reproducible."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from gp_prestashop.assist.anomalies import Books, read_books, score_books
from gp_prestashop.assist.anomalies.books import make_books
from gp_prestashop.assist.anomalies.years import Year, make_year
from gp_prestashop.assist.score_anomalies import average_precision, score_anomalies
from gp_prestashop.commands.anomalies import app
from gp_prestashop.errors import ConfigError, DataError

FILES = {"orders": "orders.csv", "lines": "order_lines.csv", "payments": "payments.csv", "gl": "gl.csv"}


@pytest.fixture(scope="module")
def year() -> Year:
    return make_year(21, 3000, 0.012)


@pytest.fixture
def folder(year: Year, tmp_path: Path) -> Path:
    for name, frame in year.frames.items():
        frame.to_csv(tmp_path / FILES[name], index=False)
    return tmp_path


def test_published_figures_meet_the_issue() -> None:
    figures = score_anomalies(seeds=(31, 32))
    assert figures["recall_at_1_percent"] >= 0.9
    assert figures["average_precision"] >= 0.9
    assert min(kind["recall"] for kind in figures["by_kind"].values()) >= 0.5
    assert len(figures["by_kind"]) >= 17


def test_a_year_is_the_same_each_time(year: Year) -> None:
    again = make_year(21, 3000, 0.012)
    assert again.labels == year.labels
    pd.testing.assert_frame_equal(again.frames["orders"], year.frames["orders"])
    assert score_books(make_books(again.frames)) == score_books(make_books(year.frames))


def test_a_sound_year_is_quiet() -> None:
    sound = make_year(22, 6000, 0.0)
    sound_ids = [row for row in score_books(make_books(sound.frames)) if row.order_id not in sound.labels]
    assert sum(row.score >= 0.5 for row in sound_ids) <= 0.002 * len(sound_ids)


def test_large_regular_buyers_refunds_and_deposits_are_not_suspected(year: Year) -> None:
    books = make_books(year.frames)
    status = books.orders.set_index("order_id")["payment_status"]
    rows = [row for row in score_books(books) if row.order_id not in year.labels]
    sound = [row for row in rows if status[row.order_id] in {"refunded", "partial"}]
    assert len(sound) > 20
    assert sum(row.score >= 0.5 for row in sound) <= 1


@pytest.mark.parametrize("missing", ["lines", "payments", "gl"])
def test_a_missing_file_is_a_note_and_the_rest_is_found(year: Year, missing: str) -> None:
    books = make_books({name: frame for name, frame in year.frames.items() if name != missing})
    assert any(FILES[missing] in note for note in books.notes)
    scored = sorted(score_books(books), key=lambda row: -row.score)
    assert average_precision(scored, year.labels) >= 0.25


def test_any_missing_column_is_survived() -> None:
    small = make_year(23, 400, 0.03)
    for name, frame in small.frames.items():
        for column in frame.columns.drop("order_id"):
            books = make_books({**small.frames, name: frame.drop(columns=column)})
            assert len(score_books(books)) == books.size, (name, column)
            assert any(column in note for note in books.notes), (name, column)


def test_few_orders_are_scored(year: Year) -> None:
    one = {
        name: frame[frame["order_id"] == year.frames["orders"]["order_id"].iloc[0]]
        for name, frame in year.frames.items()
    }
    (row,) = score_books(make_books(one))
    assert row.score < 0.5
    assert score_books(make_books({"orders": year.frames["orders"].iloc[:0]})) == []


def test_unreadable_values_count_as_missing_and_are_told(year: Year) -> None:
    orders = year.frames["orders"].astype(object).copy()
    orders.loc[3, "total"] = "abc"
    orders.loc[4, "created_at"] = "never"
    books = make_books({**year.frames, "orders": orders})
    assert {"orders.csv: 1 values of total cannot be read; they count as missing."} <= set(books.notes)
    assert len(score_books(books)) == books.size


def test_a_column_that_cannot_be_read_at_all_is_as_good_as_absent(year: Year) -> None:
    orders = year.frames["orders"].assign(created_at="21/11/2026", total=float("inf"))
    books = make_books({**year.frames, "orders": orders})
    assert not {"created_at", "total"} & set(books.orders)
    assert sum("cannot be read" in note for note in books.notes) == 2
    assert len(score_books(books)) == books.size


def test_zones_and_the_case_of_headers_do_not_matter(year: Year) -> None:
    def zoned(frame: pd.DataFrame) -> pd.DataFrame:
        moments = {c: frame[c].dt.strftime("%Y-%m-%dT%H:%M:%S+02:00") for c in frame if c.endswith("_at")}
        return frame.assign(**moments).rename(columns=str.upper)

    books = make_books({name: zoned(frame) for name, frame in year.frames.items()})
    assert books.notes == []
    assert [row.score for row in score_books(books)] == [row.score for row in score_books(make_books(year.frames))]


def test_an_order_that_is_there_twice_is_refused(year: Year) -> None:
    orders = pd.concat([year.frames["orders"], year.frames["orders"].iloc[:1]])
    with pytest.raises(DataError, match="there twice"):
        make_books({"orders": orders})


def test_a_folder_without_orders_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no orders\.csv"):
        read_books(tmp_path)


def test_files_and_frames_give_the_same_scores(year: Year, folder: Path) -> None:
    books: Books = read_books(folder)
    assert books.notes == []
    assert [row.score for row in score_books(books)] == [row.score for row in score_books(make_books(year.frames))]


def test_the_command_prints_every_order(folder: Path, year: Year) -> None:
    result = CliRunner().invoke(app, ["score", str(folder), "--json"])
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert [row["order_id"] for row in rows] == year.frames["orders"]["order_id"].tolist()
    assert all(set(row) == {"order_id", "score", "kind", "reason"} and 0 <= row["score"] <= 1 for row in rows)
    assert all(row["kind"] and row["reason"].endswith(".") for row in rows if row["score"] >= 0.5)
    table = CliRunner().invoke(app, ["score", str(folder), "--top", "3"])
    assert table.exit_code == 0
    assert "look wrong" in table.stdout
