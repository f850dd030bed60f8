"""SQL that counts what an emergency stop meets."""

from typing import Any

RUNNING = """
SELECT count(*) FROM hold LEFT JOIN channel ON channel.id = hold.channel_id
WHERE CASE $1 WHEN 'all' THEN true WHEN 'model' THEN hold.model = $2 WHEN 'channel' THEN channel.name = $2
      ELSE channel.provider = $2 END
"""


async def count_running(connection: Any, scope: str, target: str) -> int:
    found: int = await connection.fetchval(RUNNING, scope, target)
    return found
