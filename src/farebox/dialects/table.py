"""`python -m farebox.dialects.table FILE`: write the table of what carries over into docs/dialects.md.

The table is made from the facts by which requests are refused, so that it cannot say anything else.
"""

import sys
from pathlib import Path

from farebox.dialects.registry import carriage_table

WRITER = "farebox.dialects.table"


def with_table(text: str, writer: str = WRITER, table: str | None = None) -> str:
    """The document with `table` between the marks of the module that writes it; by default what carries over."""
    begin, end = f"<!-- table: written by python -m {writer} -->\n", "<!-- end of the table -->\n"
    before, began, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not began or not ended:
        raise ValueError(f"the document has no marks for the table of {writer}")
    return f"{before}{begin}\n{carriage_table() if table is None else table}\n{end}{after}"


def main() -> None:
    document = Path(sys.argv[1])
    document.write_text(with_table(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
