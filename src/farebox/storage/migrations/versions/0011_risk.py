"""Signals, and what calls leave behind for them."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
