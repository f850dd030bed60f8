"""Second factors, passkeys, links of one use, throttling."""

from farebox.storage.migrations.running import refuse_downgrade, run_revision

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_revision(revision)


def downgrade() -> None:
    refuse_downgrade()
