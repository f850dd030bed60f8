"""`python -m farebox.dialects.table FILE`: write the table of what carries over into docs/dialects.md, or check it.

The table is made from the facts by which requests are refused, so that it cannot say anything else.
"""

import sys
from pathlib import Path

from farebox.dialects.registry import carriage_table

BEGIN = "<!-- table: written by python -m farebox.dialects.table -->\n"
END = "<!-- end of the table -->\n"


def with_table(text: str) -> str:
    """The document with the table as it is now between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document has no marks for the table")
    return f"{before}{BEGIN}\n{carriage_table()}\n{END}{after}"


def main() -> None:
    document = Path(sys.argv[1])
    document.write_text(with_table(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
