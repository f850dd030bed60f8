"""Recharges, payments, their events, refunds and disputes."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
