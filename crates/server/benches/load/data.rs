//! The measured databases: members with a card, a device, a session and two redemptions each, and 1,000 shops
//! in one city.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use member_storage::{cells, inspect::Rows};
use sha2::{Digest, Sha256};

use crate::server::operate;

/// The key of every device. Nothing measured here depends on keys being different.
pub(crate) const DEVICE_KEY: [u8; 32] = [7; 32];
pub(crate) const SHOPS: u32 = 1_000;
pub(crate) const TILLS: usize = 64;
/// Past redemptions of each member.
pub(crate) const PAST: u32 = 2;

/// The token of a till.
pub(crate) fn till(number: usize) -> String {
    format!("a-till-of-the-benchmark-with-number-{:04}", number % TILLS)
}

/// The token of a member's session.
pub(crate) fn session(member: u32) -> String {
    format!("a-session-of-the-benchmark-number-{member:07}")
}

/// Creates a database with shops and tills, and without members.
pub(crate) fn create(database: &Path) {
    operate(database, &["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let csv = database.with_extension("csv");
    fs::write(&csv, shops()).unwrap();
    operate(database, &["import", "shops", csv.to_str().unwrap()]);
    Rows::open(database).together(|rows| {
        for number in 0..TILLS {
            let sql = "INSERT INTO terminals (token_hash, shop_id, created_at) VALUES (?1, ?2, 1)";
            rows.run(sql, cells![hash(&till(number)), format!("s{number}")]);
        }
    });
}

/// Adds members. Returns by how many bytes the file has grown.
pub(crate) fn add_members(database: &Path, members: u32) -> u64 {
    let before = fs::metadata(database).unwrap().len();
    let rows = Rows::open(database);
    // These writes need no durability.
    rows.run_all("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000");
    rows.together(|rows| {
        let member = "INSERT INTO members (id, name, created_at) VALUES (?1, '林晓雨', 1)";
        let card = "INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
                    VALUES (?1, ?2, 'p', '2026-01-01', '2099-12-31', 'shanghai;hangzhou;guangzhou', 16800)";
        let device = "INSERT INTO credentials (number, card_number, key, period_millis, expires_at)
                      VALUES (?1, ?2, ?3, 30000, 4102444800000)";
        let session_of = "INSERT INTO sessions (token_hash, member_id, expires_at) VALUES (?1, ?2, 4102444800000)";
        let redemption = "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at)
                          VALUES (?1, ?2, ?3, 4200, 420, ?4)";
        for index in 0..members {
            let (id, number) = (format!("m{index}"), format!("{index:012}"));
            rows.run(member, cells![&id]);
            rows.run(card, cells![&number, &id]);
            rows.run(device, cells![format!("{:010}", index + 1), &number, DEVICE_KEY]);
            rows.run(session_of, cells![hash(&session(index)), &id]);
            for past in 0..PAST {
                let at = 1_793_000_000_000_i64 + i64::from(past) * 86_400_000;
                let shop = format!("s{}", (index + past) % SHOPS);
                rows.run(redemption, cells![format!("{past}{index:011}"), shop, &number, at]);
            }
        }
    });
    drop(rows);
    // Otherwise the machine would still write this data during a measurement.
    File::open(database).unwrap().sync_all().unwrap();
    fs::metadata(database).unwrap().len() - before
}

pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Shops over twenty kilometres of a city, on a spiral that is dense in the middle.
fn shops() -> String {
    let categories = ["coffee", "tea", "snacks", "restaurant", "bakery", "bar", "books", "show"];
    let header = "id,name,category,city,lng,lat,coord_system,district,address,price_per_person_fen,opening_hours,\
                  curated_reason,curated_on\n";
    (0..SHOPS).fold(header.to_owned(), |csv, index| {
        let (angle, radius) = (f64::from(index) * 2.4, f64::from(index) / f64::from(SHOPS) * 0.1);
        let (lng, lat) = (121.46 + radius * angle.cos(), 31.22 + radius * angle.sin());
        let category = categories[index as usize % 8];
        let (from, to, price, day) = (7 + index % 5, 17 + index % 7, 2_000 + index % 300 * 100, 1 + index % 28);
        csv + &format!(
            "s{index},梧桐里手冲第{index}家,{category},shanghai,{lng:.6},{lat:.6},wgs84,{}区,安福路 {index} 号,{price},\
             Mo-Su {from:02}:00-{to}:00,{index} 篇笔记都说值得再来,2026-10-{day:02}\n",
            index % 16,
        )
    })
}

/// Copies a database that no process has open.
pub(crate) fn copy(database: &Path, name: &str) -> PathBuf {
    let copy = database.with_file_name(name);
    fs::copy(database, &copy).unwrap();
    File::open(&copy).unwrap().sync_all().unwrap();
    copy
}
