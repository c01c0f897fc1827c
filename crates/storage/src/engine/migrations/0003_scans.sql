-- What paired phones scan: refused scans are told apart, and old presentations are found without reading all.

-- A hash of what was scanned, where a paired phone's scan was refused: tells a reload from another scan.
ALTER TABLE attempts ADD COLUMN scanned BLOB;

CREATE INDEX attempts_by_scan ON attempts (caller, scanned, at) WHERE scanned IS NOT NULL;

CREATE INDEX presentations_by_age ON presentations (seen_at);
