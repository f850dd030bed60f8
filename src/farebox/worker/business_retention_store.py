"""SQL of what the business forgets and no other package keeps."""

from datetime import timedelta

from farebox.storage.database import Connection

FORGET_ANSWERS = """
DELETE FROM stored_answer WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM stored_answer WHERE created_at < now() - $1::interval ORDER BY created_at LIMIT $2))
"""


async def forget_answers(connection: Connection, age: timedelta, limit: int) -> int:
    return int((await connection.execute(FORGET_ANSWERS, age, limit)).split()[-1])
