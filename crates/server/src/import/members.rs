//! Imports members and their cards from a CSV file.

use std::{
    collections::{HashMap, HashSet},
    io::{Cursor, Read},
};

use member_domain::{City, CivilDate, UnixMillis};
use member_storage::{CardRow, DEFAULT_CHANNEL, Database, HeldCard, MemberRow};

use super::{
    calendar::date,
    fault::{Faults, ImportError},
    field::{card_number, channel, fen, id, list, reference, text},
    note::Notes,
    payments::Payments,
    row::Row,
    table::Table,
};

const REQUIRED: [&str; 2] = ["id", "name"];
const OPTIONAL: [&str; 8] = [
    "card_number",
    "programme",
    "valid_from",
    "valid_until",
    "cities",
    "paid_fen",
    "paid_through",
    "payment_reference",
];

/// Adds or updates the members of a CSV file, all or none, and returns their number. A row with a
/// `card_number` needs the `programme` of the card, which must exist. The other columns of a new card default
/// to: valid for a year from today, in every city, paid at the programme's price. For an existing card,
/// values that the file does not give stay unchanged.
pub async fn import_members(database: &Database, bytes: &[u8], now: UnixMillis) -> Result<usize, ImportError> {
    Ok(import_members_from(database, bytes, now).await?.0)
}

/// Adds or updates the members like [`import_members`]. Also returns the notes about the file.
pub(crate) async fn import_members_from(
    database: &Database,
    bytes: &[u8],
    now: UnixMillis,
) -> Result<(usize, Notes), ImportError> {
    let mut programmes = HashSet::new();
    if let Some(mut table) = Table::open(Cursor::new(bytes), &REQUIRED, &OPTIONAL, &mut Faults::default())? {
        while table.advance(&mut Faults::default())? {
            if let Some(name) = table.row().get("programme").filter(|name| !programmes.contains(*name)) {
                let name = name.to_owned();
                if database.programme(name.clone()).await?.is_some() {
                    programmes.insert(name);
                }
            }
        }
    }
    let (mut held, mut cards_of) = (HashMap::new(), HashMap::new());
    for card in database.held_cards().await? {
        cards_of.insert((card.member_id.clone(), card.programme_id.clone()), card.number.clone());
        held.insert(card.number.clone(), card);
    }
    let mut reading = Reading {
        programmes,
        held,
        cards_of,
        today: CivilDate::in_shanghai(now),
        ids: HashMap::new(),
        cards: HashMap::new(),
        payments: Payments::default(),
        faults: Faults::default(),
    };
    let mut notes = Notes::default();
    let mut members = Vec::new();
    if let Some(mut table) = Table::open(Cursor::new(bytes), &REQUIRED, &OPTIONAL, &mut reading.faults)? {
        while table.advance(&mut reading.faults)? {
            let told = Told { channel: table.has("paid_through"), reference: table.has("payment_reference") };
            members.extend(reading.member(&table.row(), told));
        }
        notes = table.into_notes_with_encoding();
    }
    let in_file = |card: &HeldCard| reading.cards.contains_key(&card.number);
    reading.payments.compare(reading.held.values().filter(|card| !in_file(card)), &mut reading.faults);
    let members: Vec<MemberRow> = reading.faults.or_else(members)?;
    let count = members.len();
    database.put_members(members, now).await?;
    Ok((count, notes))
}

/// Which payment columns the file has. An empty field in such a column resets the stored value.
#[derive(Clone, Copy)]
struct Told {
    channel: bool,
    reference: bool,
}

struct Reading {
    programmes: HashSet<String>,
    /// The cards in the database, by number.
    held: HashMap<String, HeldCard>,
    /// The card in the database, by member and programme.
    cards_of: HashMap<(String, String), String>,
    today: CivilDate,
    /// The line of the first row with each id; `cards` has the same for card numbers.
    ids: HashMap<String, u64>,
    cards: HashMap<String, u64>,
    payments: Payments,
    faults: Faults,
}

impl Reading {
    fn member<R: Read>(&mut self, row: &Row<'_, R>, told: Told) -> Option<MemberRow> {
        let member_id = row.required("id", &mut self.faults, id);
        let name = row.required("name", &mut self.faults, text);
        if let Some(first) = row.get("id").and_then(|id| self.ids.insert(id.to_owned(), row.line)) {
            self.faults.add(row.line, Some("id"), format!("the same id is on line {first}"));
        }
        let card = if row.get("card_number").is_some() {
            Some(self.card(row, told)?)
        } else {
            if let Some(column) = OPTIONAL.iter().find(|column| row.get(column).is_some()) {
                self.faults.add(row.line, Some(column), "describes a card, but the row has no card_number");
            }
            None
        };
        Some(MemberRow { id: member_id?, name: name?, card })
    }

    fn card<R: Read>(&mut self, row: &Row<'_, R>, told: Told) -> Option<CardRow> {
        let number = row.required("card_number", &mut self.faults, card_number);
        if let Some(first) = number.clone().and_then(|number| self.cards.insert(number, row.line)) {
            self.faults.add(row.line, Some("card_number"), format!("the same card is on line {first}"));
        }
        let held = number.as_ref().and_then(|number| self.held.get(number));
        if held.is_some_and(|held| Some(held.member_id.as_str()) != row.get("id")) {
            self.faults.add(row.line, Some("card_number"), "another member holds this card");
        }
        let programmes = &self.programmes;
        let programme = row.required("programme", &mut self.faults, |name| {
            programmes
                .get(name)
                .cloned()
                .ok_or("there is no such programme: create it first ('member-server programme put')")
        });
        let existing = row
            .get("id")
            .zip(row.get("programme"))
            .and_then(|(member, programme)| self.cards_of.get(&(member.to_owned(), programme.to_owned())));
        if existing.is_some_and(|existing| Some(existing.as_str()) != row.get("card_number")) {
            self.faults.add(row.line, Some("card_number"), "the member already has another card of this programme");
        }
        let days = held.map(|held| (held.valid_from, held.valid_until));
        let mut card = CardRow {
            number: number.clone().unwrap_or_default(),
            programme_id: programme.clone().unwrap_or_default(),
            valid_from: row.optional("valid_from", &mut self.faults, date),
            valid_until: row.optional("valid_until", &mut self.faults, date),
            cities: None,
            paid: None,
            paid_through: None,
            payment_reference: None,
        };
        if let Some((column, reason)) = ends_before_it_begins(&card, days, self.today) {
            self.faults.add(row.line, Some(column), reason);
        }
        card.cities = row.optional("cities", &mut self.faults, |field| list(field, City::from_name));
        card.paid = row.optional("paid_fen", &mut self.faults, fen);
        let channel = row.optional("paid_through", &mut self.faults, channel);
        let reference = row.optional("payment_reference", &mut self.faults, reference);
        if let Some((reference, member)) = reference.as_deref().zip(row.get("id")) {
            let default = || held.map_or(DEFAULT_CHANNEL, |held| &held.paid_through);
            let given = channel.as_deref().or(told.channel.then_some(DEFAULT_CHANNEL));
            let payment = (given.unwrap_or_else(default), reference);
            self.payments.add(payment, member, row.line, &mut self.faults);
        }
        card.paid_through = told.channel.then(|| channel.unwrap_or_else(|| DEFAULT_CHANNEL.to_owned()));
        card.payment_reference = told.reference.then(|| reference.unwrap_or_default());
        (number.is_some() && programme.is_some()).then_some(card)
    }
}

/// Returns the column and the fault of a card that ends before it begins. `held` has the dates of the
/// existing card.
fn ends_before_it_begins(
    card: &CardRow,
    held: Option<(CivilDate, CivilDate)>,
    today: CivilDate,
) -> Option<(&'static str, String)> {
    let (from, until) = held.map_or_else(
        || card.days_if_new(today),
        |(from, until)| (card.valid_from.unwrap_or(from), card.valid_until.unwrap_or(until)),
    );
    if until >= from {
        None
    } else if card.valid_until.is_some() {
        Some(("valid_until", format!("comes before valid_from, {from}")))
    } else {
        Some(("valid_from", format!("comes after valid_until, {until}")))
    }
}
