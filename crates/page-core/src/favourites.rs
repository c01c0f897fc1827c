//! The member's favourite shops on this device, and the changes that the backend does not have yet.

use member_domain::wire::FavouriteChange;

/// The most changes in one request. The backend allows as many.
const MOST_CHANGES: usize = 100;

/// The favourites. Changes work without network and are sent later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FavouriteShops {
    /// Ids, newest first.
    ids: Vec<String>,
    /// Changes that the backend has not confirmed, oldest first, at most one for each shop.
    unsent: Vec<FavouriteChange>,
}

impl FavouriteShops {
    /// The favourites from storage: ids separated by commas, and the unsent changes as [`Self::unsent_text`] writes them.
    /// `unsent` is `None` if this device never reached a backend with favourites: then all ids are unsent.
    pub fn from_storage(ids: &str, unsent: Option<&str>) -> Self {
        let list = |text: &str| -> Vec<String> {
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let ids = list(ids);
        let change = |shop_id: &str, is_favourite| FavouriteChange { shop_id: shop_id.to_owned(), is_favourite };
        let unsent = match unsent {
            None => ids.iter().rev().map(|id| change(id, true)).collect(),
            Some(text) => {
                let changes = list(text);
                let added = |part: &String| part.strip_prefix('+').map(|id| change(id, true));
                let removed = |part: &String| part.strip_prefix('-').map(|id| change(id, false));
                changes.iter().filter_map(|part| added(part).or_else(|| removed(part))).collect()
            }
        };
        Self { ids, unsent }
    }

    /// The ids, newest first.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The ids for storage.
    pub fn ids_text(&self) -> String {
        self.ids.join(",")
    }

    /// The unsent changes for storage: `+ID` or `-ID`, separated by commas.
    pub fn unsent_text(&self) -> String {
        let text =
            |change: &FavouriteChange| format!("{}{}", if change.is_favourite { '+' } else { '-' }, change.shop_id);
        self.unsent.iter().map(text).collect::<Vec<_>>().join(",")
    }

    /// Whether the backend does not have all changes yet.
    pub const fn has_unsent(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// The changes of the next request; none to ask for the favourites of other devices.
    pub fn next_changes(&self) -> Vec<FavouriteChange> {
        self.unsent.iter().take(MOST_CHANGES).cloned().collect()
    }

    /// Adds a shop as the first favourite, or removes it.
    pub fn toggle(&mut self, id: &str) {
        let is_favourite = !self.ids.iter().any(|known| known == id);
        let change = FavouriteChange { shop_id: id.to_owned(), is_favourite };
        apply(&mut self.ids, &change);
        self.unsent.retain(|other| other.shop_id != change.shop_id);
        self.unsent.push(change);
    }

    /// Applies the backend's answer to a request with the changes `sent`. Changes that the member made meanwhile stay.
    pub fn settle(&mut self, sent: &[FavouriteChange], answer: Vec<String>) {
        self.unsent.retain(|change| !sent.contains(change));
        self.ids = answer;
        for change in &self.unsent {
            apply(&mut self.ids, change);
        }
    }
}

fn apply(ids: &mut Vec<String>, change: &FavouriteChange) {
    ids.retain(|other| *other != change.shop_id);
    if change.is_favourite {
        ids.insert(0, change.shop_id.clone());
    }
}
