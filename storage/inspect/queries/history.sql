SELECT v.year, v.series, v.evaluation, v.entity, v."group", v.subject, v.outcome, v.indicator, v.status, v.sources,
    (SELECT '/article/' || m.article || '#m' || m.number FROM mentions m WHERE m.result = r.fact_key LIMIT 1) AS words_at
FROM results r
JOIN results_readable v ON v.fact_key = r.fact_key
WHERE (r.entity = :place OR r.code = :place) AND r.status <> 'withdrawn'
ORDER BY v.year DESC, v.series, v."group"
LIMIT CAST(coalesce(nullif(:rows, ''), 100) AS INTEGER)
