"""How a step runs its plain SQL: it is put into the script that storage/migrate.py has Alembic write."""

from alembic import op

from farebox.storage.migrations.files import sql_of


def run_revision(revision: str) -> None:
    """Adds the SQL files of a revision to the script."""
    for text in sql_of(revision):
        # As it stands: Alembic's own way would take a colon in it for a parameter.
        op.get_context().impl.static_output(text)


def refuse_downgrade() -> None:
    """Money does not go back: restore a backup instead."""
    raise NotImplementedError("Farebox migrates forward only: restore a backup to go back")
