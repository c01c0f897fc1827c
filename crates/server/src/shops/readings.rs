//! How else the Chinese characters of a shop's texts can be typed: in pinyin, or in the other script.

use member_domain::{is_han, search_words};
use member_storage::ShopRecord;
use pinyin::ToPinyinMulti;

use super::scripts::{decomposed, other_forms};

/// Returns the alternatives of a shop's name, category, district and address, in the form of
/// [`member_domain::SearchDocument::new`].
pub(crate) fn of_shop(shop: &ShopRecord) -> String {
    let category = search_words(shop.category);
    let texts = [Some(shop.name.as_str()), Some(category), shop.district.as_deref(), shop.address.as_deref()];
    let readings: Vec<String> = texts.into_iter().flatten().map(of_text).filter(|text| !text.is_empty()).collect();
    readings.join(",")
}

/// Returns the alternatives of each Chinese character. A space separates characters, `/` separates alternatives of one
/// character, `-` stands for a character without alternatives, and `,` marks a gap.
fn of_text(text: &str) -> String {
    let mut readings = String::new();
    let mut adjacent = false;
    for character in decomposed(text).chars() {
        if !is_han(character) {
            adjacent = adjacent && character.is_whitespace();
            continue;
        }
        if !readings.is_empty() {
            readings.push(if adjacent { ' ' } else { ',' });
        }
        readings.push_str(&of_character(character));
        adjacent = true;
    }
    readings
}

/// Returns the syllables without tones, then the other forms of the character.
fn of_character(character: char) -> String {
    let readings = character.to_pinyin_multi().into_iter().flatten();
    let mut alternatives: Vec<String> = readings.flat_map(|reading| typed(reading.plain())).collect();
    alternatives.sort_unstable();
    alternatives.dedup();
    alternatives.extend(other_forms(character).map(String::from));
    if alternatives.is_empty() { "-".to_owned() } else { alternatives.join("/") }
}

/// Returns a syllable as it is typed. For ü, input methods use v, and people use u.
fn typed(syllable: &str) -> Vec<String> {
    if syllable.contains('ü') {
        vec![syllable.replace('ü', "v"), syllable.replace('ü', "u")]
    } else {
        vec![syllable.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chinese_character_has_its_alternatives() {
        for (text, readings) in [
            ("梧桐里", "wu/yu dong/tong li/裏/裡"),
            ("老 王 面 馆", "lao wang/yu mian/麪/麫/麵 guan/舘/館"),
            ("書店", "shu/书 dian"),
            ("旅人 Lü 人", "lu/lv ren,ren"),
            ("⼈", "ren"),
            ("Café ①", ""),
        ] {
            assert_eq!(of_text(text), readings, "{text}");
        }
    }
}
