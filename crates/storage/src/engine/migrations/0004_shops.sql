-- Shops at the size of a city: found by place and by text, with their evidence and their record at the counter.

-- `seq` is the shop's key in `shop_places`. `search` is what a text is looked for in, written by the program.
ALTER TABLE shops ADD COLUMN seq INTEGER;
ALTER TABLE shops ADD COLUMN pinyin TEXT;
ALTER TABLE shops ADD COLUMN search TEXT;
ALTER TABLE shops ADD COLUMN note_count INTEGER CHECK (note_count >= 0);
ALTER TABLE shops ADD COLUMN praise TEXT;
ALTER TABLE shops ADD COLUMN visited_on TEXT;
ALTER TABLE shops ADD COLUMN visit TEXT CHECK (visit IN ('self-paid', 'invited'));
-- A note a line: its address, then, behind a space, its title.
ALTER TABLE shops ADD COLUMN notes TEXT;
ALTER TABLE shops ADD COLUMN discount_rules TEXT;
ALTER TABLE shops ADD COLUMN not_combined_with TEXT;

-- The shop's record: when a test code was last scanned, and whether it fails so often that it stands behind others.
ALTER TABLE shops ADD COLUMN tested_at INTEGER;
ALTER TABLE shops ADD COLUMN fails_often INTEGER NOT NULL DEFAULT 0 CHECK (fails_often IN (0, 1));

UPDATE shops SET seq = rowid;

CREATE UNIQUE INDEX shops_by_seq ON shops (seq);
CREATE INDEX shops_by_district ON shops (city, district);
-- The order without a place: good records first, then the latest checked; those without evidence last.
CREATE INDEX shops_by_evidence ON shops (city, fails_often, curated_on DESC, id);
CREATE INDEX shops_of_all_cities_by_evidence ON shops (fails_often, curated_on DESC, id);

-- Empty once the program has written the texts of shops from before.
CREATE INDEX shops_without_search ON shops (id) WHERE search IS NULL;

-- Where shops are, in WGS 84. A point is a box without extent.
CREATE VIRTUAL TABLE shop_places USING rtree (seq, min_lat, max_lat, min_lng, max_lng);

INSERT INTO shop_places SELECT seq, wgs84_lat, wgs84_lat, wgs84_lng, wgs84_lng FROM shops;

-- Attempts by day of Asia/Shanghai: how many were redeemed, and how many failed at the counter.
CREATE TABLE shop_days (
    shop_id     TEXT NOT NULL REFERENCES shops (id),
    day         TEXT NOT NULL,
    redemptions INTEGER NOT NULL DEFAULT 0,
    failures    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop_id, day)
) STRICT, WITHOUT ROWID;

-- A code that staff scan to see that scanning works; it redeems nothing. Only its hash is kept.
CREATE TABLE shop_tests (
    code_hash  BLOB PRIMARY KEY,
    shop_id    TEXT NOT NULL REFERENCES shops (id),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
