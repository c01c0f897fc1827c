-- What happens at a shop's counter: attempts, cancellations, PINs, paired phones.

-- What the QR holds at this shop, and the first day it no longer takes part.
ALTER TABLE shops ADD COLUMN code_form TEXT NOT NULL DEFAULT 'url' CHECK (code_form IN ('url', 'digits'));
ALTER TABLE shops ADD COLUMN left_on TEXT;

-- A redemption that was taken back saves nothing; its code stays used.
ALTER TABLE redemptions ADD COLUMN cancelled_at INTEGER;

CREATE INDEX redemptions_by_shop ON redemptions (shop_id, redeemed_at);

-- A shop's till ('till') or a staff phone that was paired ('phone'). An ended one is refused.
ALTER TABLE terminals ADD COLUMN kind TEXT NOT NULL DEFAULT 'till' CHECK (kind IN ('till', 'phone'));
ALTER TABLE terminals ADD COLUMN ended_at INTEGER;

CREATE INDEX terminals_by_shop ON terminals (shop_id);

-- Makes one phone a terminal of a shop, once and for a short while. Only the code's hash is kept.
CREATE TABLE pairing_codes (
    code_hash  BLOB PRIMARY KEY,
    shop_id    TEXT NOT NULL REFERENCES shops (id),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

-- A code that a paired phone has scanned while it was valid: the bill may be entered in the minutes after.
CREATE TABLE presentations (
    terminal_hash     BLOB NOT NULL REFERENCES terminals (token_hash),
    credential_number TEXT NOT NULL REFERENCES credentials (number),
    step              INTEGER NOT NULL,
    seen_at           INTEGER NOT NULL,
    PRIMARY KEY (terminal_hash, credential_number, step)
) STRICT, WITHOUT ROWID;

-- A shop's PIN as an argon2id hash, the wrong tries since the last right one, and until when they are locked.
CREATE TABLE shop_pins (
    shop_id      TEXT PRIMARY KEY REFERENCES shops (id),
    pin_hash     TEXT NOT NULL,
    set_at       INTEGER NOT NULL,
    failures     INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER
) STRICT, WITHOUT ROWID;

-- Every attempt to redeem, however it ended: 'done', 'cancelled', or the name of a problem. `times` counts attempts that
-- were turned away unread by a rate limit. `replayed` is 1 where an Idempotency-Key got its first answer again.
CREATE TABLE attempts (
    seq               INTEGER PRIMARY KEY,
    at                INTEGER NOT NULL,
    shop_id           TEXT NOT NULL REFERENCES shops (id),
    method            TEXT NOT NULL CHECK (method IN ('till', 'phone', 'pin')),
    caller            BLOB NOT NULL,
    idempotency_key   TEXT,
    credential_number TEXT,
    bill_fen          INTEGER,
    outcome           TEXT NOT NULL,
    redemption_id     TEXT REFERENCES redemptions (id),
    replayed          INTEGER NOT NULL DEFAULT 0,
    times             INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX attempts_by_shop ON attempts (shop_id, at);

-- Callers of requests to redeem are terminals (their token's hash) or members at a shop with a PIN (a hash of their id).
CREATE TABLE idempotency_keys_2 (
    caller        BLOB NOT NULL,
    key           TEXT NOT NULL,
    request_hash  BLOB NOT NULL,
    problem       TEXT,
    redemption_id TEXT REFERENCES redemptions (id),
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (caller, key),
    CHECK ((problem IS NULL) <> (redemption_id IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO idempotency_keys_2 (caller, key, request_hash, problem, redemption_id, created_at)
SELECT terminal_hash, key, request_hash, problem, redemption_id, created_at FROM idempotency_keys;

DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_2 RENAME TO idempotency_keys;

-- Pages are also told when another device of the card takes over, and when a redemption is taken back.
CREATE TABLE changes_2 (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL CHECK (kind IN ('redemption', 'refund', 'programme', 'credential')),
    member_id     TEXT REFERENCES members (id),
    redemption_id TEXT REFERENCES redemptions (id),
    at            INTEGER NOT NULL
) STRICT;

INSERT INTO changes_2 (seq, kind, member_id, redemption_id, at)
SELECT seq, kind, member_id, redemption_id, at FROM changes;

DROP TABLE changes;
ALTER TABLE changes_2 RENAME TO changes;

CREATE INDEX changes_by_member ON changes (member_id, seq);
