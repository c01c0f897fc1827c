//! Selects the code to show. The next code is computed ahead, so that no empty frame appears at the end of a
//! step. An expired code is never shown.

use member_domain::{RedemptionCode, TimeStep, TotpPeriod, UnixMillis};
use wasm_bindgen_futures::spawn_local;

use super::QrSymbol;
use crate::{prelude::*, store::DeviceCredential};

/// One code, ready to show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CodeFrame {
    pub(super) step: TimeStep,
    pub(super) digits: String,
    pub(super) symbol: QrSymbol,
}

impl CodeFrame {
    async fn make(credential: &DeviceCredential, step: TimeStep) -> Option<Self> {
        let totp = credential.key.totp(step).await.ok()?;
        let digits = RedemptionCode::new(credential.number.clone(), totp).to_digits();
        let symbol = QrSymbol::encode(&credential.pattern.render(totp))?;
        Some(Self { step, digits, symbol })
    }
}

/// The step whose code is shown: the current one, or the next if the current code is used. The backend
/// accepts one step ahead. If that code is used too, there is none until the next step begins.
fn shown_step(now: UnixMillis, period: TotpPeriod, used_step: Option<TimeStep>) -> Option<TimeStep> {
    let current = TimeStep::at(now, period);
    let step = used_step.map_or(current, |used_step| current.max(used_step.next()));
    (step <= current.next()).then_some(step)
}

/// The current code, once it is computed. Updates with `now`.
pub(super) fn use_rotation(
    credential: DeviceCredential,
    now: Signal<Option<UnixMillis>>,
    used_step: Signal<Option<TimeStep>>,
    on_credential_failed: Callback<()>,
) -> (Memo<Option<TimeStep>>, Signal<Option<CodeFrame>>) {
    let period = credential.period;
    let credential = StoredValue::new(credential);
    let step = Memo::new(move |_| shown_step(now.get()?, period, used_step.get()));
    // The codes of this step and the next, as far as they are computed.
    let frames = RwSignal::new(Vec::<CodeFrame>::new());
    Effect::new(move |_| {
        let Some(step) = step.get() else { return };
        for target in [step, step.next()] {
            if frames.with_untracked(|frames| frames.iter().any(|frame| frame.step == target)) {
                continue;
            }
            let credential = credential.get_value();
            spawn_local(async move {
                let frame = CodeFrame::make(&credential, target).await;
                // The sheet may have closed meanwhile.
                let _ = match frame {
                    Some(frame) => frames.try_update(|frames| {
                        frames.retain(|other| other.step != target && other.step >= target.plus(-1));
                        frames.push(frame);
                    }),
                    None => on_credential_failed.try_run(()),
                };
            });
        }
    });
    let current = Signal::derive(move || {
        let step = step.get()?;
        frames.with(|frames| frames.iter().find(|frame| frame.step == step).cloned())
    });
    (step, current)
}
