"""What jobs teach about the size of requests."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
