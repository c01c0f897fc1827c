#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
use std::iter;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::{Database, ShopRules};

/// Returns the guard that follows in the list of all. A new variant does not compile until it is in the list.
fn next(guard: Option<&Guard>) -> Option<Guard> {
    let key = || "key".to_owned();
    Some(match guard {
        None => Guard::Credential(CredentialNumber::from_value(1).unwrap()),
        Some(Guard::Credential(_)) => Guard::TestCode([1; 32]),
        Some(Guard::TestCode(_)) => Guard::Member(key()),
        Some(Guard::Member(_)) => Guard::Card(key()),
        Some(Guard::Card(_)) => Guard::Redemption(key()),
        Some(Guard::Redemption(_)) => Guard::Terminal(TokenHash([2; 32])),
        Some(Guard::Terminal(_)) => Guard::PairingCode(TokenHash([3; 32])),
        Some(Guard::PairingCode(_)) => Guard::ShopPin { member_id: Some(key()), shop_id: key() },
        Some(Guard::ShopPin { .. }) => Guard::shop("key"),
        Some(Guard::Shops(_)) => Guard::Catalogue,
        Some(Guard::Catalogue) => Guard::event("key"),
        Some(Guard::Events(_)) => Guard::programme("key"),
        Some(Guard::Programmes(_)) => Guard::refund("key"),
        Some(Guard::Refunds(_)) => Guard::Setting("key"),
        Some(Guard::Setting(_)) => Guard::Count,
        Some(Guard::Count) => return None,
    })
}

/// Whether `key` is the table's primary key, or is unique by an index of all rows; and the type of its values.
const UNIQUE_KEY: &str = "
    SELECT type FROM pragma_table_info(?1) AS own
    WHERE name = ?2 AND (
        (pk = 1 AND NOT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE pk > 1))
        OR EXISTS (SELECT 1 FROM pragma_index_list(?1) AS list
                   WHERE list.\"unique\" AND NOT list.partial
                     AND (SELECT group_concat(name) FROM pragma_index_info(list.name)) = own.name))";

#[test]
fn each_guard_names_at_most_one_row_of_a_table_by_each_key() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("members.sqlite");
    Database::open(&path, ShopRules::NONE).unwrap();
    let connection = Connection::open(&path).unwrap();
    for guard in iter::successors(next(None), |guard| next(Some(guard))) {
        let rows = guard.rows();
        assert_eq!(rows.is_empty(), matches!(guard, Guard::Count), "{guard:?}");
        for GuardRows { table, key, values } in rows {
            let stored: String = connection
                .query_row(UNIQUE_KEY, (table, key), |row| row.get(0))
                .unwrap_or_else(|error| panic!("{guard:?}: {table}.{key}: {error}"));
            for value in values {
                assert_eq!(value.data_type().to_string().to_uppercase(), stored, "{guard:?}");
            }
        }
    }
}

#[test]
fn rows_are_locked_once_and_in_order() {
    let ids = ["b", "a", "b"].map(str::to_owned).to_vec();
    let values = ["a", "b"].map(|id| Value::Text(id.to_owned())).to_vec();
    assert_eq!(Guard::Refunds(ids).rows(), [GuardRows { table: "refunds", key: "id", values }]);
    let of_member = Guard::ShopPin { member_id: Some("m".to_owned()), shop_id: "s".to_owned() };
    // Tries at two shops by one member meet at the member, so the member comes first.
    assert_eq!(of_member.rows().iter().map(|rows| rows.table).collect::<Vec<_>>(), ["members", "shop_pins"]);
    let of_operator = Guard::ShopPin { member_id: None, shop_id: "s".to_owned() };
    assert_eq!(of_operator.rows().iter().map(|rows| rows.table).collect::<Vec<_>>(), ["shop_pins"]);
}
