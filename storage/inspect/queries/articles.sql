SELECT a.id AS article, a.title, a.outlet, a.origin, a.published, a.kind, a.run,
    (SELECT count(*) FROM articles c WHERE c.cluster = a.cluster) AS copies,
    (SELECT count(*) FROM mentions m WHERE m.article = a.id) AS mentions, a.url
FROM articles a
ORDER BY a.run DESC
LIMIT CAST(coalesce(nullif(:rows, ''), 100) AS INTEGER)
