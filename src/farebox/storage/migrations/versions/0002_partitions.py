"""Functions that make and drop the partitions of a day."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
