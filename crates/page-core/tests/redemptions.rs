//! The effects of redemptions on the page, event by event.

use member_domain::{Fen, TimeStep, TotpPeriod, UnixMillis, wire::LedgerEntry};
use page_core::redemptions::{Effect, Event, Moment, Redemptions};
use proptest::prelude::*;

/// The page's time when it was mounted. The monotonic clock showed 1,000 then.
const MOUNTED: i64 = 1_795_348_800_000;

/// The instant this many milliseconds after the page was mounted.
fn after(millis: i32) -> Moment {
    Moment { time: Some(UnixMillis(MOUNTED + i64::from(millis))), monotonic: 1_000.0 + f64::from(millis) }
}

/// The instant this many milliseconds after the page was mounted, while the time is unknown.
fn without_time(millis: i32) -> Moment {
    Moment { time: None, ..after(millis) }
}

fn redeemed(id: &str, millis: i32) -> LedgerEntry {
    LedgerEntry {
        id: id.to_owned(),
        shop_id: "sh-coffee".to_owned(),
        shop_name: String::new(),
        bill_fen: Fen(8_400),
        saved_fen: Fen(840),
        payable_fen: Fen(7_560),
        redeemed_at: UnixMillis(MOUNTED + i64::from(millis)),
        cancelled_at: None,
    }
}

fn cancelled(id: &str, millis: i32) -> LedgerEntry {
    LedgerEntry { cancelled_at: Some(UnixMillis(MOUNTED + 90_000)), ..redeemed(id, millis) }
}

fn reported(entry: LedgerEntry, now: Moment) -> Event<'static> {
    Event::Reported { entry, now, shown: None, period: None }
}

fn mounted() -> Redemptions {
    Redemptions::mounted_at(1_000.0)
}

/// A page whose sheet was opened ten seconds after it was mounted.
fn opened() -> Redemptions {
    let mut state = mounted();
    assert_eq!(state.update(Event::SheetOpened(after(10_000))), [Effect::Hide]);
    state
}

#[test]
fn a_redemption_while_the_sheet_is_open_is_its_result() {
    let entry = redeemed("a", 12_000);
    let effects = opened().update(reported(entry.clone(), after(12_300)));
    assert_eq!(effects, [Effect::Announce(entry.clone()), Effect::Refresh, Effect::Show(entry)]);
}

#[test]
fn what_was_redeemed_before_is_no_result() {
    for (what, millis, effects) in [
        ("while the page was up", 9_499, vec!["announce", "refresh"]),
        ("as exact as tills are", 9_500, vec!["announce", "refresh", "show"]),
        ("before the page", -501, vec!["refresh"]),
        ("as exact as that", -500, vec!["announce", "refresh"]),
    ] {
        let seen: Vec<_> = opened().update(reported(redeemed("a", millis), after(20_000))).iter().map(name).collect();
        assert_eq!(seen, effects, "{what}");
    }
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Show(_) => "show",
        Effect::Hide => "hide",
        Effect::Announce(_) => "announce",
        Effect::Refresh => "refresh",
        Effect::MarkUsed(_) => "spend",
    }
}

#[test]
fn a_redemption_is_news_once() {
    let mut state = opened();
    assert_eq!(state.update(reported(redeemed("a", 12_000), after(12_300))).len(), 3);
    assert_eq!(state.update(reported(redeemed("a", 12_000), after(13_800))), []);
    assert_eq!(
        state.update(Event::RedeemedByPin { entry: redeemed("b", 14_000), now: after(14_000), is_open: true }).len(),
        3
    );
    assert_eq!(state.update(reported(redeemed("b", 14_000), after(14_100))), [], "the stream tells of one by PIN too");
    // The stream can be faster than the answer to the PIN.
    state.update(reported(redeemed("c", 15_000), after(15_100)));
    let effects =
        state.update(Event::RedeemedByPin { entry: redeemed("c", 15_000), now: after(15_200), is_open: true });
    assert_eq!(effects.iter().map(name).collect::<Vec<_>>(), ["refresh", "show"]);
}

#[test]
fn a_cancellation_shows_where_the_redemption_does_and_is_final() {
    let mut state = opened();
    state.update(reported(redeemed("a", 12_000), after(12_300)));
    let event = |shown| Event::Reported { entry: cancelled("a", 12_000), now: after(91_000), shown, period: None };
    assert_eq!(state.clone().update(event(None)), [Effect::Refresh]);
    assert_eq!(state.clone().update(event(Some("other"))), [Effect::Refresh]);
    assert_eq!(state.update(event(Some("a"))), [Effect::Refresh, Effect::Show(cancelled("a", 12_000))]);
    // An older answer arrives late.
    assert_eq!(state.update(reported(redeemed("a", 12_000), after(92_000))), []);
    assert_eq!(state.update(event(Some("a"))), []);
}

#[test]
fn without_the_time_a_redemption_is_left_for_later() {
    let mut state = opened();
    assert_eq!(state.update(reported(redeemed("a", 12_000), without_time(12_300))), []);
    assert_eq!(state.update(reported(redeemed("a", 12_000), after(13_800))).len(), 3, "it is news still");
}

#[test]
fn a_sheet_that_was_closed_has_no_result() {
    let mut state = opened();
    assert_eq!(state.update(Event::SheetClosed), [Effect::Hide]);
    let effects = state.update(reported(redeemed("a", 12_000), after(12_300)));
    assert_eq!(effects.iter().map(name).collect::<Vec<_>>(), ["announce", "refresh"]);
}

#[test]
fn the_opening_counts_by_the_earlier_of_both_clocks() {
    // When the sheet was opened, the time was an hour ahead; it was corrected since. The monotonic clock gives the
    // right time.
    let mut state = mounted();
    let ahead = Moment { time: Some(UnixMillis(MOUNTED + 3_610_000)), ..after(10_000) };
    state.update(Event::SheetOpened(ahead));
    assert!(state.update(reported(redeemed("a", 12_000), after(12_300))).iter().any(|effect| name(effect) == "show"));
    // The phone slept for a minute, and the monotonic clock stood still. The page's time at the opening is right.
    let mut state = opened();
    let slept = Moment { monotonic: 13_000.0, ..after(72_000) };
    assert!(state.update(reported(redeemed("a", 12_000), slept)).iter().any(|effect| name(effect) == "show"));
    // If the time was unknown at the opening, it is counted back.
    let mut state = mounted();
    state.update(Event::SheetOpened(without_time(10_000)));
    assert!(state.update(reported(redeemed("a", 12_000), after(12_300))).iter().any(|effect| name(effect) == "show"));
}

#[test]
fn a_redemption_by_pin_shows_on_its_sheet_while_it_is_recent() {
    for (what, now, is_open, shows) in [
        ("at once", after(12_000), true, true),
        ("the sheet is open for another shop", after(12_000), false, false),
        ("its outcome was known after ten minutes", after(612_000), true, false),
        ("just before", after(611_999), true, true),
        ("nobody knows the time", without_time(12_000), true, true),
    ] {
        let effects = opened().update(Event::RedeemedByPin { entry: redeemed("a", 12_000), now, is_open });
        assert_eq!(effects.iter().any(|effect| name(effect) == "show"), shows, "{what}");
        assert_eq!(name(&effects[0]), "announce", "{what}");
    }
}

#[test]
fn a_code_is_used_up_and_then_the_one_after_it() {
    let period = TotpPeriod::DEFAULT;
    let step = |millis: i32| TimeStep::at(UnixMillis(MOUNTED + i64::from(millis)), period);
    let mut state = opened();
    let mut spend = |id: &str, millis: i32| {
        let entry = redeemed(id, millis);
        let effects = state.update(Event::Reported { entry, now: after(100_000), shown: None, period: Some(period) });
        effects.into_iter().find_map(|effect| if let Effect::MarkUsed(step) = effect { Some(step) } else { None })
    };
    assert_eq!(spend("a", 31_000), Some(step(31_000)));
    // A till redeemed the next step's code within the same period.
    assert_eq!(spend("b", 32_000), Some(step(61_000)));
    // An older redemption arrives late.
    assert_eq!(spend("c", 1_000), None);
    assert_eq!(spend("d", 91_000), Some(step(91_000)));
}

proptest! {
    /// For redemptions in any order and number, each is announced at most once and never after its cancellation, and
    /// steps are used in ascending order.
    #[test]
    fn answers_may_overtake_each_other(
        received in proptest::collection::vec((0_u8..5, any::<bool>(), 0_i32..50_000), 0..40)
    ) {
        let mut state = opened();
        let mut announced = Vec::new();
        let mut gone = Vec::new();
        let mut used_step = None;
        for (id, is_cancelled, now) in received {
            let (id, millis) = (id.to_string(), i32::from(id) * 10_000);
            let entry = if is_cancelled { cancelled(&id, millis) } else { redeemed(&id, millis) };
            let period = Some(TotpPeriod::DEFAULT);
            for effect in state.update(Event::Reported { entry, now: after(now), shown: None, period }) {
                match effect {
                    Effect::Announce(entry) => {
                        prop_assert!(!announced.contains(&entry.id) && !gone.contains(&entry.id));
                        announced.push(entry.id);
                    }
                    Effect::MarkUsed(step) => {
                        prop_assert!(used_step.is_none_or(|used_step| step > used_step));
                        used_step = Some(step);
                    }
                    Effect::Show(_) | Effect::Hide | Effect::Refresh => {}
                }
            }
            if is_cancelled {
                gone.push(id);
            }
        }
    }
}
