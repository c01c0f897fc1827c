//! Finds payments that two members have. A refund goes back to its payment, so a payment belongs to one member.

use std::collections::{HashMap, hash_map::Entry};

use member_storage::HeldCard;

use super::fault::Faults;

const ADVICE: &str = "each payment has its own number; if a spreadsheet has changed the numbers, format the column as \
                      text, enter them again and export it again";

/// The payments of a file: channel and number, with the member and the line of the first row.
#[derive(Default)]
pub(super) struct Payments(HashMap<(String, String), (String, u64)>);

impl Payments {
    /// Adds the payment of a row. It is a fault if an earlier row has it.
    pub(super) fn add(&mut self, (channel, reference): (&str, &str), member: &str, line: u64, faults: &mut Faults) {
        match self.0.entry((channel.to_owned(), reference.to_owned())) {
            Entry::Vacant(entry) => {
                entry.insert((member.to_owned(), line));
            }
            Entry::Occupied(entry) => {
                let first = entry.get().1;
                faults.add(line, Some("payment_reference"), format!("the same payment is on line {first}: {ADVICE}"));
            }
        }
    }

    /// Compares the payments with those of stored cards that the file does not change.
    pub(super) fn compare<'a>(&self, cards: impl Iterator<Item = &'a HeldCard>, faults: &mut Faults) {
        for card in cards {
            let Some(reference) = &card.payment_reference else { continue };
            let known = self.0.get(&(card.paid_through.clone(), reference.clone()));
            if let Some((_, line)) = known.filter(|(member, _)| *member != card.member_id) {
                let reason = format!("another member has this payment, for card {}: {ADVICE}", card.number);
                faults.add(*line, Some("payment_reference"), reason);
            }
        }
    }
}
