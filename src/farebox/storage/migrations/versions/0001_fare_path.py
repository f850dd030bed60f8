"""The fare path: accounts, keys, catalogue, holds, jobs, ledger."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
