SELECT e.name AS evaluation, e.year, r."group", count(DISTINCT r.entity) AS known,
    count(DISTINCT CASE WHEN r.kind = 'rank' AND r.rank IS NOT NULL AND r.indicator IS NULL THEN r.entity END) AS ranked,
    max(CASE WHEN r.indicator IS NULL THEN r.rank END) AS last_rank, json_extract(e.sample, '$.' || r."group") AS judged,
    count(CASE WHEN r.status = 'disputed' THEN 1 END) AS disputed
FROM evaluations e
JOIN results r ON r.evaluation = e.id AND r.status <> 'withdrawn'
WHERE e.series = :series AND e.year = CAST(:year AS INTEGER)
GROUP BY e.id, r."group"
