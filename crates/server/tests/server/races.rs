//! Many tills at once, over HTTP: in any order, a code is redeemed once.

use std::sync::Arc;

use crate::support::{Answer, Caller, Device, STEP, TestApp};
use futures_util::future::join_all;
use member_domain::wire::{ProblemKind, Receipt};

const SHOP: &str = "sh-wutongli-coffee";
/// Tries of one code in one round.
const TRIES: usize = 64;
/// Rounds before the terminal changes. A till has a rate limit, and no real till sends this many requests.
const ROUNDS_A_TERMINAL: usize = 2;

/// A demo server with one enrolled member, and possibly more servers on its database.
struct Race {
    servers: Vec<Arc<TestApp>>,
    member: Caller,
    device: Device,
    till: Caller,
    redeemed: u32,
}

impl Race {
    async fn between(servers: usize) -> Self {
        let first = TestApp::demo().await;
        let member = first.sign_in("active").await;
        let device = first.enrol(&member).await;
        let till = first.terminal(SHOP).await;
        let redeemed = first.me(&member).await.payoff.unwrap().redemptions;
        let mut all = vec![Arc::new(first)];
        while all.len() < servers {
            all.push(Arc::new(all[0].beside().await));
        }
        Self { servers: all, member, device, till, redeemed }
    }

    /// Moves on to the next code and, every few rounds, to the next terminal.
    async fn next_round(&mut self, round: usize) {
        self.servers[0].clock.advance_millis(STEP);
        if round.is_multiple_of(ROUNDS_A_TERMINAL) {
            self.till = self.servers[0].terminal(SHOP).await;
        }
    }

    /// Tries the current code once with each of these keys, all at once, alternating between the servers.
    async fn try_all(&self, keys: Vec<String>) -> Vec<Answer> {
        let code = self.device.code_at(self.servers[0].now());
        let tries = keys.into_iter().zip(self.servers.iter().cycle()).map(|(key, server)| {
            let (server, till, code) = (Arc::clone(server), self.till.clone(), code.clone());
            tokio::spawn(async move { server.redeem(&till, &key, &code, 4_200).await })
        });
        // Collected first, so that all tries run before the first is awaited.
        let tries: Vec<_> = tries.collect();
        join_all(tries).await.into_iter().map(Result::unwrap).collect()
    }

    /// At every server, the ledger has grown by exactly this redemption.
    async fn grown_by(&mut self, receipt: &Receipt) {
        self.redeemed += 1;
        for server in &self.servers {
            assert_eq!(server.me(&self.member).await.payoff.unwrap().redemptions, self.redeemed);
            let ledger = server.ledger(&self.member).await;
            assert_eq!(ledger.redemptions[0].id, receipt.id);
            assert_eq!(ledger.redemptions.iter().filter(|entry| entry.id == receipt.id).count(), 1);
        }
    }

    /// Every try has its own key: one is confirmed, all others learn that the code is used.
    async fn rounds_of_rivals(&mut self, rounds: usize) {
        for round in 0..rounds {
            self.next_round(round).await;
            let answers = self.try_all((0..TRIES).map(|index| format!("{round} {index}")).collect()).await;
            let (confirmed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
            assert_eq!(confirmed.len(), 1, "round {round}");
            for answer in refused {
                answer.problem(ProblemKind::CodeUsed);
            }
            self.grown_by(&confirmed[0].json()).await;
        }
    }

    /// All tries are retries of one request: all get the same receipt.
    async fn rounds_of_retries(&mut self, rounds: usize) {
        for round in 0..rounds {
            self.next_round(round).await;
            let answers = self.try_all(vec![format!("{round}"); TRIES]).await;
            let receipts: Vec<String> = answers.into_iter().map(|answer| answer.expect(201).text()).collect();
            assert!(receipts.iter().all(|receipt| *receipt == receipts[0]), "round {round}: {receipts:?}");
            self.grown_by(&serde_json::from_str(&receipts[0]).unwrap()).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_tries_at_once_one_is_confirmed_200_times_over() {
    Race::between(1).await.rounds_of_rivals(200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_tries_at_two_servers_on_one_file_one_is_confirmed() {
    Race::between(2).await.rounds_of_rivals(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_retries_at_once_all_get_the_one_receipt() {
    Race::between(1).await.rounds_of_retries(50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_retries_at_two_servers_on_one_file_all_get_the_one_receipt() {
    Race::between(2).await.rounds_of_retries(50).await;
}
