//! The search for shops by Chinese text, Latin text, pinyin and pinyin initials.

use member_domain::{Category, SearchDocument, SearchQuery};
use proptest::prelude::*;

fn snacks() -> SearchDocument {
    let pinyin = "lao zao jian xiao chi pu/bu,xiao chi,xu hui qu,wu kang lu,hao";
    SearchDocument::new("老灶间小吃铺", Category::Snacks, "徐汇区", "武康路 210 号Ａ座", pinyin)
}

fn finds(document: &SearchDocument, typed: &str) -> bool {
    SearchQuery::new(typed).matches(document.as_str())
}

#[test]
fn chinese_pinyin_and_initials_find_a_shop() {
    let document = snacks();
    for typed in [
        "小吃铺",
        "吃",
        "徐汇",
        "武康路",
        "210",
        "小吃",
        "SNACK",
        "ａ座",
        "A座",
        "xcp",
        "XCP",
        "ｘｃｐ",
        "xiaochipu",
        "xiao chi",
        "xiaochip",
        "xiaocp",
        "xchpu",
        "xchip",
        "chibu",
        "lzj",
        "xuhui",
        "xhq",
        "wkl",
        "wukanglu",
        "  小吃铺　",
        "老灶 徐汇",
        "wk 小吃",
        "",
    ] {
        assert!(finds(&document, typed), "{typed}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let document = snacks();
    for typed in
        ["小铺", "咖啡", "铺小吃", "xp", "iao", "xiaop", "xicp", "pux", "chipuxu", "老灶 静安", "xcp1", "\u{1}"]
    {
        let query = SearchQuery::new(typed);
        assert!(query.is_empty() || !query.matches(document.as_str()), "{typed}");
    }
}

#[test]
fn a_document_without_readings_is_found_by_what_is_written() {
    let document = SearchDocument::new("CAFÉ ÉTÉ <b>", Category::Coffee, "", "", "");
    assert!(finds(&document, "café") && finds(&document, "<B>") && finds(&document, "咖啡"));
    assert!(!finds(&document, "cafe"));
}

/// Readings that start with the same letters must not double the search time with each character.
#[test]
fn many_characters_with_several_readings_are_looked_through_at_once() {
    let readings = vec!["de/dei/di"; 500].join(" ");
    let document = SearchDocument::new("的".repeat(500).as_str(), Category::Tea, "", "", &readings);
    assert!(finds(&document, &"d".repeat(50)));
    assert!(!finds(&document, &format!("{}x", "d".repeat(50))));
    assert!(finds(&document, "dedeidi"));
}

proptest! {
    /// Every part of a name finds the shop, in upper or lower case, full-width or half-width.
    #[test]
    fn every_part_of_a_name_finds_it(name in "[a-zA-Z０-９老灶间小吃铺]{1,12}", from in 0..12usize, length in 1..12usize) {
        let document = SearchDocument::new(&name, Category::Tea, "区", "路", "");
        let part: String = name.chars().skip(from % name.chars().count()).take(length).collect();
        prop_assert!(finds(&document, &part));
        prop_assert!(finds(&document, &part.to_uppercase()));
    }

    /// Every abbreviation of consecutive syllables finds them.
    #[test]
    fn every_shortening_finds_it(cuts in prop::collection::vec(0..3usize, 1..6), start in 0..4usize) {
        let syllables = ["zhong", "guo", "chi", "xian", "a", "shang", "hai", "lv", "er"];
        let document = SearchDocument::new("名", Category::Tea, "", "", &syllables.join(" "));
        let typed: String = syllables[start..]
            .iter()
            .zip(&cuts)
            .map(|(syllable, cut)| match cut {
                0 => &syllable[..1],
                1 if syllable[1..].starts_with('h') => &syllable[..2],
                _ => syllable,
            })
            .collect();
        prop_assert!(finds(&document, &typed), "{}", typed);
    }

    #[test]
    fn nothing_that_is_typed_panics(typed in ".{0,40}", name in ".{0,20}", pinyin in "[a-z/, ]{0,40}") {
        let document = SearchDocument::new(&name, Category::Bar, "", "", &pinyin);
        let _ = finds(&document, &typed);
    }
}
