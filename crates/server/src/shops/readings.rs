//! The pinyin readings of Chinese characters, so that members find shops by pinyin.

use member_domain::search_words;
use member_storage::ShopRecord;
use pinyin::ToPinyinMulti;

/// Returns the readings of a shop's name, category, district and address, in the form of
/// [`member_domain::SearchDocument::new`].
pub(crate) fn of_shop(shop: &ShopRecord) -> String {
    let category = search_words(shop.category);
    let texts = [Some(shop.name.as_str()), Some(category), shop.district.as_deref(), shop.address.as_deref()];
    let readings: Vec<String> = texts.into_iter().flatten().map(of_text).filter(|text| !text.is_empty()).collect();
    readings.join(",")
}

/// Returns the syllables without tones. A space separates syllables, `/` separates readings of one character,
/// and `,` marks a gap.
fn of_text(text: &str) -> String {
    let mut readings = String::new();
    let mut adjacent = false;
    for multi in text.to_pinyin_multi() {
        let Some(multi) = multi else {
            adjacent = false;
            continue;
        };
        let mut syllables: Vec<String> = multi.into_iter().flat_map(|reading| typed(reading.plain())).collect();
        syllables.sort_unstable();
        syllables.dedup();
        if !readings.is_empty() {
            readings.push(if adjacent { ' ' } else { ',' });
        }
        readings.push_str(&syllables.join("/"));
        adjacent = true;
    }
    readings
}

/// Returns a syllable as it is typed. For ü, input methods use v, and people use u.
fn typed(syllable: &str) -> Vec<String> {
    if syllable.contains('ü') {
        vec![syllable.replace('ü', "v"), syllable.replace('ü', "u")]
    } else {
        vec![syllable.to_owned()]
    }
}
