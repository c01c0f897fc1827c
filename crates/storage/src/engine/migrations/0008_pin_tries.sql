-- Tries of shops' PINs by members: those that are not decided yet, and the wrong ones of the last day, by which a member who
-- guesses at many shops is found. A try that nobody decides within a minute, since its server was killed, counts as wrong.
CREATE TABLE pin_tries (
    id      INTEGER PRIMARY KEY,
    shop_id TEXT NOT NULL REFERENCES shops (id),
    caller  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('pending', 'wrong'))
) STRICT;

CREATE INDEX pin_tries_by_caller ON pin_tries (caller, at);
CREATE INDEX pin_tries_pending ON pin_tries (shop_id, at) WHERE state = 'pending';
CREATE INDEX pin_tries_by_age ON pin_tries (at);
