"""Requests after the sale: refunds, adjustments, support, closing, withdrawal."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
