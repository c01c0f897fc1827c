-- How a programme ends: its announcement, the rule its refunds follow, whom members turn to; refunds with every report
-- about them.

-- 'full' gives back what was paid, 'pro-rata' the share of the days that are left.
ALTER TABLE programmes ADD COLUMN refund_rule TEXT NOT NULL DEFAULT 'full' CHECK (refund_rule IN ('full', 'pro-rata'));
-- The operator's announcement of the end, as text, and the date it bears.
ALTER TABLE programmes ADD COLUMN announced_on TEXT;
ALTER TABLE programmes ADD COLUMN announcement TEXT;
ALTER TABLE programmes ADD COLUMN announcement_en TEXT;
-- Where members get help: an address that starts with https://, a phone number.
ALTER TABLE programmes ADD COLUMN support_url TEXT;
ALTER TABLE programmes ADD COLUMN support_phone TEXT;

-- How a card was paid for: the channel, and the payment's own number there.
ALTER TABLE cards ADD COLUMN paid_through TEXT NOT NULL DEFAULT 'wechat-pay';
ALTER TABLE cards ADD COLUMN payment_reference TEXT;

CREATE INDEX cards_by_programme ON cards (programme_id, number);

-- The refund of a card's price; at most one a card. `id` is the number under which the provider and finance know it.
-- `state`, `provider_reference` and `checked_at` follow from the reports.
CREATE TABLE refunds_2 (
    id                    TEXT PRIMARY KEY,
    card_number           TEXT NOT NULL UNIQUE REFERENCES cards (number),
    programme_id          TEXT NOT NULL REFERENCES programmes (id),
    state                 TEXT NOT NULL CHECK (state IN ('scheduled', 'processing', 'succeeded', 'abnormal', 'closed')),
    amount_fen            INTEGER NOT NULL CHECK (amount_fen > 0),
    rule                  TEXT NOT NULL CHECK (rule IN ('full', 'pro-rata')),
    channel               TEXT NOT NULL,
    -- The payment's number at the channel, as the card had it when the refund was scheduled.
    payment_reference     TEXT,
    -- Within how many working days after accepting it the channel says that the money arrives.
    estimate_working_days INTEGER CHECK (estimate_working_days > 0),
    provider_reference    TEXT,
    scheduled_for         TEXT,
    scheduled_at          INTEGER NOT NULL,
    checked_at            INTEGER NOT NULL,
    -- When finance was given it in the state it is in.
    exported_at           INTEGER
) STRICT;

INSERT INTO refunds_2 (id, card_number, programme_id, state, amount_fen, rule, channel, provider_reference,
                       scheduled_for, scheduled_at, checked_at)
SELECT 'RF' || upper(hex(randomblob(8))), card_number, programme_id, state, amount_fen, 'full', channel,
       provider_reference, scheduled_for,
       COALESCE((SELECT MIN(at) FROM refund_steps WHERE refund_steps.card_number = refunds.card_number), checked_at),
       checked_at
FROM refunds JOIN cards ON cards.number = refunds.card_number;

-- Everything that was ever reported about a refund: by the provider's events, by finance's files, by an operator. What
-- becomes of a report (`fate`) is decided anew whenever another one arrives, so that their order does not matter:
-- 'step' moved the refund on, 'confirms' said what was known, 'refused' is outside the state machine (`reason` says what),
-- 'held' does not match the refund's amount or currency and is never applied.
CREATE TABLE refund_reports (
    seq                INTEGER PRIMARY KEY,
    id                 TEXT NOT NULL UNIQUE,
    -- Tells a report that is sent again from another one under the same id.
    content_hash       BLOB NOT NULL,
    refund_id          TEXT NOT NULL REFERENCES refunds_2 (id),
    source             TEXT NOT NULL CHECK (source IN ('provider', 'results', 'operator')),
    state              TEXT NOT NULL CHECK (state IN ('processing', 'succeeded', 'abnormal', 'closed')),
    amount_fen         INTEGER NOT NULL,
    currency           TEXT NOT NULL,
    provider_reference TEXT,
    occurred_at        INTEGER NOT NULL,
    received_at        INTEGER NOT NULL,
    fate               TEXT NOT NULL CHECK (fate IN ('step', 'confirms', 'refused', 'held')),
    reason             TEXT,
    -- When an operator settled a report without effect, and how.
    reviewed_at        INTEGER,
    review_note        TEXT
) STRICT;

INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency, provider_reference,
                            occurred_at, received_at, fate)
SELECT 'step-' || seq, X'', refunds_2.id, 'operator', refund_steps.state, amount_fen, 'CNY', provider_reference, at, at,
       'step'
FROM refund_steps JOIN refunds_2 ON refunds_2.card_number = refund_steps.card_number
WHERE refund_steps.state <> 'scheduled';

DROP TABLE refund_steps;
DROP TABLE refunds;
ALTER TABLE refunds_2 RENAME TO refunds;

CREATE INDEX refunds_by_programme ON refunds (programme_id, state, id);
CREATE INDEX refund_reports_by_refund ON refund_reports (refund_id, occurred_at);
CREATE INDEX refund_reports_to_review ON refund_reports (seq) WHERE fate IN ('refused', 'held');
