"""SQL of finding accounts."""

_COLUMNS = """
SELECT account.id, coalesce(email, '') AS email, coalesce(name, '') AS name, status, status_reason, balance_nano,
       held_nano, coalesce(owed_nano, 0) AS owed_nano, open_jobs, created_at
FROM account
LEFT JOIN account_contact ON account_contact.account_id = account.id
LEFT JOIN receivable ON receivable.account_id = account.id
WHERE ($1::uuid IS NULL OR account.id < $1) AND ($2::text IS NULL OR status = $2)
  AND ($3::bigint IS NULL OR balance_nano >= $3) AND ($4::bigint IS NULL OR balance_nano <= $4)
"""

ALL = f"{_COLUMNS} ORDER BY account.id DESC LIMIT $5"

# Each of the parts has an index; together they find a handful.
_MATCH = """
  AND account.id IN (
    SELECT $6::uuid
    UNION ALL SELECT account_id FROM account_contact WHERE lower(email) LIKE $7::text
    UNION ALL SELECT account_id FROM account_contact WHERE lower(name) LIKE $7::text AND name <> ''
    UNION ALL SELECT account_id FROM api_key WHERE prefix LIKE $8::text
    UNION ALL
    SELECT account_id FROM member JOIN person ON person.id = person_id
    WHERE lower(person.email) = $9::text AND person.status <> 'erased'
  )
"""

MATCHING = f"{_COLUMNS} {_MATCH} ORDER BY account.id DESC LIMIT $5"
