//! One shop by its id.

use member_domain::CivilDate;

use super::{
    columns::{read, selected},
    record::ShopRecord,
};
use crate::{Database, StorageResult, engine::Guard};

impl Database {
    /// The shop with this id; `None` if there is none. Its `trust` has only the test and `fails_often`.
    pub async fn shop(&self, id: String) -> StorageResult<Option<ShopRecord>> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {} FROM shops WHERE id = ?1", selected()))?;
            let mut rows = statement.query([id])?;
            rows.next()?.map(read).transpose()
        })
        .await
    }

    /// Sets the first day on which a shop no longer takes part; `None` deletes this day. Returns `false` if
    /// there is no such shop.
    pub async fn set_shop_left(&self, id: String, left_on: Option<CivilDate>) -> StorageResult<bool> {
        self.write(Guard::shop(&id), move |transaction| {
            let left_on = left_on.map(|day| day.to_string());
            Ok(transaction.execute("UPDATE shops SET left_on = ?2 WHERE id = ?1", (&id, left_on))? == 1)
        })
        .await
    }
}
