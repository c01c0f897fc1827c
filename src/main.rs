//! Starts the page in the browser; in debug builds the designers' gallery, where the address asks for nothing else.

fn main() {
    #[cfg(debug_assertions)]
    if member_page::gallery::open() {
        return;
    }
    member_page::mount();
}
