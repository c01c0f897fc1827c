-- The first schema. Instants are UTC milliseconds, dates are civil dates in Asia/Shanghai ('2026-12-31'), money is fen.

-- A programme members buy cards of. `last_day` is set once its end is announced.
CREATE TABLE programmes (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    name_en    TEXT,
    price_fen  INTEGER NOT NULL CHECK (price_fen >= 0),
    last_day   TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Who is signed in. Only a hash of the token is kept: whoever reads the table cannot sign in with it.
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    member_id  TEXT NOT NULL REFERENCES members (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A member's card; one per programme. `cities` is a list of names separated by ';'.
CREATE TABLE cards (
    number       TEXT PRIMARY KEY,
    member_id    TEXT NOT NULL REFERENCES members (id),
    programme_id TEXT NOT NULL REFERENCES programmes (id),
    valid_from   TEXT NOT NULL,
    valid_until  TEXT NOT NULL,
    cities       TEXT NOT NULL,
    paid_fen     INTEGER NOT NULL CHECK (paid_fen >= 0),
    UNIQUE (member_id, programme_id)
) STRICT;

-- The rotating-code credential of one device. `last_accepted_step` only grows: that makes each code work once.
CREATE TABLE credentials (
    number             TEXT PRIMARY KEY,
    card_number        TEXT NOT NULL REFERENCES cards (number),
    key                BLOB NOT NULL,
    period_millis      INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL,
    ended_at           INTEGER,
    last_accepted_step INTEGER NOT NULL DEFAULT -1
) STRICT;

-- At most one active credential a card.
CREATE UNIQUE INDEX credentials_active ON credentials (card_number) WHERE ended_at IS NULL;

-- `lat`, `lng` are as published, in `coord_system`; `wgs84_lat`, `wgs84_lng` are what distances are computed from.
CREATE TABLE shops (
    id                   TEXT PRIMARY KEY,
    name                 TEXT NOT NULL,
    category             TEXT NOT NULL,
    city                 TEXT NOT NULL,
    lat                  REAL NOT NULL,
    lng                  REAL NOT NULL,
    coord_system         TEXT NOT NULL CHECK (coord_system IN ('wgs84', 'gcj02')),
    wgs84_lat            REAL NOT NULL,
    wgs84_lng            REAL NOT NULL,
    district             TEXT,
    address              TEXT,
    discount_permille    INTEGER NOT NULL CHECK (discount_permille BETWEEN 0 AND 1000),
    phone                TEXT,
    opening_hours        TEXT,
    price_per_person_fen INTEGER,
    curated_reason       TEXT,
    curated_on           TEXT,
    redeem_methods       TEXT NOT NULL,
    CHECK ((curated_reason IS NULL) = (curated_on IS NULL))
) STRICT;

CREATE INDEX shops_by_city ON shops (city, category);

-- A shop's till or phone that may redeem. As with sessions, only the token's hash is kept.
CREATE TABLE terminals (
    token_hash BLOB PRIMARY KEY,
    shop_id    TEXT NOT NULL REFERENCES shops (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Confirmed redemptions. UNIQUE (credential_number, step) is the second lock on "each code once".
CREATE TABLE redemptions (
    seq               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    shop_id           TEXT NOT NULL REFERENCES shops (id),
    card_number       TEXT NOT NULL REFERENCES cards (number),
    credential_number TEXT REFERENCES credentials (number),
    step              INTEGER,
    bill_fen          INTEGER NOT NULL CHECK (bill_fen > 0),
    saved_fen         INTEGER NOT NULL CHECK (saved_fen BETWEEN 0 AND bill_fen),
    redeemed_at       INTEGER NOT NULL,
    UNIQUE (credential_number, step)
) STRICT;

CREATE INDEX redemptions_by_card ON redemptions (card_number, seq);

-- The first outcome of each Idempotency-Key of each terminal: a redemption, or the name of a problem.
CREATE TABLE idempotency_keys (
    terminal_hash BLOB NOT NULL REFERENCES terminals (token_hash),
    key           TEXT NOT NULL,
    request_hash  BLOB NOT NULL,
    problem       TEXT,
    redemption_id TEXT REFERENCES redemptions (id),
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (terminal_hash, key),
    CHECK ((problem IS NULL) <> (redemption_id IS NULL))
) STRICT, WITHOUT ROWID;

-- The refund of a card's price; at most one a card.
CREATE TABLE refunds (
    card_number        TEXT PRIMARY KEY REFERENCES cards (number),
    state              TEXT NOT NULL,
    amount_fen         INTEGER NOT NULL CHECK (amount_fen > 0),
    channel            TEXT NOT NULL,
    provider_reference TEXT,
    scheduled_for      TEXT,
    checked_at         INTEGER NOT NULL
) STRICT;

-- Every state a refund reached.
CREATE TABLE refund_steps (
    seq         INTEGER PRIMARY KEY,
    card_number TEXT NOT NULL REFERENCES refunds (card_number),
    state       TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT;

CREATE INDEX refund_steps_by_card ON refund_steps (card_number, seq);

-- What open pages are told about, in order; written in the same transaction as the change itself. `member_id` is NULL
-- for changes that concern everybody.
CREATE TABLE changes (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL CHECK (kind IN ('redemption', 'refund', 'programme')),
    member_id     TEXT REFERENCES members (id),
    redemption_id TEXT REFERENCES redemptions (id),
    at            INTEGER NOT NULL
) STRICT;

CREATE INDEX changes_by_member ON changes (member_id, seq);

-- Facts about the database itself, such as that it holds demo data.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
