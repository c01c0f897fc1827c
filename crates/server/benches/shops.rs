//! The cost of a page of shops as the table grows: the API's answers over HTTP, from SQLite files with 1,000,
//! 10,000 and 100,000 shops in one city. Prints medians and 95th percentiles, and compares the medians with
//! those of the smallest table. It only reports; nothing fails.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark talks, and fails by panicking")]

use std::time::Instant;

use member_domain::UnixMillis;
use member_server::{
    clock::Clock,
    http::connections::ConnectionLimits,
    import_shops, open_database,
    refunds::webhook::WebhookSecrets,
    serve::{OFFLINE_MILLIS, Server, Settings, TERMINAL_LIMIT},
};

const SIZES: [u32; 3] = [1_000, 10_000, 100_000];
const RUNS: usize = 41;
/// A Friday at noon in Shanghai.
const NOON: UnixMillis = UnixMillis(1_795_147_200_000);

/// The requests, each with a name.
const QUESTIONS: [(&str, &str); 9] = [
    ("nearest, first page", "city=shanghai&lat=31.22&lng=121.46"),
    ("nearest, at the edge", "city=shanghai&lat=31.05&lng=121.20"),
    ("latest checked, first page", "city=shanghai"),
    ("one category, nearest", "city=shanghai&category=tea&lat=31.22&lng=121.46"),
    ("open now, nearest", "city=shanghai&openNow=true&lat=31.22&lng=121.46"),
    ("initials that many have", "city=shanghai&q=wtxcp&lat=31.22&lng=121.46"),
    ("a word that one has", "city=shanghai&q=%E7%AC%AC777%E5%AE%B6&lat=31.22&lng=121.46"),
    ("a word that none has", "city=shanghai&q=%E6%B2%A1%E6%9C%89&lat=31.22&lng=121.46"),
    ("nothing left, and why", "city=shanghai&q=%E6%B2%A1%E6%9C%89&price=0-50&category=tea&lat=31.22&lng=121.46"),
];

#[tokio::main]
async fn main() {
    let mut table = Vec::new();
    for size in SIZES {
        let directory = tempfile::TempDir::new().unwrap();
        let database = open_database(&directory.path().join("shops.sqlite")).unwrap();
        import_shops(&database, shops(size).as_bytes()).await.unwrap();
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            site: None,
            public_origin: None,
            offline_millis: OFFLINE_MILLIS,
            code_period: member_domain::TotpPeriod::DEFAULT,
            terminal_limit: TERMINAL_LIMIT,
            refund_event_secrets: WebhookSecrets::default(),
            allowed_origins: Vec::new(),
            frame_ancestors: Vec::new(),
            retire_service_worker: false,
            demo: false,
            connections: ConnectionLimits::default(),
            clock: Clock::manual(NOON),
        };
        let server = Server::bind(database, settings).await.unwrap();
        let origin = format!("http://{}", server.address());
        let running = tokio::spawn(server.run(std::future::pending()));
        let client = reqwest::Client::new();
        let mut column = Vec::new();
        for (_, question) in QUESTIONS {
            column.push(measure(&client, &format!("{origin}/v1/shops?{question}")).await);
        }
        table.push(column);
        running.abort();
    }
    println!(
        "50 shops a page, {RUNS} requests each after one; median / 95th percentile in ms, and the median's ratio to 1,000 shops\n"
    );
    println!("| question | 1,000 shops | 10,000 | 100,000 |\n| --- | --- | --- | --- |");
    for (row, (name, _)) in QUESTIONS.iter().enumerate() {
        let cell = |column: &Vec<(f64, f64)>| {
            let (median, p95) = column[row];
            format!("{median:.1} / {p95:.1} ({:.1})", median / table[0][row].0)
        };
        println!("| {name} | {} |", table.iter().map(cell).collect::<Vec<_>>().join(" | "));
    }
}

async fn measure(client: &reqwest::Client, url: &str) -> (f64, f64) {
    let mut millis = Vec::new();
    for run in 0..=RUNS {
        let start = Instant::now();
        let answer = client.get(url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{url}");
        answer.bytes().await.unwrap();
        if run > 0 {
            millis.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    millis.sort_by(f64::total_cmp);
    (millis[RUNS / 2], millis[RUNS * 95 / 100])
}

/// Shops scattered over one city, dense in the middle.
fn shops(count: u32) -> String {
    let mut seed = 1_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(seed >> 33).unwrap()) / f64::from(1_u32 << 31)
    };
    let categories = ["coffee", "tea", "snacks", "restaurant", "bakery", "bar", "books", "show"];
    let first = ["梧桐", "老灶", "檐下", "慢页", "麦屿", "声波"];
    let second = ["小吃铺", "手冲", "面馆", "书房", "茶舍"];
    let header = "id,name,category,city,lng,lat,coord_system,district,address,price_per_person_fen,opening_hours,\
                  curated_reason,curated_on\n";
    (0..count).fold(header.to_owned(), |csv, index| {
        let at = index as usize;
        let mut offset = || (next() + next() + next() - 1.5) / 6.0;
        let (lng, lat) = (121.46 + offset(), 31.22 + offset());
        let (category, price) = (categories[at % 8], 2_000 + index % 300 * 100);
        let name = format!("{}{}第{index}家", first[at % 6], second[at % 5]);
        let hours = format!("Mo-Su {:02}:{:02}-{}:00", 7 + index % 5, index % 60, 17 + index % 7);
        csv + &format!(
            "s{index},{name},{category},shanghai,{lng:.6},{lat:.6},wgs84,{}区,安福路 {index} 号,{price},{hours},\
             {index} 篇笔记,2026-10-{:02}\n",
            index % 16,
            1 + index % 28
        )
    })
}
