//! `POST /v1/redemptions/{id}/cancellation`

use std::collections::BTreeSet;

use crate::support::{
    Events, SECOND, STEP,
    counter::{COFFEE, Counter, NOODLES, PIN, THEATRE},
};
use futures_util::future::join_all;
use member_domain::{
    Fen,
    wire::{LedgerEntry, ProblemKind, Receipt},
};

const TEN_MINUTES: i64 = 600 * SECOND;

#[tokio::test]
async fn a_shop_takes_its_redemption_back() {
    let counter = Counter::open().await;
    let before = counter.payoff().await;
    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    assert_eq!(counter.payoff().await, (before.0 + 420, before.1 + 1));
    let mut events = Events::open(&counter.app, &counter.member, None).await;
    counter.app.clock.advance_millis(SECOND);

    let answer = counter.cancel(&counter.till, &receipt.id).await.expect(200);
    let cancelled = Receipt { cancelled_at: Some(counter.app.now()), ..receipt.clone() };
    assert_eq!(answer.json::<Receipt>(), cancelled);
    assert_eq!(counter.payoff().await, before, "what was taken back saves nothing");
    let entry = counter.app.ledger(&counter.member).await.redemptions.remove(0);
    assert_eq!((entry.id.as_str(), entry.cancelled_at), (receipt.id.as_str(), cancelled.cancelled_at));
    assert_eq!((entry.bill_fen, entry.saved_fen), (Fen(4_200), Fen(420)));
    let event = events.next().await;
    assert_eq!(event.name, "redemption");
    assert_eq!(serde_json::from_value::<LedgerEntry>(event.data).unwrap(), entry);

    // The code stays used, and a retry of the redemption reports the cancellation.
    counter.app.clock.advance_millis(-SECOND);
    let code = counter.code(0);
    counter.app.redeem(&counter.till, "2", &code, 4_200).await.problem(ProblemKind::CodeUsed);
    assert_eq!(counter.app.redeem(&counter.till, "1", &code, 4_200).await.expect(201).json::<Receipt>(), cancelled);
}

#[tokio::test]
async fn repeating_it_gives_the_same_answer_even_when_it_is_late() {
    let counter = Counter::open().await;
    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    let first = counter.cancel(&counter.till, &receipt.id).await.expect(200).text();
    let after = counter.payoff().await;
    for millis in [1, TEN_MINUTES, 24 * TEN_MINUTES] {
        counter.app.clock.advance_millis(millis);
        assert_eq!(counter.cancel(&counter.till, &receipt.id).await.expect(200).text(), first);
    }
    assert_eq!(counter.payoff().await, after);
}

#[tokio::test]
async fn it_can_be_taken_back_for_ten_minutes() {
    let counter = Counter::open().await;
    let first = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    counter.app.clock.advance_millis(TEN_MINUTES + 1 - STEP);
    let second = counter.app.redeem_now(&counter.till, "2", &counter.device, 4_200).await;
    counter.app.clock.advance_millis(STEP);
    let before = counter.payoff().await;
    let problem = counter.cancel(&counter.till, &first.id).await.problem(ProblemKind::Conflict);
    assert!(problem.detail.unwrap().contains("settle it with the member"), "it says what to do");
    assert_eq!(counter.payoff().await, before);
    assert_eq!(counter.app.ledger(&counter.member).await.redemptions[1].cancelled_at, None);
    counter.app.clock.advance_millis(TEN_MINUTES - STEP);
    counter.cancel(&counter.till, &second.id).await.expect(200);
}

#[tokio::test]
async fn only_the_shop_that_redeemed_takes_it_back_with_any_terminal() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let receipt = app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    let theatre = app.terminal(THEATRE).await;
    for id in [receipt.id.as_str(), "000000000000", "%2e%2e", "%FF", &receipt.id.to_lowercase()] {
        counter.cancel(&theatre, id).await.problem(ProblemKind::NotFound);
    }
    counter.cancel(&counter.till, "000000000000").await.problem(ProblemKind::NotFound);
    counter.cancel(&counter.member, &receipt.id).await.problem(ProblemKind::Unauthorized);
    assert_eq!(app.ledger(&counter.member).await.redemptions[0].cancelled_at, None);
    counter.cancel(&app.terminal(COFFEE).await, &receipt.id).await.expect(200);
}

#[tokio::test]
async fn a_redemption_by_pin_is_taken_back_by_the_shops_till() {
    let counter = Counter::open().await;
    let receipt: Receipt = counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201).json();
    let noodles = counter.app.terminal(NOODLES).await;
    let cancelled: Receipt = counter.cancel(&noodles, &receipt.id).await.expect(200).json();
    let again: Receipt = counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201).json();
    assert_eq!(again, cancelled);
    assert!(again.cancelled_at.is_some());
}

#[tokio::test]
async fn of_64_at_once_one_takes_it_back_and_all_say_the_same() {
    let counter = Counter::open().await;
    let before = counter.payoff().await;
    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    let mut events = Events::open(&counter.app, &counter.member, None).await;
    let answers = join_all((0..64).map(|_| counter.cancel(&counter.till, &receipt.id))).await;
    let said: BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(200).text()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(counter.payoff().await, before);
    counter.app.clock.advance_millis(STEP);
    let next = counter.app.redeem_now(&counter.till, "2", &counter.device, 4_200).await;
    assert_eq!(events.next().await.data["id"], receipt.id.as_str());
    // Events come in order, so a second event about the first redemption would be here.
    assert_eq!(events.next().await.data["id"], next.id.as_str());
    let cancelled: Vec<_> = counter.attempts().into_iter().filter(|attempt| attempt.outcome == "cancelled").collect();
    assert_eq!(cancelled.len(), 64);
    assert_eq!(cancelled.iter().filter(|attempt| attempt.replayed == "0").count(), 1);
    assert!(cancelled.iter().all(|attempt| attempt.redemption_id == receipt.id && attempt.bill_fen == "4200"));
}
