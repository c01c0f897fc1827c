//! Starts the page in the browser. In debug builds, starts the designers' gallery if the address names it or
//! nothing.

fn main() {
    #[cfg(debug_assertions)]
    if member_page::gallery::open() {
        return;
    }
    member_page::mount();
}
