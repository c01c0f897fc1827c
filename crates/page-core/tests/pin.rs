//! The state machine of redemptions by PIN, event by event.

use member_domain::{
    Fen, UnixMillis,
    wire::{AttemptAnswer, AttemptState, ProblemKind, Receipt},
};
use page_core::{
    ApiError, PinEntry, PinRefusal, PinState, PinTries,
    pin::{Effect, Event, Try},
};
use proptest::prelude::*;

fn entry() -> PinEntry {
    PinEntry { pin: "4821".to_owned(), bill: Fen(8_400) }
}

fn receipt() -> Receipt {
    Receipt {
        id: "r-1".to_owned(),
        shop_id: "tea".to_owned(),
        member_masked: "林*".to_owned(),
        bill_fen: Fen(8_400),
        saved_fen: Fen(840),
        payable_fen: Fen(7_560),
        redeemed_at: UnixMillis(1_795_348_800_000),
        cancelled_at: None,
    }
}

fn tried(shop: &str, key: &str) -> Try {
    Try { shop: shop.to_owned(), key: key.to_owned() }
}

fn open(tries: &mut PinTries, shop: Option<&str>, stored_key: Option<&str>) -> Vec<Effect> {
    tries.open(shop.map(str::to_owned), stored_key.map(str::to_owned))
}

fn entered(new_key: &str) -> Event {
    Event::Entered { shop: "tea".to_owned(), stored_key: None, new_key: new_key.to_owned(), entry: entry() }
}

fn answered(key: &str, is_first: bool, answer: Result<Receipt, PinRefusal>) -> Event {
    Event::Answered { tried: tried("tea", key), is_first, answer }
}

fn outcome_reported(query_number: u32, state: AttemptState) -> Event {
    let receipt = (state == AttemptState::Done).then(receipt);
    let problem = (state == AttemptState::Refused).then(|| "https://card.example/problems/programme-ended".to_owned());
    Event::OutcomeReported { query_number, answer: Ok(AttemptAnswer { state, receipt, problem, test: None }) }
}

/// The sheet is open for the tea house, and staff have sent a PIN with the key k1.
fn sent() -> PinTries {
    let mut tries = PinTries::default();
    open(&mut tries, Some("tea"), None);
    let effects = tries.update(entered("k1"));
    let send = Effect::Send { tried: tried("tea", "k1"), is_first: true, entry: entry() };
    assert_eq!(effects, [Effect::Store(tried("tea", "k1")), Effect::Show(PinState::Pending), send]);
    tries
}

/// The state of [`sent`] after the answer was lost.
fn lost() -> PinTries {
    let mut tries = sent();
    let effects = tries.update(answered("k1", true, Err(PinRefusal::Other(ApiError::Unreachable))));
    assert_eq!(effects, [Effect::Show(PinState::Querying), query_outcome(1, "k1")]);
    tries
}

fn query_outcome(query_number: u32, key: &str) -> Effect {
    Effect::QueryOutcome { query_number, key: key.to_owned() }
}

fn forget() -> Effect {
    Effect::Forget("tea".to_owned())
}

/// The key of the next try.
fn next_key(mut tries: PinTries) -> String {
    let effects = tries.update(entered("k2"));
    let key = effects.into_iter().find_map(|effect| match effect {
        Effect::Send { tried, .. } => Some(tried.key),
        _ => None,
    });
    key.expect("it is sent")
}

#[test]
fn what_a_first_answer_means() {
    let other = |kind| PinRefusal::Other(ApiError::Problem(kind));
    let settled = |state| vec![forget(), Effect::Show(state)];
    let asked = || vec![Effect::Show(PinState::Querying), query_outcome(1, "k1")];
    let redeemed = Effect::Redeemed { receipt: receipt(), is_open: true };
    for (answer, effects, key) in [
        (Ok(receipt()), vec![forget(), Effect::Show(PinState::Ready), redeemed], "k2"),
        (Err(PinRefusal::Wrong(2)), settled(PinState::Wrong(2)), "k2"),
        (Err(PinRefusal::Locked(60)), settled(PinState::Locked(1)), "k2"),
        (Err(PinRefusal::Locked(61)), settled(PinState::Locked(2)), "k2"),
        (Err(other(ProblemKind::ProgrammeEnded)), settled(PinState::Refused(ProblemKind::ProgrammeEnded)), "k2"),
        (Err(other(ProblemKind::Unauthorized)), settled(PinState::Refused(ProblemKind::Unauthorized)), "k2"),
        // The try may have redeemed. The next one uses the same key, so that both count once.
        (Err(other(ProblemKind::Internal)), asked(), "k1"),
        (Err(other(ProblemKind::Conflict)), asked(), "k1"),
        (Err(PinRefusal::Other(ApiError::Unreachable)), asked(), "k1"),
        (Err(PinRefusal::Other(ApiError::Unreadable)), asked(), "k1"),
    ] {
        let mut tries = sent();
        assert_eq!(tries.update(answered("k1", true, answer.clone())), effects, "{answer:?}");
        assert_eq!(next_key(tries), key, "{answer:?}");
    }
}

#[test]
fn a_refusal_of_a_second_request_says_nothing_about_the_first() {
    let unauthorized = PinRefusal::Other(ApiError::Problem(ProblemKind::Unauthorized));
    for (refusal, state) in [
        (PinRefusal::Wrong(2), PinState::Wrong(2)),
        (PinRefusal::Locked(60), PinState::Locked(1)),
        (unauthorized, PinState::Unknown),
    ] {
        let mut tries = lost();
        assert!(matches!(tries.update(entered("k2"))[2], Effect::Send { is_first: false, .. }));
        assert_eq!(tries.update(answered("k1", false, Err(refusal))), [Effect::Show(state)], "{refusal:?}");
        assert_eq!(next_key(tries), "k1", "{refusal:?}");
    }
}

#[test]
fn what_became_of_a_lost_one_is_asked_until_it_is_known() {
    let mut tries = lost();
    let failed = Event::OutcomeReported { query_number: 1, answer: Err(ApiError::Unreachable) };
    assert_eq!(tries.update(failed), [Effect::Wait { query_number: 1 }]);
    assert_eq!(tries.update(Event::DelayPassed { query_number: 1 }), [query_outcome(1, "k1")]);
    let redeemed = Effect::Redeemed { receipt: receipt(), is_open: true };
    let mut done = tries.clone();
    assert_eq!(
        done.update(outcome_reported(1, AttemptState::Done)),
        [forget(), Effect::Show(PinState::Ready), redeemed]
    );
    assert_eq!(next_key(done), "k2");
    let effects = tries.update(outcome_reported(1, AttemptState::Refused));
    assert_eq!(effects, [forget(), Effect::Show(PinState::Refused(ProblemKind::ProgrammeEnded))]);
    assert_eq!(next_key(tries), "k2");
}

#[test]
fn not_there_is_believed_the_fifth_time() {
    let mut tries = lost();
    for _ in 0..4 {
        assert_eq!(tries.update(outcome_reported(1, AttemptState::Unknown)), [Effect::Wait { query_number: 1 }]);
        tries.update(Event::DelayPassed { query_number: 1 });
    }
    assert_eq!(tries.update(outcome_reported(1, AttemptState::Unknown)), [Effect::Show(PinState::NotArrived)]);
    assert_eq!(next_key(tries), "k1", "it could still arrive");
}

#[test]
fn whoever_is_signed_out_cannot_ask() {
    for kind in [ProblemKind::Unauthorized, ProblemKind::Forbidden] {
        let answer = Err(ApiError::Problem(kind));
        let mut tries = lost();
        assert_eq!(tries.update(Event::OutcomeReported { query_number: 1, answer }), [Effect::Show(PinState::Unknown)]);
        assert_eq!(next_key(tries), "k1");
    }
}

#[test]
fn a_sheet_that_is_opened_again_asks_about_the_try_of_before() {
    let known = [Effect::Show(PinState::Ready), Effect::Show(PinState::Querying), query_outcome(1, "k0")];
    assert_eq!(open(&mut PinTries::default(), Some("tea"), Some("k0")), known, "of the last visit");
    let mut tries = lost();
    open(&mut tries, None, None);
    let again = [Effect::Show(PinState::Ready), Effect::Show(PinState::Querying), query_outcome(2, "k1")];
    assert_eq!(open(&mut tries, Some("tea"), None), again, "of this one, without storage");
    assert_eq!(tries.update(outcome_reported(1, AttemptState::Unknown)), [], "one question at a time");
}

#[test]
fn nobody_waits_for_an_outcome_with_the_sheet_closed() {
    let mut tries = lost();
    open(&mut tries, None, None);
    assert_eq!(tries.clone().update(outcome_reported(1, AttemptState::Unknown)), []);
    let redeemed = Effect::Redeemed { receipt: receipt(), is_open: false };
    assert_eq!(
        tries.clone().update(outcome_reported(1, AttemptState::Done)),
        [forget(), redeemed],
        "but an answer counts"
    );
    let mut waiting = lost();
    waiting.update(outcome_reported(1, AttemptState::Unknown));
    open(&mut waiting, Some("noodles"), None);
    assert_eq!(waiting.update(Event::DelayPassed { query_number: 1 }), []);
    assert_eq!(
        sent_and_closed().update(answered("k1", true, Err(PinRefusal::Wrong(1)))),
        [forget()],
        "nothing is said of it at another shop"
    );
    assert_eq!(sent_and_closed().update(answered("k1", true, Err(PinRefusal::Other(ApiError::Unreachable)))), []);
}

fn sent_and_closed() -> PinTries {
    let mut tries = sent();
    open(&mut tries, Some("noodles"), None);
    tries
}

#[test]
fn an_outcome_counts_once() {
    let mut tries = sent();
    open(&mut tries, None, None);
    open(&mut tries, Some("tea"), None);
    let redeemed = Effect::Redeemed { receipt: receipt(), is_open: true };
    let effects = tries.update(answered("k1", true, Ok(receipt())));
    assert_eq!(effects, [forget(), Effect::Show(PinState::Ready), redeemed]);
    assert_eq!(tries.update(outcome_reported(1, AttemptState::Done)), [], "the same, asked about meanwhile");
}

#[test]
fn the_pin_is_in_no_log() {
    assert_eq!(format!("{:?}", entry()), "PinEntry { bill: Fen(8400), .. }");
}

#[derive(Clone, Debug)]
enum Step {
    Open(Option<&'static str>),
    Take(Event),
}

fn steps() -> impl Strategy<Value = Step> {
    let answers = prop_oneof![
        Just(Ok(receipt())),
        Just(Err(PinRefusal::Wrong(1))),
        Just(Err(PinRefusal::Locked(60))),
        Just(Err(PinRefusal::Other(ApiError::Unreachable))),
        Just(Err(PinRefusal::Other(ApiError::Problem(ProblemKind::Unauthorized)))),
    ];
    let events = prop_oneof![
        (0_u32..1_000_000).prop_map(|key| entered(&key.to_string())),
        answers.prop_map(|answer| answered("", false, answer)),
        Just(outcome_reported(0, AttemptState::Unknown)),
        Just(Event::DelayPassed { query_number: 0 }),
    ];
    let shops = prop_oneof![Just(Some("tea")), Just(Some("noodles")), Just(None)];
    prop_oneof![1 => shops.prop_map(Step::Open), 4 => events.prop_map(Step::Take)]
}

proptest! {
    /// A second key could redeem a second time while the first try is still open.
    #[test]
    fn no_second_key_before_the_outcome_of_the_first_is_known(
        history in prop::collection::vec(steps(), 1..40)
    ) {
        let mut tries = PinTries::default();
        let (mut open_key, mut query_number, mut is_first) = (None::<String>, 0, true);
        for step in history {
            let effects = match (step, &open_key) {
                (Step::Open(shop), _) => open(&mut tries, shop, None),
                (Step::Take(Event::Answered { .. }), None) => continue,
                (Step::Take(Event::Answered { answer, .. }), Some(key)) => {
                    tries.update(answered(key, is_first, answer))
                }
                (Step::Take(Event::OutcomeReported { answer, .. }), _) => {
                    tries.update(Event::OutcomeReported { query_number, answer })
                }
                (Step::Take(Event::DelayPassed { .. }), _) => tries.update(Event::DelayPassed { query_number }),
                (Step::Take(other), _) => tries.update(other),
            };
            for effect in effects {
                match effect {
                    Effect::Send { tried, is_first: first, .. } => {
                        prop_assert!(open_key.as_ref().is_none_or(|key| *key == tried.key));
                        prop_assert_eq!(first, open_key.is_none());
                        (open_key, is_first) = (Some(tried.key), first);
                    }
                    Effect::Forget(_) => open_key = None,
                    Effect::QueryOutcome { query_number: asked, key } => {
                        prop_assert_eq!(Some(&key), open_key.as_ref());
                        query_number = asked;
                    }
                    _ => {}
                }
            }
        }
    }
}
