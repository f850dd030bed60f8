"""SQL of what traces tell in sum."""

SUMMARY = """
SELECT kind, count(*) AS count, count(DISTINCT address) AS addresses,
       count(DISTINCT device) FILTER (WHERE device <> '') AS devices,
       coalesce(array_agg(DISTINCT country) FILTER (WHERE country <> ''), '{}') AS countries, max(at) AS last_at
FROM (SELECT * FROM trace WHERE account_id = $1 ORDER BY id DESC LIMIT $2) AS newest
GROUP BY kind ORDER BY kind
"""
