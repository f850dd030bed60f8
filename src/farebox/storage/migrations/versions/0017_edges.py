"""Where two things count as the same: moments of prices, references of transfers."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
