"""Factors, invitations, links and statements of people."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
