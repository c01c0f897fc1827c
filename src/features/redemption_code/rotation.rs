//! Selects the code to show. The next code is computed ahead, so that no empty frame appears at the end of a
//! step. An expired code is never shown.

use member_domain::{RedemptionCode, TimeStep, UnixMillis};
use page_core::code_sheet::ShownCode;
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

/// The current code, once it is computed. Updates with `now`.
pub(super) fn use_rotation(
    credential: DeviceCredential,
    now: Signal<Option<UnixMillis>>,
    used_step: Signal<Option<TimeStep>>,
    on_credential_failed: Callback<()>,
) -> (Memo<Option<ShownCode>>, Signal<Option<CodeFrame>>) {
    let period = credential.period;
    let credential = StoredValue::new(credential);
    let shown = Memo::new(move |_| Some(ShownCode::at(now.get()?, period, used_step.get())));
    let step = Memo::new(move |_| shown.get()?.step());
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
    (shown, current)
}
