//! The street of an address, for the rows of nearby shops.

/// The last characters of a street's name in Chinese.
const ENDS: [char; 5] = ['路', '街', '巷', '弄', '道'];
/// The last characters of an area that may stand before the street.
const AREAS: [char; 4] = ['省', '市', '区', '區'];
/// The end of the name of an office's area. It is not a street.
const SUBDISTRICT: &str = "街道";

/// The street of an address: `上海市徐汇区武康路 210 号` gives `武康路`. `None` if the address does not name one.
pub fn street_of(address: &str) -> Option<&str> {
    // A street's name precedes its number.
    let named = address.split(char::is_numeric).next().unwrap_or_default().trim();
    let named = named.rsplit(SUBDISTRICT).next().unwrap_or_default();
    let end = named.char_indices().find(|(_, c)| ENDS.contains(c));
    let named = &named[..end.map(|(at, c)| at + c.len_utf8())?];
    let named = named.rsplit(AREAS).next().unwrap_or_default();
    (named.chars().count() > 1).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::street_of;

    #[test]
    fn the_street_is_what_stands_before_the_number() {
        for (address, street) in [
            ("武康路 210 号", Some("武康路")),
            ("安福路 253 号 2 楼", Some("安福路")),
            ("乌鲁木齐中路274号", Some("乌鲁木齐中路")),
            ("上海市徐汇区五原路 288 弄 5 号", Some("五原路")),
            ("徐汇区湖南路街道武康路 376 号", Some("武康路")),
            ("西湖区文三路口", Some("文三路")),
            ("天河区天河北街 12 号", Some("天河北街")),
            ("广州大道中 89 号", Some("广州大道")),
            ("３号楼，武康路", None),
            ("湖滨银泰 in77 C 区", None),
            ("路 3 号", None),
            ("市区路 3 号", None),
            ("210 Wukang Road", None),
            ("天平街道 3 号", None),
            ("天平街道永嘉路 387 号", Some("永嘉路")),
            ("", None),
        ] {
            assert_eq!(street_of(address), street, "{address}");
        }
    }
}
