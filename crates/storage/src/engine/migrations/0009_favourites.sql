-- Members' favourite shops. A higher place is a later one.
CREATE TABLE favourites (
    member_id TEXT NOT NULL REFERENCES members (id),
    shop_id   TEXT NOT NULL REFERENCES shops (id),
    place     INTEGER NOT NULL,
    PRIMARY KEY (member_id, shop_id)
) STRICT, WITHOUT ROWID;
