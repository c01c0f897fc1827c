//! The way to redeem that worked last at each shop. The code sheet opens with it.

use member_domain::RedeemMethod;

/// The number of shops that are remembered, the latest first.
const SHOPS: usize = 40;

/// The way that worked last, for the latest shops.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkedWays(Vec<(String, RedeemMethod)>);

impl WorkedWays {
    /// Reads the stored text. Lines that it does not understand are left out.
    pub fn from_text(text: &str) -> Self {
        let entry = |line: &str| {
            let (method, shop) = line.split_once(' ')?;
            Some((shop.to_owned(), RedeemMethod::from_name(method).ok()?))
        };
        Self(text.lines().filter_map(entry).take(SHOPS).collect())
    }

    /// The text to store: a line for each shop with the way and the shop's id.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(shop, method)| format!("{} {shop}\n", method.as_str())).collect()
    }

    /// The way that worked last at this shop.
    pub fn at(&self, shop: &str) -> Option<RedeemMethod> {
        self.0.iter().find(|(known, _)| known == shop).map(|(_, method)| *method)
    }

    /// Records that this way worked at this shop.
    pub fn record(&mut self, shop: &str, method: RedeemMethod) {
        self.0.retain(|(known, _)| known != shop);
        self.0.insert(0, (shop.to_owned(), method));
        self.0.truncate(SHOPS);
    }
}
