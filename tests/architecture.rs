//! The rules of the source text of the library, checked by reading it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules that every other may use.
const GROUND: [&str; 6] = ["error", "diagnostic", "progress", "math", "rng", "varint"];

/// The floors from bottom to top: a module and those that it may use besides the ground and itself.
/// The same table, with reasons, is in `crates/README.md`.
const FLOORS: [(&str, &[&str]); 22] = [
    ("error", &[]),
    ("diagnostic", &[]),
    ("progress", &[]),
    ("math", &[]),
    ("rng", &[]),
    ("varint", &[]),
    ("corpus", &[]),
    ("segment", &["corpus"]),
    ("language", &[]),
    ("token", &["corpus", "segment"]),
    ("association", &[]),
    ("vocabulary", &["segment", "language", "token", "association"]),
    ("cooccurrence", &["vocabulary"]),
    ("graph", &[]),
    ("network", &["vocabulary", "cooccurrence", "association", "graph"]),
    ("community", &["graph"]),
    ("layout", &["graph", "community"]),
    ("options", &["segment", "language", "vocabulary", "association"]),
    (
        "theme",
        &[
            "corpus",
            "segment",
            "language",
            "token",
            "vocabulary",
            "cooccurrence",
            "association",
            "network",
            "graph",
            "community",
            "options",
        ],
    ),
    (
        "analysis",
        &[
            "corpus",
            "segment",
            "language",
            "token",
            "vocabulary",
            "cooccurrence",
            "association",
            "network",
            "graph",
            "community",
            "layout",
            "theme",
            "options",
        ],
    ),
    (
        "explain",
        &[
            "corpus",
            "segment",
            "token",
            "vocabulary",
            "association",
            "network",
            "theme",
            "options",
            "analysis",
        ],
    ),
    ("lib", &[]),
];

/// What the library must not reach for: files, the environment, clocks, threads of its own, output.
const ABSENT: [&str; 12] = [
    "std::fs",
    "std::env",
    "std::time",
    "std::net",
    "std::process",
    "std::io",
    "std::thread",
    "println!",
    "print!(",
    "dbg!",
    "static mut",
    "HashMap::new()",
];

fn crates() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates")
}

/// All Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The top-level module of each file of the library, and its code without comments and tests.
fn library() -> Vec<(String, PathBuf, String)> {
    let root = crates().join("themeweave/src");
    let module = |path: &Path| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    sources(&root)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            (module(&path), path, code.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

/// What follows each `crate::`.
fn uses(code: &str) -> BTreeSet<&str> {
    let paths = code.match_indices("crate::").map(|(at, found)| &code[at + found.len()..]);
    paths.map(|path| path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()).collect()
}

#[test]
fn modules_keep_to_their_floors() {
    for (module, path, code) in library() {
        let Some((_, allowed)) = FLOORS.iter().find(|floor| floor.0 == module) else {
            panic!("{} has no floor; give it one here and in crates/README.md", path.display());
        };
        for used in uses(&code) {
            // An empty name is `use crate::{…}`, which would slip past this test.
            assert!(!used.is_empty(), "{}: one `use crate::module::…` for each module", path.display());
            let is_known =
                module == "lib" || used == module || GROUND.contains(&used) || allowed.contains(&used);
            assert!(is_known, "{}: {module} must not use {used}", path.display());
        }
    }
}

#[test]
fn floors_are_in_order() {
    for (i, (module, allowed)) in FLOORS.iter().enumerate() {
        for used in *allowed {
            assert!(FLOORS[..i].iter().any(|floor| floor.0 == *used), "{module} stands below {used}");
        }
    }
}

#[test]
fn a_use_that_is_not_allowed_would_be_seen() {
    assert_eq!(uses("use crate::token::Tokens;\ncrate::math::ln(1.0)"), BTreeSet::from(["math", "token"]));
    assert_eq!(uses("use crate::{a, b};"), BTreeSet::from([""]));
}

#[test]
fn the_library_reaches_for_nothing_outside() {
    for (_, path, code) in library() {
        for absent in ABSENT {
            assert!(!code.contains(absent), "{}: {absent}", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for name in ["themeweave", "themeweave-io", "themeweave-cli"] {
        for path in sources(&crates().join(name).join("src")) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//!") || path.ends_with("main.rs"), "{}", path.display());
        }
    }
}

#[test]
fn the_architecture_page_names_every_crate_and_module() {
    let page = fs::read_to_string(crates().join("README.md")).unwrap();
    let modules: BTreeSet<String> = library().into_iter().map(|(module, _, _)| module).collect();
    for module in modules {
        assert!(page.contains(&format!("`{module}`")), "crates/README.md does not name `{module}`");
    }
    for entry in fs::read_dir(crates()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            assert!(page.contains(&format!("`{name}`")), "crates/README.md does not name `{name}`");
        }
    }
}

#[test]
fn the_table_of_the_architecture_page_is_this_one() {
    let page = fs::read_to_string(crates().join("README.md")).unwrap();
    for (module, allowed) in FLOORS.iter().filter(|floor| !matches!(floor.0, "analysis" | "lib")) {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{module}` |")));
        let Some(row) = row else { panic!("no row for `{module}`") };
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let named: BTreeSet<&str> = last.split('`').skip(1).step_by(2).collect();
        assert_eq!(named, allowed.iter().copied().collect(), "{module}");
    }
}
