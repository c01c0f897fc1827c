//! Shops as they are stored.

use member_domain::{
    Category, City, CivilDate, CodeForm, Discount, Fen, Place, RedeemMethod,
    wire::{Curation, Note, Trust},
};

/// A stored shop.
#[derive(Clone, Debug)]
pub struct ShopRecord {
    /// Stable id.
    pub id: String,
    /// The name on the door.
    pub name: String,
    /// The kind of shop.
    pub category: Category,
    /// The city.
    pub city: City,
    /// The position as published, in WGS 84 or GCJ-02.
    pub place: Place,
    /// The district, as written locally; `None` if not known.
    pub district: Option<String>,
    /// Street and number; `None` if not known.
    pub address: Option<String>,
    /// The discount for members.
    pub discount: Discount,
    /// The phone number; `None` if not known.
    pub phone: Option<String>,
    /// The opening hours as published; `None` if not known.
    pub opening_hours: Option<String>,
    /// The average price of a visit per person, in fen; `None` if not known.
    pub price_per_person: Option<Fen>,
    /// Why the shop is in the list; `None` if no reason is stored.
    pub curation: Option<Curation>,
    /// The published notes from which the shop was picked.
    pub notes: Vec<Note>,
    /// The rules of the discount, in the shop's words; `None` if not known.
    pub discount_rules: Option<String>,
    /// What the discount cannot be combined with, in the shop's words; `None` if not known.
    pub not_combined_with: Option<String>,
    /// The ways in which staff take the code.
    pub redeem_methods: Vec<RedeemMethod>,
    /// The content of the QR code at this shop.
    pub code_form: CodeForm,
    /// The first day on which the shop no longer takes part; `None` if there is no such day.
    pub left_on: Option<CivilDate>,
    /// The pinyin of name, category, district and address. The program computes it; a file never contains it.
    /// `None` if it is not computed yet.
    pub pinyin: Option<String>,
    /// How well redeeming works at the shop.
    pub trust: Trust,
}
