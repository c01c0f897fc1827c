-- What browsers reported of the pages' security policies, by the day in Asia/Shanghai. Directives are those that the server
-- knows, and few words of its own, so that a day has some twenty rows at most.
CREATE TABLE security_reports (
    day       TEXT NOT NULL,
    directive TEXT NOT NULL,
    reports   INTEGER NOT NULL,
    PRIMARY KEY (day, directive)
) STRICT, WITHOUT ROWID;
