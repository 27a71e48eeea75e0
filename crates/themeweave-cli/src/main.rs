//! The program `themeweave`.
fn main() -> std::process::ExitCode {
    themeweave_cli::main()
}
