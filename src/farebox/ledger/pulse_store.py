"""SQL of how the deployment is doing just now."""

CALLS = """
SELECT ended, failed, (SELECT count(*) FROM refusal WHERE id >= $1) AS refused,
       (SELECT count(*) FROM hold) AS open_jobs
FROM (
    SELECT count(*) AS ended,
           count(*) FILTER (WHERE outcome IN ('provider_error', 'provider_cut', 'timeout', 'platform_error')) AS failed
    FROM job WHERE id >= $1
) AS lately
"""

OPEN_CASES = "SELECT kind, count(*) AS count FROM review_case WHERE status = 'open' GROUP BY kind ORDER BY kind"

# Jobs whose adjustment nobody has decided on are counted up to a bound: more is 'many'.
QUEUES = """
SELECT (SELECT count(*) FROM mail WHERE state IN ('waiting', 'sending')) AS waiting_mail,
       (SELECT count(*) FROM (SELECT FROM job WHERE delivery_unknown LIMIT 10000) AS counted) AS delivery_unknown
"""

STOPS = "SELECT scope, target, reason, created_at FROM stop ORDER BY created_at"

WORKERS = """
SELECT id::text AS id, started_at, extract(epoch FROM clock_timestamp() - beat_at)::float8 AS silent_s
FROM worker WHERE dead_at IS NULL ORDER BY started_at
"""
