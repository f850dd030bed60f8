"""Privacy, refund rules and imprint as operators publish them."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
