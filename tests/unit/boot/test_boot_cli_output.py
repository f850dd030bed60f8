"""What people read of a result with parts."""

from farebox.boot.cli.output import sections


def test_parts_stand_below_the_single_values():
    """A dict as lines, rows as a table, each under its name; a part that is empty is a dash among the values."""
    shown = sections({"id": "1", "payment": {"state": "paid"}, "refunds": [{"ref": "a", "state": "done"}], "lots": []})
    assert shown.splitlines() == [
        "id    1",
        "lots  -",
        "",
        "payment",
        "state  paid",
        "",
        "refunds",
        "ref  state",
        "a    done",
    ]
    assert sections({"parts": {"a": None}}) == "\nparts\na  -"
