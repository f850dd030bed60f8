"""Rollups and indexes for pages of logs, usage and ledger."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
