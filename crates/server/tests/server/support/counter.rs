//! A demo server with an enrolled member and a till, and their requests.

use serde_json::json;

use super::{Answer, Caller, Device, TestApp};

/// Discount: one tenth.
pub(crate) const COFFEE: &str = "sh-wutongli-coffee";
/// Discount: 15 %.
pub(crate) const THEATRE: &str = "sh-shengbo-theatre";
/// Takes a PIN.
pub(crate) const NOODLES: &str = "sh-laozaojian-noodles";
/// The demo's PIN.
pub(crate) const PIN: &str = "246810";

pub(crate) struct Counter {
    pub(crate) app: TestApp,
    pub(crate) member: Caller,
    pub(crate) device: Device,
    pub(crate) till: Caller,
}

impl Counter {
    pub(crate) async fn open() -> Self {
        Self::of(TestApp::demo().await).await
    }

    pub(crate) async fn of(app: TestApp) -> Self {
        let member = app.sign_in("active").await;
        let device = app.enrol(&member).await;
        let till = app.terminal(COFFEE).await;
        Self { app, member, device, till }
    }

    /// The code that the device shows `steps` steps from now.
    pub(crate) fn code(&self, steps: i64) -> String {
        self.device.code(self.device.step(self.app.now()).plus(steps))
    }

    /// A code with the device's number and a password that it never shows: a guess.
    pub(crate) fn guess(&self, index: usize) -> String {
        let near: Vec<String> = (-40..=40).map(|steps| self.code(steps)).collect();
        let guesses = (0..).map(|value| format!("66{}{value:08}", self.device.answer.number.as_str()));
        guesses.filter(|guess| !near.contains(guess)).nth(index).unwrap()
    }

    /// The card's saving in fen, and its number of redemptions.
    pub(crate) async fn payoff(&self) -> (i64, u32) {
        let payoff = self.app.me(&self.member).await.payoff.unwrap();
        (payoff.saved_fen.0, payoff.redemptions)
    }

    /// Requests the cancellation of a redemption by a terminal.
    pub(crate) async fn cancel(&self, terminal: &Caller, id: &str) -> Answer {
        self.app.post(&format!("/v1/redemptions/{id}/cancellation")).by(terminal).answer().await
    }

    /// Requests the outcome of the request under `key`.
    pub(crate) async fn ask(&self, caller: &Caller, key: &str) -> Answer {
        self.app.get(&format!("/v1/redemptions/attempts/{key}")).by(caller).answer().await
    }

    /// Enters the shop's PIN on the member's phone.
    pub(crate) async fn enter_pin(&self, shop: &str, key: &str, pin: &str, bill_fen: i64) -> Answer {
        let body = json!({ "pin": pin, "billFen": bill_fen });
        let call = self.app.post(&format!("/v1/shops/{shop}/redemptions")).by(&self.member);
        call.header("Idempotency-Key", key).json(&body).answer().await
    }

    /// All attempts so far, as `member-server attempts` prints them, without the time.
    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        attempts(&self.app, &[])
    }
}

/// A row of `member-server attempts`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) at: String,
    pub(crate) shop: String,
    pub(crate) method: String,
    pub(crate) outcome: String,
    pub(crate) credential_number: String,
    pub(crate) bill_fen: String,
    pub(crate) redemption_id: String,
    pub(crate) replayed: String,
    pub(crate) times: String,
}

impl Attempt {
    /// Method, outcome, count, and whether it was a replay.
    pub(crate) fn short(&self) -> String {
        let replayed = if self.replayed == "1" { " again" } else { "" };
        format!("{} {} {}{replayed}", self.method, self.outcome, self.times)
    }
}

/// The output of `member-server attempts` with these arguments.
pub(crate) fn attempts(app: &TestApp, arguments: &[&str]) -> Vec<Attempt> {
    let printed = app.operator(&[&["attempts"], arguments].concat());
    let mut csv = csv::Reader::from_reader(printed.as_bytes());
    let header = "at,shop,method,outcome,credential_number,bill_fen,redemption_id,replayed,times";
    assert_eq!(csv.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
    let rows = csv.records().map(|record| {
        let record = record.unwrap();
        let field = |index: usize| record[index].to_owned();
        Attempt {
            at: field(0),
            shop: field(1),
            method: field(2),
            outcome: field(3),
            credential_number: field(4),
            bill_fen: field(5),
            redemption_id: field(6),
            replayed: field(7),
            times: field(8),
        }
    });
    rows.collect()
}
