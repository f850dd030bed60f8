"""SQL of what an account has."""

FUNDS = """
SELECT balance_nano, held_nano, coalesce(owed_nano, 0) AS owed_nano, open_jobs, status
FROM account LEFT JOIN receivable ON receivable.account_id = account.id
WHERE account.id = $1
"""

LOTS = """
SELECT id, kind, original_nano, remaining_nano, taken_back_nano, expires_at, paid_minor, paid_currency, reference,
       created_at
FROM lot
WHERE account_id = $1 AND ($2::uuid IS NULL OR id < $2) AND (NOT $3 OR remaining_nano > 0)
ORDER BY id DESC LIMIT $4
"""
