#![allow(missing_docs)]
fn main() {
    divan::main();
}
