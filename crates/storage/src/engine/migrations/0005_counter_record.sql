-- The shops' record at the counter, test codes, and events for members only.

-- The record so far. PINs are entered by members, so that a wrong one says nothing about the shop. What a shop redeemed and did not take back is a success; `attempts` has the failures, of which one
-- row may stand for several.
INSERT INTO shop_days (shop_id, day, redemptions, failures)
SELECT shop_id, day, SUM(redeemed), SUM(failed) FROM (
    SELECT shop_id, date(redeemed_at / 1000 + 28800, 'unixepoch') AS day, 1 AS redeemed, 0 AS failed
    FROM redemptions WHERE cancelled_at IS NULL
    UNION ALL
    SELECT shop_id, date(at / 1000 + 28800, 'unixepoch'), 0, times
    FROM attempts
    WHERE replayed = 0 AND method <> 'pin' AND outcome IN ('code-unknown', 'code-expired', 'code-used', 'invalid-request')
)
GROUP BY shop_id, day;

-- The shops whose record is to be looked at again as days pass: their number decides what that costs, not all shops'.
-- Those that fail often are found by `shops_of_all_cities_by_evidence`.
CREATE INDEX shop_days_with_failures ON shop_days (day, shop_id) WHERE failures > 0;

-- Who used a test code: a paired phone that loads the page again sees the same.
ALTER TABLE shop_tests ADD COLUMN used_by BLOB;

CREATE INDEX shop_tests_by_expiry ON shop_tests (expires_at);

-- A key's outcome may also be that a test code was good, which is neither a redemption nor a problem.
CREATE TABLE idempotency_keys_3 (
    caller        BLOB NOT NULL,
    key           TEXT NOT NULL,
    request_hash  BLOB NOT NULL,
    problem       TEXT,
    redemption_id TEXT REFERENCES redemptions (id),
    created_at    INTEGER NOT NULL,
    tested_at     INTEGER,
    PRIMARY KEY (caller, key),
    CHECK ((problem IS NOT NULL) + (redemption_id IS NOT NULL) + (tested_at IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;

INSERT INTO idempotency_keys_3 (caller, key, request_hash, problem, redemption_id, created_at)
SELECT caller, key, request_hash, problem, redemption_id, created_at FROM idempotency_keys;

DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_3 RENAME TO idempotency_keys;

-- An event for members only. The place is as published, in `coord_system`, where it is known.
CREATE TABLE member_events (
    id           TEXT PRIMARY KEY,
    title        TEXT NOT NULL,
    about        TEXT,
    city         TEXT NOT NULL,
    venue        TEXT NOT NULL,
    district     TEXT,
    address      TEXT,
    lat          REAL,
    lng          REAL,
    coord_system TEXT CHECK (coord_system IN ('wgs84', 'gcj02')),
    shop_id      TEXT REFERENCES shops (id),
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER CHECK (ends_at > starts_at),
    seats        INTEGER NOT NULL CHECK (seats >= 0),
    CHECK ((lat IS NULL) = (lng IS NULL) AND (lat IS NULL) = (coord_system IS NULL))
) STRICT;

CREATE INDEX member_events_by_start ON member_events (starts_at, id);
CREATE INDEX member_events_by_city ON member_events (city, starts_at, id);

-- Who has a seat and who waits for one. `seq` is the order of arrival: it never gives a place out twice. Whoever cancels
-- has no row, and arrives anew by signing up again.
CREATE TABLE event_sign_ups (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id     TEXT NOT NULL REFERENCES member_events (id),
    member_id    TEXT NOT NULL REFERENCES members (id),
    state        TEXT NOT NULL CHECK (state IN ('seat', 'waiting')),
    signed_up_at INTEGER NOT NULL,
    UNIQUE (event_id, member_id)
) STRICT;

CREATE INDEX event_sign_ups_by_state ON event_sign_ups (event_id, state, seq);

-- Pages are also told when a member's place at an event changes.
CREATE TABLE changes_3 (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL CHECK (kind IN ('redemption', 'refund', 'programme', 'credential', 'member-event')),
    member_id     TEXT REFERENCES members (id),
    redemption_id TEXT REFERENCES redemptions (id),
    at            INTEGER NOT NULL,
    event_id      TEXT REFERENCES member_events (id),
    CHECK ((event_id IS NOT NULL) = (kind = 'member-event'))
) STRICT;

INSERT INTO changes_3 (seq, kind, member_id, redemption_id, at)
SELECT seq, kind, member_id, redemption_id, at FROM changes;

-- Numbers that were given out are not given out again, even where their rows are gone: pages go by them.
DELETE FROM sqlite_sequence WHERE name = 'changes_3';
INSERT INTO sqlite_sequence (name, seq) SELECT 'changes_3', seq FROM sqlite_sequence WHERE name = 'changes';

DROP TABLE changes;
ALTER TABLE changes_3 RENAME TO changes;

CREATE INDEX changes_by_member ON changes (member_id, seq);
