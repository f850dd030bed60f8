"""Cells that no spreadsheet takes for a formula, and numbers that stay numbers."""

import csv
import io
from datetime import UTC, datetime

import pytest

from farebox.kit.csv_text import csv_text


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1+2", "=cmd|' /C calc'!A0", "+1"]
)
def test_a_text_that_looks_like_a_formula_is_told_as_text(text: str) -> None:
    """An apostrophe in front; the rest stays as it is."""
    ((cell,),) = csv.reader(io.StringIO(csv_text([[text]]), newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("value", ["-0.5", "12", "0.000000001", "a=b", "1-2", "", "日本"])
def test_what_is_none_stays_as_it_is(value: str) -> None:
    """Amounts are exact and negative ones are numbers."""
    ((cell,),) = csv.reader(io.StringIO(csv_text([[value]]) if value else '""\r\n'))
    assert cell == value


def test_other_values_have_one_way_to_be_written() -> None:
    """Times in UTC, nothing for None, quotes where RFC 4180 wants them."""
    moment = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert csv_text([[None, True, 3, moment, 'a "b", c']]) == ',true,3,2026-01-31T12:00:00Z,"a ""b"", c"\r\n'
