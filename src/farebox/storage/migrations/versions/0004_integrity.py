"""A ledger that notices a restored or rewritten database."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
