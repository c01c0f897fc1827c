//! Starts the page in the browser.

fn main() {
    member_page::mount();
}
