//! Members and their cards from a CSV file.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
};

use member_domain::{City, CivilDate, UnixMillis};

use super::{
    fault::{Faults, ImportError},
    field::{channel, fen, id, list, reference, text},
    table::{Row, Table},
};
use crate::storage::{CardRecord, DEFAULT_CHANNEL, Database, MemberRow, ProgrammeRecord};

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

/// Adds or updates the members of a CSV file, all or none; answers how many. A row with a `card_number` needs the
/// `programme` the card is of, which must exist; the card's other columns default to: valid from today for a year, in
/// every city, paid at the programme's price. How a card was paid stays as it is where the file has no such column.
pub async fn import_members(database: &Database, bytes: &[u8], now: UnixMillis) -> Result<usize, ImportError> {
    let mut programmes = HashMap::new();
    if let Some(mut table) = Table::open(Cursor::new(bytes), &REQUIRED, &OPTIONAL, &mut Faults::default())? {
        while table.advance(&mut Faults::default())? {
            if let Some(name) = table.row().get("programme").filter(|name| !programmes.contains_key(*name)) {
                let name = name.to_owned();
                if let Some(programme) = database.programme(name.clone()).await? {
                    programmes.insert(name, programme);
                }
            }
        }
    }
    let (mut holders, mut cards_of) = (HashMap::new(), HashMap::new());
    for (number, member, programme) in database.card_holders().await? {
        cards_of.insert((member.clone(), programme), number.clone());
        holders.insert(number, member);
    }
    let mut reading = Reading {
        programmes,
        holders,
        cards_of,
        today: CivilDate::in_shanghai(now),
        ids: HashMap::new(),
        cards: HashMap::new(),
        faults: Faults::default(),
    };
    let mut members = Vec::new();
    if let Some(mut table) = Table::open(Cursor::new(bytes), &REQUIRED, &OPTIONAL, &mut reading.faults)? {
        while table.advance(&mut reading.faults)? {
            let told = Told { channel: table.has("paid_through"), reference: table.has("payment_reference") };
            members.extend(reading.member(&table.row(), told));
        }
    }
    let members: Vec<MemberRow> = reading.faults.or_else(members)?;
    let count = members.len();
    database.put_members(members, now).await?;
    Ok(count)
}

/// Which columns on how cards were paid the file has.
#[derive(Clone, Copy)]
struct Told {
    channel: bool,
    reference: bool,
}

struct Reading {
    programmes: HashMap<String, ProgrammeRecord>,
    /// Who holds which card number in the database.
    holders: HashMap<String, String>,
    /// The card each member has of each programme in the database.
    cards_of: HashMap<(String, String), String>,
    today: CivilDate,
    /// The line each id and each card number was first seen on.
    ids: HashMap<String, u64>,
    cards: HashMap<String, u64>,
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

    fn card<R: Read>(&mut self, row: &Row<'_, R>, told: Told) -> Option<CardRecord> {
        let number = row.required("card_number", &mut self.faults, card_number);
        if let Some(first) = number.clone().and_then(|number| self.cards.insert(number, row.line)) {
            self.faults.add(row.line, Some("card_number"), format!("the same card is on line {first}"));
        }
        let holder = number.as_ref().and_then(|number| self.holders.get(number));
        if holder.is_some_and(|holder| Some(holder.as_str()) != row.get("id")) {
            self.faults.add(row.line, Some("card_number"), "another member holds this card");
        }
        let programmes = &self.programmes;
        let programme = row.required("programme", &mut self.faults, |name| {
            programmes.get(name).ok_or("there is no such programme: create it first ('member-server programme put')")
        });
        let existing = row
            .get("id")
            .zip(row.get("programme"))
            .and_then(|(member, programme)| self.cards_of.get(&(member.to_owned(), programme.to_owned())));
        if existing.is_some_and(|existing| Some(existing.as_str()) != row.get("card_number")) {
            self.faults.add(row.line, Some("card_number"), "the member already has another card of this programme");
        }
        let today = self.today;
        let valid_from = row.optional("valid_from", &mut self.faults, str::parse).unwrap_or(today);
        let valid_until =
            row.optional("valid_until", &mut self.faults, str::parse).unwrap_or_else(|| valid_from.plus_days(364));
        if valid_until < valid_from {
            self.faults.add(row.line, Some("valid_until"), format!("comes before valid_from, {valid_from}"));
        }
        let cities = row.optional("cities", &mut self.faults, |field| list(field, City::from_name));
        let paid = row.optional("paid_fen", &mut self.faults, fen);
        let channel = row.optional("paid_through", &mut self.faults, channel);
        let reference = row.optional("payment_reference", &mut self.faults, reference);
        let programme = programme?;
        Some(CardRecord {
            number: number?,
            programme_id: programme.id.clone(),
            valid_from,
            valid_until,
            cities: cities.unwrap_or_else(|| City::ALL.to_vec()),
            paid: paid.unwrap_or(programme.price),
            paid_through: told.channel.then(|| channel.unwrap_or_else(|| DEFAULT_CHANNEL.to_owned())),
            payment_reference: told.reference.then(|| reference.unwrap_or_default()),
        })
    }
}

fn card_number(field: &str) -> Result<String, &'static str> {
    let valid = field.len() == 12 && field.bytes().all(|byte| byte.is_ascii_digit());
    if valid { Ok(field.to_owned()) } else { Err("a card number has exactly 12 digits") }
}
