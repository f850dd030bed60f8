"""docs/dialects.md says what the code does."""

from pathlib import Path

from farebox.dialects.table import with_table

DOCUMENT = Path(__file__).parents[3] / "docs" / "dialects.md"


def test_the_table_in_the_documentation_is_the_one_that_requests_are_refused_by() -> None:
    """After a change of the facts: `python -m farebox.dialects.table docs/dialects.md`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_table(text) == text
