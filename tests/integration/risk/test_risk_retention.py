"""What risk counts leaves with the other fraud data; signals, which hold counts and ids, and payments stay."""

from datetime import timedelta

from tests.support.conduct import Conduct
from tests.support.postgres import TestDatabase

from farebox.domain.policies.conduct import RetentionPolicy
from farebox.domain.policies.risk import RiskPolicy, RiskRule
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.worker.business_retention import BusinessRetention
from farebox.worker.risk_scan import RiskScan


async def test_methods_of_payment_are_forgotten_on_time(database: TestDatabase) -> None:
    """After the policy's days, and not a day before; the payment and the signal that came of it are still there."""
    connection = await connect(database.app_url, application_name="test")
    made = Conduct(connection)
    account = await made.account()
    for days in (4, 6):
        await made.payment(account, fingerprint=f"paid {days}", ago=timedelta(days=days))
        await made.failed_payment(account, fingerprint=f"failed {days}", ago=timedelta(days=days))
    rule = RiskRule(signal="card_testing", threshold=2, window_minutes=14_400)
    await RiskScan(RiskPolicy(rules=(rule,)), IdSource(), get_logger("test")).work(connection)
    retention = BusinessRetention(RetentionPolicy(metadata_days=5), get_logger("test"))
    for _ in range(2):
        await retention.work(connection)
    kept = await connection.fetch("SELECT fingerprint FROM payment WHERE fingerprint <> ''")
    assert [row["fingerprint"] for row in kept] == ["paid 4"]
    assert await connection.fetchval("SELECT array_agg(fingerprint) FROM payment_attempt") == ["failed 4"]
    assert await connection.fetchval("SELECT count(*) FROM payment") == 4
    signal = await connection.fetchrow("SELECT * FROM signal")
    assert signal["measured"] == 2
    assert "failed 4" not in str(dict(signal))
    await connection.close()
