SELECT name, series, year, state, due, week, days_late, night
FROM expected_readable
ORDER BY state = 'overdue' DESC, state = 'seen', due
