SELECT r.rank, r.entity, r.code, v.outcome, r.subject, r.indicator, r.status, r.sources,
    (SELECT '/article/' || m.article || '#m' || m.number FROM mentions m WHERE m.result = r.fact_key LIMIT 1) AS words_at
FROM evaluations e
JOIN results r ON r.evaluation = e.id AND r."group" = :group
JOIN results_readable v ON v.fact_key = r.fact_key
WHERE e.series = :series AND e.year = CAST(:year AS INTEGER) AND r.status <> 'withdrawn'
ORDER BY r.indicator IS NOT NULL, r.kind <> 'rank', coalesce(r.rank, 10000 + r.top), r.score DESC, r.entity
LIMIT CAST(coalesce(nullif(:rows, ''), 100) AS INTEGER)
