SELECT e.year, e.series, r.entity, r."group", a.outlet, a.published, m.words,
    '/article/' || m.article || '#m' || m.number AS words_at, a.url
FROM results r
JOIN evaluations e ON e.id = r.evaluation
JOIN mentions m ON m.result = r.fact_key
JOIN articles a ON a.id = m.article
WHERE r.entity = :place OR r.code = :place
ORDER BY e.year DESC, a.published
LIMIT CAST(coalesce(nullif(:rows, ''), 100) AS INTEGER)
