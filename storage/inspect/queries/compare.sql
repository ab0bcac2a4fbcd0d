WITH a AS MATERIALIZED (
    SELECT * FROM results WHERE entity = :a AND kind = 'rank' AND rank IS NOT NULL AND status <> 'withdrawn'
), b AS MATERIALIZED (
    SELECT * FROM results WHERE entity = :b AND kind = 'rank' AND rank IS NOT NULL AND status <> 'withdrawn'
)
SELECT e.series, e.year, a."group", a.subject, a.indicator, a.rank AS rank_a, b.rank AS rank_b, b.rank - a.rank AS a_is_ahead_by,
    (SELECT '/article/' || m.article || '#m' || m.number FROM mentions m WHERE m.result = a.fact_key LIMIT 1) AS words_at
FROM a
JOIN b ON b.evaluation = a.evaluation AND b."group" = a."group" AND b.subject = a.subject AND b.indicator IS a.indicator
JOIN evaluations e ON e.id = a.evaluation
ORDER BY e.year DESC, e.series, a."group"
LIMIT CAST(coalesce(nullif(:rows, ''), 100) AS INTEGER)
