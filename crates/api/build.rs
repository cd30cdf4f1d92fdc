//! Has the crate built again when a template changes: they are built in.

fn main() {
    println!("cargo::rerun-if-changed=../../assets/templates");
}
