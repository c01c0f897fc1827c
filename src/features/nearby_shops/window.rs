//! The visible rows. A list may have twenty thousand rows. The document holds only three to six blocks of
//! ten, as the screen needs, and empty space as high as the others.

use std::time::Duration;

use leptos::{ev, prelude::WindowListenerHandle};
use wasm_bindgen::JsCast;

use super::{Arranged, Row, row::ShopRow};
use crate::{clock::use_page_hide, host::use_host, navigation::list_scroll::ListScroll, prelude::*};

/// Rows of a block.
const BLOCK: usize = 10;
/// The fewest blocks in the document: enough for a phone.
const FEWEST: usize = 3;
/// The most blocks in the document.
const MOST: usize = 6;
/// Height of an unmeasured row, in CSS pixels.
const GUESS: f64 = 87.0;
/// The distance above and below the screen within which rows are rendered, in CSS pixels.
const MARGIN: f64 = 600.0;
/// The distance from the end at which more shops are requested, in CSS pixels.
const AHEAD: f64 = 2_400.0;
/// Turning a phone may cause many resize events. Only the last one counts.
const TURNING: Duration = Duration::from_millis(100);

/// The blocks in the document, and the heights of the space before and behind them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct VisibleBlocks {
    first: usize,
    count: usize,
    before: f64,
    behind: f64,
}

/// The visible rows of the list.
#[component]
pub(super) fn Window(
    /// All rows.
    arranged: Memo<Arranged>,
    /// Runs when the list's end is near.
    on_end_near: Callback<()>,
    /// Data and callback shared by all rows.
    actions: super::RowContext,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let restored = Restored::take(use_host().owns_document);
    let heights = StoredValue::new(restored.heights());
    let visible = RwSignal::new(VisibleBlocks { first: 0, count: FEWEST, before: 0.0, behind: 0.0 });
    let blocks = Memo::new(move |_| arranged.with(|arranged| arranged.rows.len().div_ceil(BLOCK)));

    let update_visible = move || {
        let Some(list) = list.try_get_untracked().flatten() else { return };
        let Some(now) = heights.try_update_value(|heights| {
            // Heights behind the end are kept: the list grows again after a reload.
            let blocks = blocks.get_untracked();
            heights.resize(heights.len().max(blocks), None);
            let heights = &mut heights[..blocks];
            measure(&list, heights);
            visible_blocks(&list, heights)
        }) else {
            return;
        };
        if visible.try_get_untracked() != Some(now.0) {
            let _ = visible.try_set(now.0);
        }
        if now.1 {
            on_end_near.run(());
        }
        restored.continue_scrolling();
    };
    let pending = StoredValue::new(false);
    let schedule_update = move || {
        if pending.try_update_value(|pending| std::mem::replace(pending, true)) == Some(false) {
            request_animation_frame(move || {
                let _ = pending.try_set_value(false);
                update_visible();
            });
        }
    };
    Effect::new(move |_| {
        arranged.track();
        visible.track();
        schedule_update();
    });
    let scrolled = window_event_listener(ev::scroll, move |_| schedule_update());
    let turned = window_event_listener(ev::resize, move |_| {
        let _ = heights.try_update_value(Vec::clear);
        set_timeout(schedule_update, TURNING);
        schedule_update();
    });
    on_cleanup(move || {
        scrolled.remove();
        turned.remove();
    });
    use_page_hide(move || restored.store(heights));

    let shown = Memo::new(move |_| {
        let VisibleBlocks { first, count, .. } = visible.get();
        let first = first.min(blocks.get().saturating_sub(1));
        first..(first + count).min(blocks.get())
    });
    let pixels = |height: f64| format!("{}px", round_pixels(height));
    view! {
        <div class="nearby-shops__list" data-testid="shop-list" role="list" node_ref=list>
            <div role="presentation" style:height=move || pixels(visible.get().before)></div>
            <For each=move || shown.get() key=|block| *block children=move |block| block_of(arranged, block, actions) />
            <div role="presentation" style:height=move || pixels(visible.get().behind)></div>
        </div>
    }
}

/// The scroll position to restore. The list grows page by page, so this takes several steps.
#[derive(Clone, Copy)]
struct Restored {
    target: StoredValue<Option<ListScroll>>,
    /// Whether the page scrolls as a whole. In a host app, the position belongs to the host.
    is_own: bool,
}

impl Restored {
    fn take(is_own: bool) -> Self {
        let target = StoredValue::new(if is_own { ListScroll::take() } else { None });
        let cancel = move || drop(target.try_set_value(None));
        let listeners = [
            window_event_listener(ev::wheel, move |_| cancel()),
            window_event_listener(ev::touchstart, move |_| cancel()),
            window_event_listener(ev::keydown, move |_| cancel()),
        ];
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
        Self { target, is_own }
    }

    fn heights(self) -> Vec<Option<f64>> {
        self.target.with_value(|target| target.as_ref().map(|target| target.heights.clone()).unwrap_or_default())
    }

    /// Scrolls as far as the list allows. Near its end, the list loads its next page and calls this again.
    fn continue_scrolling(self) {
        let Some(Some(top)) = self.target.try_with_value(|target| target.as_ref().map(|target| target.top)) else {
            return;
        };
        window().scroll_to_with_x_and_y(0.0, top);
        let reached = window().scroll_y().unwrap_or_default();
        if (reached - top).abs() < 1.0 {
            self.target.set_value(None);
        }
    }

    fn store(self, heights: StoredValue<Vec<Option<f64>>>) {
        let Some(heights) = heights.try_with_value(Clone::clone).filter(|_| self.is_own) else { return };
        ListScroll { top: window().scroll_y().unwrap_or_default(), heights }.store();
    }
}

fn block_of(arranged: Memo<Arranged>, block: usize, actions: super::RowContext) -> AnyView {
    let rows = Memo::new(move |_| {
        arranged.with(|arranged| {
            let from = (block * BLOCK).min(arranged.rows.len());
            arranged.rows[from..(from + BLOCK).min(arranged.rows.len())].to_vec()
        })
    });
    let ids = move || rows.with(|rows| rows.iter().map(|row: &Row| row.listed.shop.id.clone()).collect::<Vec<_>>());
    view! {
        <div class="nearby-shops__block" role="presentation" data-block=block.to_string()>
            <For each=ids key=String::clone children=move |id| view! { <ShopRow id rows actions /> } />
        </div>
    }
    .into_any()
}

/// Records the heights of the blocks in the document.
fn measure(list: &web_sys::HtmlElement, heights: &mut [Option<f64>]) {
    let children = list.children();
    for index in 0..children.length() {
        let Some(block) = children.item(index).and_then(|child| child.dyn_into::<web_sys::HtmlElement>().ok()) else {
            continue;
        };
        let number = block.get_attribute("data-block").and_then(|number| number.parse::<usize>().ok());
        if let Some(height) = number.and_then(|number| heights.get_mut(number)) {
            *height = Some(block.get_bounding_client_rect().height());
        }
    }
}

/// Computes the blocks that belong in the document, and whether the end is near.
fn visible_blocks(list: &web_sys::HtmlElement, heights: &[Option<f64>]) -> (VisibleBlocks, bool) {
    let known: Vec<f64> = heights.iter().copied().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "a list has few blocks")]
    let average = if known.is_empty() { GUESS * BLOCK as f64 } else { known.iter().sum::<f64>() / known.len() as f64 };
    let height = |block: &Option<f64>| block.unwrap_or(average);
    let screen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let top = -list.get_bounding_client_rect().top();
    let mut before = 0.0;
    let mut first = 0;
    let last_first = heights.len().saturating_sub(FEWEST);
    for block in &heights[..last_first] {
        if before + height(block) > top - MARGIN {
            break;
        }
        before += height(block);
        first += 1;
    }
    let whole: f64 = heights.iter().map(height).sum();
    let mut count = 0;
    let mut shown = 0.0;
    for block in heights[first..].iter().take(MOST) {
        if count >= FEWEST && before + shown > top + screen + MARGIN {
            break;
        }
        shown += height(block);
        count += 1;
    }
    let visible = VisibleBlocks { first, count, before, behind: (whole - before - shown).max(0.0) };
    (visible, top + screen + AHEAD > whole)
}

/// Rounds to whole pixels: formatting fractions in Rust adds kilobytes of wasm.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "heights are neither negative nor huge")]
fn round_pixels(height: f64) -> u64 {
    height.round() as u64
}
