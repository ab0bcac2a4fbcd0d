SELECT h.year, h.series, h.evaluation, h."group", h.subject, h.indicator, h.rank, h.before_year, h.before_rank, h.gained, h.unsure,
    h.status, h.sources,
    (SELECT '/article/' || m.article || '#m' || m.number FROM mentions m WHERE m.result = h.fact_key LIMIT 1) AS words_at
FROM history_readable h
WHERE h.entity = :place OR h.code = :place
ORDER BY h.year DESC, h.series, h."group"
LIMIT CAST(coalesce(nullif(:rows, ''), 100) AS INTEGER)
