"""Discounts, customer groups and margins."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
