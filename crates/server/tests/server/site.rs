//! The built page, served by the same process.

use crate::support::{Answer, Setup, TestApp, noon};
use base64::{Engine, engine::general_purpose::STANDARD};
use member_domain::wire::ProblemKind;
use member_server::{
    clock::Clock,
    http::connections::ConnectionLimits,
    open_database,
    refunds::webhook::WebhookSecrets,
    serve::{OFFLINE_MILLIS, Server, Settings, TERMINAL_LIMIT},
};
use reqwest::Method;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const SCRIPT: &str = "\nimport init from '/app-0123456789abcdef.js';\nawait init();\n";
const HASHED: &str = "/app-0123456789abcdef.js";

/// A built page as Trunk leaves it, next to a file that must not be served.
fn dist() -> TempDir {
    let directory = TempDir::new().unwrap();
    let site = directory.path().join("dist");
    std::fs::create_dir_all(site.join("icons")).unwrap();
    std::fs::create_dir_all(site.join("module")).unwrap();
    let html = format!(
        "<!doctype html><script src=\"/theme.js\"></script><script type=\"module\">{SCRIPT}</script><title>卡</title>"
    );
    for (name, content) in [
        ("index.html", html.as_bytes()),
        ("app-0123456789abcdef.js", b"plain"),
        ("app-0123456789abcdef.js.br", b"brotli"),
        ("app-0123456789abcdef.js.gz", b"gzip"),
        ("app-0123456789abcdef_bg.wasm", b"\0asm"),
        ("style-fedcba9876543210.css", b"a{}"),
        ("font-0a1b2c3d4e5f.woff2", b"font"),
        ("manifest.webmanifest", b"{}"),
        ("icons/icon-192.png", b"png"),
        ("service-worker.js", b"the page's"),
        ("module/member-page.js", b"module"),
        ("module/member-page.js.br", b"module in brotli"),
        ("module/member-page_bg.wasm", b"\0asm"),
        ("module/member-page-00aa11bb22cc33dd.css", b"a{}"),
        ("module/member-page.d.ts", b"export {};"),
        ("module/package.json", b"{}"),
        ("../secret.txt", b"secret"),
    ] {
        std::fs::write(site.join(name), content).unwrap();
    }
    directory
}

async fn app() -> (TestApp, TempDir) {
    app_with(Setup::default()).await
}

async fn app_with(setup: Setup) -> (TestApp, TempDir) {
    let directory = dist();
    let site = Some(directory.path().join("dist"));
    (TestApp::start(Setup { site, ..setup }).await, directory)
}

async fn fetch(app: &TestApp, path: &str, accept_encoding: &str) -> Answer {
    app.get(path).header("accept-encoding", accept_encoding).answer().await
}

#[tokio::test]
async fn files_have_their_types() {
    let (app, _directory) = app().await;
    for (path, content_type) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        (HASHED, "text/javascript"),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/style-fedcba9876543210.css", "text/css"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icons/icon-192.png", "image/png"),
    ] {
        let answer = app.get(path).answer().await.expect(200);
        assert!(answer.header("content-type").starts_with(content_type), "{path}: {}", answer.header("content-type"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    assert!(app.get("/").answer().await.text().contains("卡"));
}

#[tokio::test]
async fn only_hashed_names_are_kept() {
    let (app, _directory) = app().await;
    for path in [HASHED, "/app-0123456789abcdef_bg.wasm", "/style-fedcba9876543210.css", "/font-0a1b2c3d4e5f.woff2"] {
        let answer = app.get(path).answer().await.expect(200);
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable", "{path}");
    }
    for path in ["/", "/index.html", "/manifest.webmanifest", "/icons/icon-192.png"] {
        assert_eq!(app.get(path).answer().await.expect(200).header("cache-control"), "no-cache", "{path}");
    }
    // A missing file with a hashed name, of another build, must not be cached as missing.
    app.get("/app-aaaaaaaaaaaaaaaa.js").answer().await.problem(ProblemKind::NotFound);
}

#[tokio::test]
async fn a_page_asked_for_again_is_not_sent_again() {
    let (app, _directory) = app().await;
    let modified = app.get("/").answer().await.expect(200).header("last-modified").to_owned();
    let answer = app.get("/").header("if-modified-since", &modified).answer().await.expect(304);
    assert!(answer.body.is_empty());
}

/// A 304 updates the headers in the browser's cache (RFC 9111 §4.3.4), so it must not remove `immutable`.
#[tokio::test]
async fn revalidating_a_hashed_file_leaves_it_immutable() {
    let (app, _directory) = app().await;
    let modified = app.get(HASHED).answer().await.expect(200).header("last-modified").to_owned();
    let answer = app.get(HASHED).header("if-modified-since", &modified).answer().await.expect(304);
    assert_ne!(answer.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn the_best_encoding_the_browser_takes_is_sent() {
    let (app, _directory) = app().await;
    for (accepted, encoding, body) in [
        ("br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br", "brotli"),
        ("br;q=0, gzip", "gzip", "gzip"),
        ("gzip;q=0.5, br;q=1.0", "br", "brotli"),
        ("identity", "", "plain"),
        ("zstd", "", "plain"),
        ("", "", "plain"),
    ] {
        let answer = fetch(&app, HASHED, accepted).await.expect(200);
        assert_eq!((answer.header("content-encoding"), answer.text().as_str()), (encoding, body), "{accepted}");
        assert!(answer.header("content-type").starts_with("text/javascript"), "{accepted}: the type of what is inside");
    }
    let answer = fetch(&app, "/manifest.webmanifest", "br, gzip").await.expect(200);
    assert_eq!((answer.header("content-encoding"), answer.text().as_str()), ("", "{}"), "no encoded sibling");
}

/// Without `Vary`, a shared cache would hand brotli to a browser that cannot read it (RFC 9110 §12.5.5).
#[tokio::test]
async fn an_answer_that_depends_on_the_encoding_says_so() {
    let (app, _directory) = app().await;
    for accepted in ["br", "identity"] {
        let answer = fetch(&app, HASHED, accepted).await.expect(200);
        assert!(answer.header("vary").to_lowercase().contains("accept-encoding"), "{accepted}");
    }
}

#[tokio::test]
async fn the_policy_allows_the_pages_own_script_by_hash_and_no_other() {
    let (app, _directory) = app().await;
    let answer = app.get("/").answer().await.expect(200);
    let policy = answer.header("content-security-policy");
    let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(SCRIPT)));
    let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
    assert_eq!(scripts.trim(), format!("script-src 'self' 'wasm-unsafe-eval' {hash}"));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    for part in ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "connect-src 'self'"] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
}

#[tokio::test]
async fn the_policy_lets_no_text_become_script_and_has_what_it_stops_reported() {
    let public_origin = Some("https://card.example".to_owned());
    let (app, _directory) = app_with(Setup { public_origin, ..Setup::default() }).await;
    let page = app.get("/").answer().await.expect(200);
    let staff = app.get("/R").answer().await.expect(200);
    for (answer, policies) in [(&page, "trusted-types member-page"), (&staff, "trusted-types 'none'")] {
        let policy = answer.header("content-security-policy");
        let parts: Vec<&str> = policy.split(';').map(str::trim).collect();
        for part in ["require-trusted-types-for 'script'", policies, "report-uri /v1/security-reports"] {
            assert!(parts.contains(&part), "{part}: {policy}");
        }
        assert!(parts.contains(&"report-to security"), "{policy}");
        assert_eq!(answer.header("reporting-endpoints"), "security=\"/v1/security-reports\"");
    }
}

/// With `no-referrer`, Safari before 16.4 would send `Origin: null` with the page's own calls. The server
/// refuses these.
#[tokio::test]
async fn the_page_tells_itself_where_it_calls_from_and_no_other_site() {
    let (app, _directory) = app().await;
    for path in ["/", "/index.html", HASHED] {
        let answer = app.get(path).answer().await.expect(200);
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
    assert_eq!(app.get("/v1/shops").answer().await.expect(200).header("referrer-policy"), "no-referrer");
}

/// Browsers use `report-to` only over HTTPS. If the policy contains it, they ignore `report-uri`.
#[tokio::test]
async fn without_https_reports_go_the_old_way() {
    let (app, _directory) = app().await;
    for path in ["/", "/R", "/R/1"] {
        let page = app.get(path).answer().await;
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with("report-uri /v1/security-reports"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn who_shows_the_page_in_a_frame_is_for_the_operator_to_say() {
    let ancestors = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    for (named, sources) in [
        (&[][..], "frame-ancestors 'self'"),
        (&["self", "https://app.example"][..], "frame-ancestors 'self' https://app.example"),
        (&["none"][..], "frame-ancestors 'none'"),
    ] {
        let (app, _directory) = app_with(Setup { frame_ancestors: ancestors(named), ..Setup::default() }).await;
        let page = app.get("/").answer().await.expect(200);
        let policy = page.header("content-security-policy");
        assert!(policy.split(';').any(|part| part.trim() == sources), "{policy}");
        // Staff pages can never be framed, whatever the setting for the member's page.
        let staff = app.get("/R").answer().await.expect(200);
        assert!(staff.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
}

#[tokio::test]
async fn the_module_is_for_pages_of_all_sites_and_nothing_else_is() {
    let (app, _directory) = app().await;
    for (path, content_type, kept) in [
        ("/module/member-page.js", "text/javascript", false),
        ("/module/member-page_bg.wasm", "application/wasm", false),
        ("/module/member-page-00aa11bb22cc33dd.css", "text/css", true),
        ("/module/member-page.d.ts", "application/typescript; charset=utf-8", false),
        ("/module/package.json", "application/json", false),
    ] {
        let answer = app.get(path).header("origin", "https://anybody.example").answer().await.expect(200);
        assert!(answer.header("content-type").starts_with(content_type), "{path}: {}", answer.header("content-type"));
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "{path}");
        assert_eq!(answer.header("cache-control").contains("immutable"), kept, "{path}");
    }
    let answer = fetch(&app, "/module/member-page.js", "br").await.expect(200);
    assert_eq!((answer.header("content-encoding"), answer.text().as_str()), ("br", "module in brotli"));
    for path in ["/", HASHED, "/module-0123456789abcdef.js", "/modules/x.js", "/v1/shops", "/v1/me", "/healthz", "/R"] {
        let answer = app.get(path).header("origin", "https://anybody.example").answer().await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn a_retired_service_worker_deletes_what_it_keeps_and_touches_no_open_page() {
    let (app, _directory) = app().await;
    assert!(app.get("/service-worker.js").answer().await.expect(200).text().starts_with("the page's\n"));
    let (app, _directory) = app_with(Setup { retire_service_worker: true, ..Setup::default() }).await;
    let answer = app.get("/service-worker.js").answer().await.expect(200);
    assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("text/javascript", "no-cache"));
    let worker = answer.text();
    for needed in ["caches.delete", "name.startsWith(\"member-page-\")", "registration.unregister()", "skipWaiting()"] {
        assert!(worker.contains(needed), "{needed}");
    }
    for unwanted in ["navigate", "clients", "\"fetch\""] {
        assert!(!worker.contains(unwanted), "{unwanted}");
    }
    app.get("/").answer().await.expect(200);
}

/// Devices keep the page with its old headers until there is another service worker.
#[tokio::test]
async fn a_changed_setting_is_a_new_version_of_the_service_worker() {
    let worker = async |public_origin: &str, ancestor: &str| {
        let public_origin = Some(public_origin.to_owned());
        let frame_ancestors = vec![ancestor.parse().unwrap()];
        let (app, _directory) = app_with(Setup { public_origin, frame_ancestors, ..Setup::default() }).await;
        let answer = fetch(&app, "/service-worker.js", "br, gzip").await.expect(200);
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("text/javascript", "no-cache"));
        answer.text()
    };
    let first = worker("https://card.example", "self").await;
    assert_eq!(worker("https://card.example", "self").await, first, "a restart changes nothing");
    assert_ne!(worker("https://card.example", "https://app.example").await, first);
    assert_ne!(worker("https://other.example", "self").await, first);
    let (built, line) = first.split_once('\n').unwrap();
    assert_eq!(built, "the page's");
    assert!(line.starts_with("// ") && line.ends_with('\n') && line.lines().count() == 1, "a comment: {line}");
}

#[tokio::test]
async fn a_page_that_is_built_anew_brings_its_service_worker_without_a_restart() {
    let (app, directory) = app().await;
    let file = directory.path().join("dist/service-worker.js");
    std::fs::write(&file, "the next one's\n").unwrap();
    assert!(app.get("/service-worker.js").answer().await.expect(200).text().starts_with("the next one's\n// "));
    std::fs::remove_file(&file).unwrap();
    app.get("/service-worker.js").answer().await.problem(ProblemKind::NotFound);
}

#[tokio::test]
async fn a_page_that_is_built_anew_brings_its_policy_without_a_restart() {
    let (app, directory) = app().await;
    let said = async || {
        let page = app.get("/").answer().await.expect(200).header("content-security-policy").to_owned();
        let worker = app.get("/service-worker.js").answer().await.expect(200).text();
        (page, worker)
    };
    let before = said().await;
    let index = directory.path().join("dist/index.html");
    let html = std::fs::read_to_string(&index).unwrap();
    std::fs::write(&index, html.replace(SCRIPT, "next()")).unwrap();
    let hash = |script: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
    let after = said().await;
    assert!(before.0.contains(&hash(SCRIPT)) && !before.0.contains(&hash("next()")), "{}", before.0);
    assert!(after.0.contains(&hash("next()")) && !after.0.contains(&hash(SCRIPT)), "{}", after.0);
    assert_ne!(before.1, after.1, "devices keep the page with its headers: new ones are a new version");
    // While the file is being replaced, the last policy applies.
    std::fs::remove_file(&index).unwrap();
    assert_eq!(said_of_file(&app).await, after.0);
}

async fn said_of_file(app: &TestApp) -> String {
    app.get(HASHED).answer().await.expect(200).header("content-security-policy").to_owned()
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let (app, _directory) = app().await;
    for path in
        ["/nothing", "/icons/", "/module/", "/icons/nothing.png", "/v1/nothing", "/demo/active", "/index.html/x"]
    {
        app.get(path).answer().await.problem(ProblemKind::NotFound);
    }
}

#[tokio::test]
async fn a_method_the_site_does_not_take_is_a_problem() {
    let (app, _directory) = app().await;
    for (method, path) in [
        (Method::POST, "/"),
        (Method::DELETE, "/nothing"),
        (Method::POST, "/v1/nothing"),
        (Method::TRACE, "/"),
        (Method::TRACE, "/v1/me"),
    ] {
        let answer = app.call(method.clone(), path).answer().await;
        assert!([404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
        answer.any_problem(answer.status);
    }
}

#[tokio::test]
async fn files_beside_the_site_stay_private() {
    let (app, directory) = app().await;
    assert!(directory.path().join("secret.txt").exists());
    // Encoded, so that the client does not resolve the dots before sending.
    for path in ["/..%2fsecret.txt", "/icons/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/%2fetc%2fpasswd", "/a%00b"] {
        let answer = app.get(path).answer().await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("secret"), "{path}");
        answer.problem(ProblemKind::NotFound);
    }
}

#[tokio::test]
async fn the_api_goes_before_the_site() {
    let (app, _directory) = app().await;
    assert_eq!(app.get("/healthz").answer().await.expect(200).text(), "ok");
    assert_eq!(app.shops("").await.total, 0);
}

#[tokio::test]
async fn without_a_built_page_the_server_says_how_to_build_it() {
    let directory = TempDir::new().unwrap();
    let settings = Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        site: Some(directory.path().join("dist")),
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
        clock: Clock::manual(noon()),
    };
    let database = open_database(&directory.path().join("members.sqlite")).unwrap();
    let error = format!("{:#}", Server::bind(database, settings).await.err().unwrap());
    assert!(error.contains("index.html") && error.contains("make build"), "{error}");
}

#[tokio::test]
async fn two_slashes_lead_to_no_other_host() {
    let (app, _directory) = app().await;
    for address in ["//icons", "//icons/", "//evil.example", "//module", "///icons", "//v1/shops", "//"] {
        let url = format!("http://{}{address}", app.address);
        let answer = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let answer = answer.get(url).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (404, None), "{address}");
    }
    app.get("/icons/icon-192.png").answer().await.expect(200);
}
