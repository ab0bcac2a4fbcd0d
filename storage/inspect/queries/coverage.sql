SELECT evaluation, series, year, "group", subject, indicator, announced, captured, missing, bounded, judged, clashing, results, disputed
FROM coverage_readable
WHERE series = :series AND year = CAST(:year AS INTEGER)
ORDER BY "group", subject, indicator
