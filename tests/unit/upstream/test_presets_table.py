"""docs/presets.md says what the presets say."""

from pathlib import Path

from farebox.dialects.table import with_table
from farebox.upstream.presets_table import WRITER, presets_tables

DOCUMENT = Path(__file__).parents[3] / "docs" / "presets.md"


def test_the_tables_in_the_documentation_are_those_that_channels_run_by() -> None:
    """After a change of a preset: `python -m farebox.upstream.presets_table docs/presets.md`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_table(text, WRITER, presets_tables()) == text
