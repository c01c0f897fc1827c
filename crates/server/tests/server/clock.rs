//! The source of a command's time: the machine's clock or, in a debug build, the environment.

use crate::support::{TestApp, member_server_command, noon};
use member_server::clock::{Clock, NOW_VARIABLE};

#[test]
fn a_running_clock_starts_where_it_is_told_and_goes_on() {
    let clock = Clock::Running { start: noon(), since: std::time::Instant::now() };
    let first = clock.now();
    assert!(first >= noon() && first < noon().plus_millis(60_000), "{first:?}");
    while clock.now() == first {
        std::hint::spin_loop();
    }
    assert!(clock.now() > first);
}

/// The terminal's creation time comes from the test's clock, not from the machine's.
#[tokio::test]
async fn a_command_goes_by_the_clock_it_is_given() {
    let csv = "id,name,category,city,lng,lat,coord_system\nsh,店,coffee,shanghai,121.4,31.2,gcj02\n";
    let app = TestApp::with_shops(csv).await;
    app.operator(&["terminal", "add", "sh"]);
    let list = app.operator(&["terminal", "list", "sh"]);
    assert!(list.contains("2026-11-20 12:00"), "{list}");
}

#[test]
fn an_instant_that_is_none_is_refused_with_what_to_write() {
    for value in ["", "2026-11-20", "12:00", "1.5"] {
        let mut command = member_server_command(noon());
        command.env(NOW_VARIABLE, value).args(["attempts", "--database", "sqlite:///nowhere/x.sqlite"]);
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains("write an instant in UTC milliseconds"), "{value}: {error}");
    }
}
