//! `member-server sticker`: the SVG for a shop's door.

use std::path::{Path, PathBuf};

use crate::support::{noon, operator, staff::sql};
use member_server::open_database;
use tempfile::TempDir;

use crate::support::TestApp;

const NAME: &str = "梧桐<里>&\"手冲\"";

async fn shop() -> (TestApp, TempDir) {
    let csv = format!(
        "id,name,category,city,lng,lat,coord_system\nsh-1_a,\"{}\",coffee,shanghai,121.4,31.2,gcj02\n",
        NAME.replace('"', "\"\"")
    );
    (TestApp::with_shops(&csv).await, TempDir::new().unwrap())
}

fn sticker(app: &TestApp, out: &Path, url: &str, more: &[&str]) -> String {
    let out = out.to_str().unwrap();
    app.operator(&[&["sticker", "sh-1_a", "--out", out, "--public-url", url][..], more].concat())
}

/// The command's message when it fails.
fn refusal(app: &TestApp, arguments: &[&str]) -> String {
    let output = app.member_server(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

/// The files in the directory.
fn files(directory: &TempDir) -> Vec<PathBuf> {
    std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The symbol as a decoder reads it: each module 4 by 4 pixels, the quiet zone as drawn.
fn decoded(svg: &str) -> String {
    const SCALE: usize = 4;
    let panel = svg.split_once("viewBox=\"0 0 1000 1400\"").unwrap().1.split_once("viewBox=\"0 0 ").unwrap().1;
    let modules: usize = panel.split(' ').next().unwrap().parse().unwrap();
    let path = panel.split_once(" d=\"").unwrap().1.split('"').next().unwrap();
    let mut dark = vec![vec![false; modules]; modules];
    for run in path.split('M').skip(1) {
        let (place, rest) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split('v').next().unwrap().parse().unwrap();
        assert_eq!(rest, format!("{length}v1h-{length}z"));
        dark[y][x..x + length].fill(true);
    }
    let edge = |line: usize| line < 4 || line >= modules - 4;
    let mut cells = dark.iter().enumerate().flat_map(|(y, row)| row.iter().enumerate().map(move |(x, on)| (x, y, *on)));
    assert!(cells.all(|(x, y, on)| !on || !(edge(x) || edge(y))), "four light modules on each side");
    let size = modules * SCALE;
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(
            size,
            size,
            |x, y| if dark[y / SCALE][x / SCALE] { 0 } else { 255 },
        );
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    let (meta, content) = grids[0].decode().unwrap();
    // The format bits of level M are 00 (ISO/IEC 18004 §7.9.1).
    assert_eq!(meta.ecc_level, 0);
    content
}

#[tokio::test]
async fn the_code_leads_to_the_page_at_that_shop() {
    let (app, directory) = shop().await;
    for url in ["https://card.example", "http://192.168.1.20:8080/"] {
        let out = directory.path().join("sticker.svg");
        let address = sticker(&app, &out, url, &["--force"]);
        assert_eq!(address, format!("{}/?shop=sh-1_a", url.trim_end_matches('/')));
        let svg = std::fs::read_to_string(&out).unwrap();
        assert_eq!(decoded(&svg), address);
        assert!(svg.contains("width=\"100mm\" height=\"140mm\""));
        assert!(svg.contains("扫一扫") && svg.contains("Scan to show"));
        assert!(svg.contains("梧桐&lt;里&gt;&amp;&quot;手冲&quot;") && !svg.contains("<里>"), "{svg}");
    }
    assert_eq!(files(&directory).len(), 1, "no temporary file stays");
}

#[tokio::test]
async fn a_file_that_exists_is_replaced_on_demand_only() {
    let (app, directory) = shop().await;
    let out = directory.path().join("sticker.svg");
    std::fs::write(&out, "mine").unwrap();
    let path = out.to_str().unwrap();
    let arguments = ["sticker", "sh-1_a", "--out", path, "--public-url", "https://card.example"];
    let error = refusal(&app, &arguments);
    assert!(error.contains("exists") && error.contains("--force"), "{error}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
    assert_eq!(files(&directory).len(), 1);
    sticker(&app, &out, "https://card.example", &["--force"]);
    assert!(std::fs::read_to_string(&out).unwrap().starts_with("<?xml"));
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let (app, directory) = shop().await;
    let out = directory.path().join("sticker.svg").to_str().unwrap().to_owned();
    let nowhere = directory.path().join("nothing/sticker.svg").to_str().unwrap().to_owned();
    let folder = directory.path().to_str().unwrap().to_owned();
    let url = "https://card.example";
    for (shop, file, url, reason) in [
        ("nothing", &out, url, "there is no shop 'nothing'"),
        ("sh-1_a", &nowhere, url, "cannot write"),
        ("sh-1_a", &folder, url, "is a directory"),
        ("sh-1_a", &out, "card.example", "--public-url"),
        ("sh-1_a", &out, "https://card.example/page", "--public-url"),
        ("sh-1_a", &out, &format!("https://{}.example", "a".repeat(3_000)), "too long for a QR code"),
    ] {
        let error = refusal(&app, &["sticker", shop, "--out", file, "--public-url", url]);
        assert!(error.contains(reason), "{reason}: {error}");
    }
    sql(&app, "UPDATE shops SET left_on = '2020-01-01'");
    let error = refusal(&app, &["sticker", "sh-1_a", "--out", &out, "--public-url", url]);
    assert!(error.contains("no longer takes part since 2020-01-01"), "{error}");
    assert!(files(&directory).is_empty());
}

#[tokio::test]
async fn a_long_name_is_made_smaller_and_cut_at_last() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("members.sqlite");
    let database = open_database(&file).unwrap();
    let csv = format!(
        "id,name,category,city,lng,lat,coord_system\na,梧桐里,coffee,shanghai,121.4,31.2,gcj02\n\
         b,The Old Lantern Coffee Roasters of Wukang Road,coffee,shanghai,121.4,31.2,gcj02\n\
         c,{},coffee,shanghai,121.4,31.2,gcj02\n",
        "长".repeat(500)
    );
    member_server::import_shops(&database, csv.as_bytes()).await.unwrap();
    for (shop, lines, cut) in [("a", 1, false), ("b", 3, false), ("c", 5, true)] {
        let out = directory.path().join(format!("{shop}.svg"));
        operator(
            &file,
            noon(),
            &["sticker", shop, "--out", out.to_str().unwrap(), "--public-url", "https://card.example"],
        );
        let svg = std::fs::read_to_string(out).unwrap();
        assert_eq!(svg.matches("font-weight=\"700\">").count(), lines, "{shop}: {svg}");
        assert_eq!(svg.contains('…'), cut, "{shop}");
    }
}
