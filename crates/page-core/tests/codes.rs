//! The state machine of the page's codes, event by event.

use member_domain::{CredentialNumber, UnixMillis, wire::ProblemKind};
use page_core::{
    ApiError, Basis, CodeSource, Codes, Credential, LastRequest,
    codes::{Circumstances, Effect, Event},
};
use proptest::prelude::*;

/// The page's time in all cases that do not set another.
const NOW: UnixMillis = UnixMillis(1_795_348_800_000);
const DAY: i64 = 86_400_000;

#[derive(Clone, Debug, PartialEq)]
struct Held {
    number: CredentialNumber,
    card: String,
    expires_at: UnixMillis,
}

impl Credential for Held {
    fn number(&self) -> &CredentialNumber {
        &self.number
    }

    fn card(&self) -> &str {
        &self.card
    }

    fn expires_at(&self) -> UnixMillis {
        self.expires_at
    }
}

fn number(value: u64) -> CredentialNumber {
    CredentialNumber::from_value(value).expect("ten digits")
}

/// A credential of the member's card.
fn held(value: u64) -> Held {
    Held { number: number(value), card: "**** 0042".to_owned(), expires_at: NOW.plus_millis(DAY) }
}

/// The backend reports this credential as the card's active one; 0: that no device is enrolled.
fn with_active(active: u64) -> Circumstances {
    Circumstances {
        basis: Basis::Works((active > 0).then(|| number(active))),
        card: "**** 0042".to_owned(),
        last_request: LastRequest::Answered,
        is_open: true,
        can_sign: true,
        now: Some(NOW),
        monotonic: 5_000.0,
    }
}

fn closed(at: Circumstances) -> Circumstances {
    Circumstances { is_open: false, ..at }
}

/// A page that shows the codes of this credential, which is the card's active one.
fn showing(value: u64) -> Codes<Held> {
    let mut codes = Codes::default();
    codes.update(Event::Changed, &with_active(value));
    assert_eq!(codes.update(Event::Loaded(Some(held(value))), &with_active(value)), [ready(held(value))]);
    codes
}

/// A page whose codes another device has taken over with credential 8.
fn taken_over() -> Codes<Held> {
    let mut codes = showing(7);
    assert_eq!(codes.update(Event::Changed, &with_active(8)), [Effect::Load]);
    codes.update(Event::Loaded(Some(held(7))), &with_active(8));
    let effects = codes.update(Event::Loaded(Some(held(7))), &with_active(8));
    assert_eq!(effects, [Effect::Show(CodeSource::TakenOver)]);
    codes
}

fn ready(credential: Held) -> Effect<Held> {
    Effect::Show(CodeSource::Ready(credential))
}

fn preparing() -> Effect<Held> {
    Effect::Show(CodeSource::Preparing)
}

fn enrol() -> Effect<Held> {
    Effect::Enrol("**** 0042".to_owned())
}

#[test]
fn what_the_member_s_state_says_is_shown() {
    let failed = CodeSource::Failed(ApiError::Problem(ProblemKind::ProgrammeEnded));
    for (basis, shown) in [
        (Basis::Unknown, CodeSource::Preparing),
        (Basis::NoCard, CodeSource::NoCard),
        (Basis::Refused(ApiError::Problem(ProblemKind::ProgrammeEnded)), failed),
        (Basis::TooOld, CodeSource::TooLongOffline),
    ] {
        let at = Circumstances { basis, ..with_active(7) };
        assert_eq!(Codes::<Held>::default().update(Event::Changed, &at), [Effect::Show(shown.clone())]);
        assert_eq!(showing(7).update(Event::Changed, &at), [Effect::Show(shown)], "in the place of a code too");
    }
    let at = Circumstances { can_sign: false, ..with_active(7) };
    assert_eq!(Codes::<Held>::default().update(Event::Changed, &at), [Effect::Show(CodeSource::Unsupported)]);
}

#[test]
fn a_first_visit_enrols_at_once_and_without_asking() {
    let mut codes = Codes::default();
    assert_eq!(codes.update(Event::Changed, &closed(with_active(0))), [preparing(), enrol()]);
    let effects = codes.update(Event::Enrolled(Ok(held(7))), &closed(with_active(0)));
    assert_eq!(effects, [Effect::Store(held(7)), ready(held(7))]);
}

#[test]
fn a_later_visit_takes_the_stored_credential() {
    let mut codes = Codes::default();
    // This works before the first answer of the backend too: the page opens offline.
    let at = Circumstances { last_request: LastRequest::Pending, ..with_active(7) };
    assert_eq!(codes.update(Event::Changed, &at), [preparing(), Effect::Load]);
    assert_eq!(codes.update(Event::Loaded(Some(held(7))), &at), [ready(held(7))]);
    assert_eq!(codes.update(Event::Changed, &at), [], "nothing is done over");
}

#[test]
fn a_stored_credential_of_another_card_is_of_no_use() {
    let mut codes = Codes::default();
    codes.update(Event::Changed, &with_active(7));
    let other = Held { card: "**** 0043".to_owned(), ..held(7) };
    assert_eq!(codes.update(Event::Loaded(Some(other.clone())), &with_active(7)), [enrol()]);
    // Such a credential does not count as one that another device has ended.
    let mut codes = Codes::default();
    codes.update(Event::Changed, &closed(with_active(8)));
    assert_eq!(codes.update(Event::Loaded(Some(other.clone())), &closed(with_active(8))), []);
    // A credential of another card is not used from another tab either.
    let mut codes = showing(7);
    codes.update(Event::Changed, &with_active(8));
    codes.update(Event::Loaded(None), &with_active(8));
    let effects = codes.update(Event::Loaded(Some(Held { card: other.card, ..held(8) })), &with_active(8));
    assert_eq!(effects, [Effect::Show(CodeSource::TakenOver)]);
}

#[test]
fn one_that_has_expired_is_replaced() {
    let expired = Held { expires_at: NOW, ..held(7) };
    let mut codes = Codes::default();
    codes.update(Event::Changed, &with_active(7));
    assert_eq!(codes.update(Event::Loaded(Some(expired.clone())), &with_active(7)), [enrol()]);
    // Without the time, the page cannot check the expiry; the backend refuses an expired credential.
    let at = Circumstances { now: None, ..with_active(7) };
    let mut codes = Codes::default();
    codes.update(Event::Changed, &at);
    assert_eq!(codes.update(Event::Loaded(Some(expired.clone())), &at), [ready(expired)]);
}

#[test]
fn time_replaces_it_when_it_ends_and_not_before() {
    let mut codes = showing(7);
    let at = |millis| Circumstances { now: Some(NOW.plus_millis(millis)), ..with_active(7) };
    assert_eq!(codes.update(Event::TimePassed, &at(DAY - 1)), []);
    assert_eq!(codes.update(Event::TimePassed, &at(DAY)), [Effect::Load]);
    assert_eq!(codes.update(Event::Loaded(None), &at(DAY)), [enrol()]);
}

#[test]
fn a_new_device_enrols_once_the_member_asks_for_a_code() {
    let mut codes = Codes::default();
    codes.update(Event::Changed, &closed(with_active(8)));
    assert_eq!(codes.update(Event::Loaded(None), &closed(with_active(8))), [], "the other device keeps the codes");
    assert_eq!(codes.update(Event::Changed, &with_active(8)), [preparing(), Effect::Load]);
    assert_eq!(codes.update(Event::Loaded(None), &with_active(8)), [enrol()]);
}

#[test]
fn what_was_kept_does_not_say_who_has_the_codes() {
    for (last_request, is_open, effects) in [
        (LastRequest::Pending, true, vec![]),
        (LastRequest::Pending, false, vec![]),
        (LastRequest::Failed, false, vec![]),
        (LastRequest::Failed, true, vec![Effect::Show(CodeSource::Failed(ApiError::Unreachable))]),
        (LastRequest::Answered, false, vec![enrol()]),
    ] {
        let at = Circumstances { last_request, is_open, ..with_active(0) };
        let all = [vec![preparing()], effects].concat();
        assert_eq!(Codes::default().update(Event::Changed, &at), all, "{last_request:?}, open: {is_open}");
    }
}

#[test]
fn another_device_takes_over_and_is_taken_over_from() {
    let mut codes = taken_over();
    assert_eq!(codes.update(Event::Changed, &with_active(8)), [Effect::Load], "it is asked about in silence");
    codes.update(Event::Loaded(Some(held(7))), &with_active(8));
    assert_eq!(codes.update(Event::Loaded(None), &with_active(8)), [Effect::Show(CodeSource::TakenOver)]);
    assert_eq!(codes.update(Event::TakeOver, &with_active(8)), [preparing(), preparing(), enrol()]);
    let effects = codes.update(Event::Enrolled(Ok(held(9))), &with_active(8));
    assert_eq!(effects, [Effect::Store(held(9)), ready(held(9))]);
    assert_eq!(codes.update(Event::Changed, &with_active(10)), [Effect::Load], "a take-over happens once");
    // After its storage was cleared, the device still counts as the one that lost the codes.
    let mut codes = taken_over();
    codes.update(Event::Changed, &with_active(8));
    assert_eq!(codes.update(Event::Loaded(None), &with_active(8)), [preparing(), Effect::LoadLater]);
}

#[test]
fn another_tab_of_this_device_is_no_other_device() {
    let mut codes = showing(7);
    codes.update(Event::Changed, &with_active(8));
    let effects = codes.update(Event::Loaded(Some(held(7))), &with_active(8));
    assert_eq!(effects, [preparing(), Effect::LoadLater]);
    assert_eq!(codes.update(Event::Loaded(Some(held(8))), &with_active(8)), [ready(held(8))]);
}

#[test]
fn a_take_over_that_failed_does_not_happen_later() {
    let unreachable = Effect::Show(CodeSource::Failed(ApiError::Unreachable));
    let mut codes = taken_over();
    codes.update(Event::TakeOver, &with_active(8));
    assert_eq!(codes.update(Event::Enrolled(Err(ApiError::Unreachable)), &with_active(8)), [unreachable]);
    let mut open = codes.clone();
    assert_eq!(open.update(Event::Changed, &with_active(8)), [preparing(), enrol()], "the sheet is open: again");
    codes.update(Event::SheetClosed, &closed(with_active(8)));
    assert_eq!(codes.update(Event::Changed, &closed(with_active(8))), [preparing(), Effect::Load]);
}

#[test]
fn a_credential_that_makes_no_codes_is_replaced_when_the_member_tries_again() {
    let mut codes = showing(7);
    let failed = Effect::Show(CodeSource::Failed(ApiError::Unreadable));
    assert_eq!(codes.update(Event::CredentialFailed, &with_active(7)), [failed]);
    assert_eq!(codes.update(Event::Changed, &with_active(7)), [preparing(), enrol()]);
}

#[test]
fn a_backend_that_lags_behind_does_not_end_a_new_credential() {
    let mut codes = Codes::default();
    codes.update(Event::Changed, &with_active(0));
    codes.update(Event::Enrolled(Ok(held(7))), &with_active(0));
    let at = |monotonic| Circumstances { monotonic, ..with_active(0) };
    assert_eq!(codes.update(Event::Changed, &at(64_999.0)), []);
    let elsewhere = Circumstances { basis: with_active(8).basis, ..at(6_000.0) };
    assert_eq!(codes.clone().update(Event::Changed, &elsewhere), [Effect::Load], "another has taken over at once");
    assert_eq!(codes.update(Event::Changed, &at(65_000.0)), [enrol()]);
    // A credential of an earlier visit is replaced at once if the backend reports none.
    assert_eq!(showing(7).update(Event::Changed, &with_active(0)), [enrol()]);
}

#[test]
fn what_changed_meanwhile_is_looked_at_again() {
    let mut codes = Codes::default();
    codes.update(Event::Changed, &with_active(7));
    assert_eq!(codes.update(Event::Changed, &with_active(7)), [], "one search at a time");
    assert_eq!(codes.update(Event::Loaded(Some(held(7))), &with_active(7)), [ready(held(7)), Effect::Recheck]);
    assert_eq!(codes.update(Event::Changed, &with_active(7)), [], "and then it is done");
}

#[test]
fn signed_out_meanwhile_nothing_is_left_behind() {
    let out = Circumstances {
        basis: Basis::Refused(ApiError::Problem(ProblemKind::Unauthorized)),
        card: String::new(),
        ..with_active(0)
    };
    let mut codes = Codes::default();
    codes.update(Event::Changed, &with_active(0));
    assert_eq!(codes.clone().update(Event::Enrolled(Err(ApiError::Unreachable)), &out), []);
    assert_eq!(codes.update(Event::Enrolled(Ok(held(7))), &out), []);
    for found in [Some(held(7)), Some(held(8)), None] {
        let mut codes = Codes::default();
        codes.update(Event::Changed, &with_active(7));
        assert_eq!(codes.update(Event::Loaded(found), &out), []);
    }
}

#[test]
fn another_member_s_card_has_codes_of_its_own() {
    let mut codes = showing(7);
    let at = Circumstances { card: "**** 0043".to_owned(), ..with_active(0) };
    assert_eq!(codes.update(Event::Changed, &at), [preparing(), Effect::Enrol("**** 0043".to_owned())]);
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut codes = showing(7);
    assert_eq!(codes.update(Event::Loaded(Some(held(8))), &with_active(7)), []);
    assert_eq!(codes.update(Event::Changed, &with_active(7)), []);
    let mut enrolling = Codes::default();
    enrolling.update(Event::Changed, &with_active(0));
    assert_eq!(enrolling.update(Event::Loaded(Some(held(7))), &with_active(0)), []);
    assert_eq!(enrolling.update(Event::Changed, &with_active(0)), [], "still enrolling");
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let basis = prop_oneof![
        Just(Basis::Unknown),
        Just(Basis::Refused(ApiError::Problem(ProblemKind::Unauthorized))),
        (0_u64..4).prop_map(|active| with_active(active).basis),
    ];
    let last_request = prop_oneof![Just(LastRequest::Pending), Just(LastRequest::Answered), Just(LastRequest::Failed)];
    (basis, last_request, any::<bool>(), 0.0..200_000.0).prop_map(|(basis, last_request, is_open, monotonic)| {
        Circumstances { basis, last_request, is_open, monotonic, ..with_active(0) }
    })
}

fn events() -> impl Strategy<Value = Event<Held>> {
    let found = || prop_oneof![Just(None), (1_u64..4).prop_map(|value| Some(held(value)))];
    prop_oneof![
        Just(Event::Changed),
        Just(Event::TimePassed),
        Just(Event::SheetClosed),
        Just(Event::TakeOver),
        Just(Event::CredentialFailed),
        found().prop_map(Event::Loaded),
        found().prop_map(|found| Event::Enrolled(found.ok_or(ApiError::Unreachable))),
    ]
}

proptest! {
    /// Any events in any order.
    #[test]
    fn no_code_is_shown_for_a_card_that_does_not_work(
        history in prop::collection::vec((events(), circumstances()), 1..40)
    ) {
        let mut codes = Codes::default();
        let mut waits = false;
        for (event, at) in history {
            // Results arrive only after a request.
            if matches!(event, Event::Loaded(_) | Event::Enrolled(_)) && !std::mem::take(&mut waits) {
                continue;
            }
            let effects = codes.update(event.clone(), &at);
            let asked = effects
                .iter()
                .filter(|effect| matches!(effect, Effect::Load | Effect::LoadLater | Effect::Enrol(_)))
                .count();
            prop_assert!(asked <= 1 && !(waits && asked > 0), "one request at a time: {effects:?}");
            waits |= asked > 0;
            for effect in &effects {
                if let Effect::Show(CodeSource::Ready(_)) | Effect::Store(_) | Effect::Enrol(_) = effect {
                    prop_assert!(matches!(at.basis, Basis::Works(_)), "{event:?} gave {effects:?}");
                }
            }
        }
    }
}
