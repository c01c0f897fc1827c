//! The search for shops by Chinese text, Latin text, pinyin and pinyin initials.

use icu_normalizer::DecomposingNormalizerBorrowed;
use member_domain::{Category, SearchDocument, SearchQuery};
use proptest::prelude::*;

/// Normalises as the page does, without a table of Traditional characters.
fn normalize(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfkd().normalize(text).to_lowercase()
}

fn document(name: &str, category: Category, district: &str, address: &str, pinyin: &str) -> SearchDocument {
    SearchDocument::new(name, category, district, address, pinyin, normalize)
}

fn snacks() -> SearchDocument {
    let pinyin = "lao zao jian xiao chi pu/bu,xiao chi,xu hui qu,wu kang lu,hao,zuo";
    document("老灶间小吃铺", Category::Snacks, "徐汇区", "武康路 210 号Ａ座", pinyin)
}

fn finds(document: &SearchDocument, typed: &str) -> bool {
    SearchQuery::new(typed, normalize).matches(document.as_str())
}

/// A shop with its pinyin as the backend sends it. A `+` marks a query that finds the shop, a `-` one that does not.
struct Case {
    name: &'static str,
    category: Category,
    place: [&'static str; 2],
    pinyin: &'static str,
    queries: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "老灶间小吃铺",
        category: Category::Snacks,
        place: ["徐汇区", "武康路 210 号Ａ座"],
        pinyin: "lao zao/竈 jian/間 xiao chi/喫 pu/bu/鋪,xiao chi/喫,xu hui/匯/彙 qu/ou/區,wu kang lu,hao/號,zuo",
        queries: "+小吃铺 +吃 +徐汇 +武康路 +210 +小吃 +SNACK +ａ座 +A座 +xcp +XCP +ｘｃｐ +xiaochipu +xiaochip +xiaocp +xchpu \
                  +xchip +chibu +lzj +xuhui +xhq +wkl +wukanglu +xiao'chi’pu \
                  -小铺 -咖啡 -铺小吃 -xp -iao -xiaop -xicp -pux -chipuxu -xcp1 -b座 -座a \
                  +徐匯區 +徐匯区 +徐汇區 +老竈間 +小喫鋪 +匯區 -徐區 \
                  +武康路210号 +武康路210號a +wukanglu210 +wkl210号 +210hao +210haoa +xuhui區 +徐hq +小chi铺 +老灶jian \
                  +xvhui +武康路snacks +老灶间210 +xuhui小吃 -xuhui咖啡 -路a -wukang211",
    },
    Case {
        name: "旅人 Lü Coffee",
        category: Category::Coffee,
        place: ["绿园", "路口"],
        pinyin: "lv/lu ren,ka fei,lv/lu/綠 yuan/園,lu kou",
        queries: "+旅人 +lüren +lü +lyu +lv +lu +LÜREN +lu\u{308}ren +lǚrén +lyuren +lvren +luren +lyuan +綠園 +lüyuan \
                  +lvcoffee -lycoffee +lyucoffee +lucoffee +lücoffee +旅人lü +renlvcoffee +lukou -lükou -lvkou -lyukou -nüren \
                  +kāfēi -liuren -lvyin",
    },
    Case {
        name: "M Stand·梧桐里",
        category: Category::Coffee,
        place: ["", ""],
        pinyin: "wu tong li/裏/裡,ka fei",
        queries: "+mstand +M +ｍｓｔａｎｄ +m-stand +M·Stand +stand +tand +梧桐里 +梧桐裡 +梧桐裏coffee +梧桐里coffee +coffee梧桐里 \
                  +wutong里 +梧桐li +梧桐l +wt里 +wtl +wutong裡 +standwutong +mstand梧桐里 +梧\u{200b}桐\u{feff}里 \
                  +wu\u{ad}tong +\u{200b} -梧桐咖啡 +ms -msd -mt -tandwutong -里wutong -桐wu -standm -梧li -wuli",
    },
    Case {
        name: "老 王 面 馆",
        category: Category::Restaurant,
        place: ["", ""],
        pinyin: "lao wang mian/麪/麵 guan/舘/館,can guan/館,can ting/廳",
        queries: "+老王面馆 +老王麵館 +老王麵馆 +王面 +laowangmianguan +lwmg +老wang面guan +老\u{a0}王\u{3000}面馆 +餐廳 +餐厅 +canting \
                  +Restaurants -王馆 -老面 -lmg",
    },
    Case {
        name: "Cafe\u{301} ﬁn de siècle №５ Smørrebrød Straße",
        category: Category::Bakery,
        place: ["", "㈱①"],
        pinyin: "zhu/株",
        queries: "+cafe +Café +CAFE\u{301} +CAFÉ +fin +ＦＩＮ +siecle +no5 +smorrebrod +strasse +STRASSE +bakeries +cafefin \
                  +findesiècle +1 -coffee -cofe -caffe -afe\u{200b}n -kafei",
    },
    Case {
        name: "Lüneburg McDonald’s",
        category: Category::Books,
        place: ["", ""],
        pinyin: "",
        queries: "+lüneburg +luneburg +lvneburg +lyuneburg +eburg +mcdonalds +McDonald's +donald's +書店 +书店 +書 -茶飲 -lneburg",
    },
    Case {
        name: "Gate 12 3 茶7",
        category: Category::Tea,
        place: ["", ""],
        pinyin: "cha/茬,cha yin",
        queries: "+gate12 +12 +3茶 +3cha7 +茶7 +tea -123 -gate123 -cha8",
    },
    // An old shop list without readings, and one of a backend whose readings are those of other words.
    Case {
        name: "茶舍",
        category: Category::Tea,
        place: ["", ""],
        pinyin: "",
        queries: "+茶飲 +茶饮 +茶 +tea -chashe -咖啡",
    },
    Case {
        name: "茶舍",
        category: Category::Tea,
        place: ["静安区", ""],
        pinyin: "cha she/shi/捨,yin liao,jing/靜 an qu/區",
        queries: "+chashe +茶she +茶捨 +靜安區 +yinliao +静an -sheyin -chayin",
    },
];

#[test]
fn what_people_take_for_the_same_is_found() {
    for Case { name, category, place: [district, address], pinyin, queries } in CASES {
        let document = document(name, *category, district, address, pinyin);
        for query in queries.split(' ').filter(|query| !query.is_empty()) {
            let (expected, typed) = query.split_at(1);
            assert_eq!(finds(&document, typed), expected == "+", "{typed:?} in {name:?}: {:?}", document.as_str());
        }
    }
}

#[test]
fn every_word_of_a_query_must_match() {
    let document = snacks();
    for (typed, expected) in [
        ("", true),
        ("  小吃铺　", true),
        ("老灶 徐汇", true),
        ("xiao chi", true),
        ("wk 小吃", true),
        ("小吃、徐汇", true),
        ("\u{200b} 小吃\u{2003}", true),
        ("老灶 静安", false),
        ("小吃/咖啡", false),
    ] {
        assert_eq!(finds(&document, typed), expected, "{typed:?}");
    }
}

/// Readings that start with the same letters must not double the search time with each character.
#[test]
fn many_characters_with_several_readings_are_looked_through_at_once() {
    let readings = vec!["de/dei/di"; 500].join(" ");
    let document = document("的".repeat(500).as_str(), Category::Tea, "", "", &readings);
    assert!(finds(&document, &"d".repeat(50)));
    assert!(!finds(&document, &format!("{}x", "d".repeat(50))));
    assert!(finds(&document, "dedeidi"));
}

proptest! {
    /// Every part of a name finds the shop, in upper or lower case, full-width or half-width.
    #[test]
    fn every_part_of_a_name_finds_it(name in "[a-zA-Z０-９老灶间小吃铺]{1,12}", from in 0..12usize, length in 1..12usize) {
        let document = document(&name, Category::Tea, "区", "路", "");
        let part: String = name.chars().skip(from % name.chars().count()).take(length).collect();
        prop_assert!(finds(&document, &part));
        prop_assert!(finds(&document, &part.to_uppercase()));
    }

    /// A name finds itself with spaces, format characters and accents, and without its own spaces.
    #[test]
    fn a_name_finds_itself_in_other_spellings(name in "[A-Za-zéüñ老灶间 ]{1,12}", extra in "[\u{200b}\u{ad}\u{301}'-]") {
        let document = document(&name, Category::Tea, "", "", "");
        let spread: String = name.chars().flat_map(|letter| [letter.to_string(), extra.clone()]).collect();
        for typed in [name.replace(' ', ""), spread, normalize(&name)] {
            prop_assert!(finds(&document, &typed), "{:?} in {:?}", typed, document.as_str());
        }
    }

    /// Every abbreviation of consecutive syllables finds them.
    #[test]
    fn every_shortening_finds_it(cuts in prop::collection::vec(0..3usize, 1..6), start in 0..4usize) {
        let syllables = ["zhong", "guo", "chi", "xian", "a", "shang", "hai", "lv", "er"];
        let document = document("名", Category::Tea, "", "", &syllables.join(" "));
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
    fn nothing_that_is_typed_panics(typed in ".{0,70}", name in ".{0,20}", pinyin in "[a-z\u{fc}里/, -]{0,40}") {
        let document = document(&name, Category::Bar, "", "", &pinyin);
        let _ = finds(&document, &typed);
    }
}
