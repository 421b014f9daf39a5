//! Files that the program writes itself are current, and one command makes them so.

use std::path::{Path, PathBuf};

use crate::civigrid;

const FILES: [&str; 4] = ["schema.graphql", "docs/matrix.md", "docs/privacy.md", "docs/errors.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_generated_file_is_current() {
    let said = civigrid(&root(), &["regenerate", "--check"]);
    assert!(said.success, "{}", said.complaints);
}

#[test]
fn what_is_out_of_date_is_named_and_written_anew() {
    let copy = tempfile::tempdir().expect("a directory");
    for directory in ["docs", "entities/src"] {
        std::fs::create_dir_all(copy.path().join(directory)).expect("a directory");
    }
    let original = |file: &str| std::fs::read_to_string(root().join(file)).expect("readable");
    let copied = |file: &str| std::fs::read_to_string(copy.path().join(file)).expect("readable");
    for file in FILES.into_iter().chain(["entities/src/registers.rs"]) {
        std::fs::write(copy.path().join(file), original(file)).expect("writable");
    }
    assert!(civigrid(copy.path(), &["regenerate", "--check"]).success);
    for file in FILES {
        let stale = original(file).replace("BAD_INPUT", "GOOD_INPUT").replace("grid_worker", "grid_walker");
        assert_ne!(stale, original(file), "{file}");
        std::fs::write(copy.path().join(file), stale).expect("writable");
    }
    let refused = civigrid(copy.path(), &["regenerate", "--check"]);
    assert!(!refused.success);
    for words in FILES.into_iter().chain(["run: cargo run -- regenerate"]) {
        assert!(refused.complaints.contains(words), "{words}: {}", refused.complaints);
    }
    std::fs::remove_file(copy.path().join("docs/matrix.md")).expect("it is there");
    assert!(civigrid(copy.path(), &["regenerate"]).success);
    for file in FILES {
        // What people wrote around the generated parts stays as it is, so the example in the page on errors keeps its fault.
        let mended = if file == "docs/errors.md" { copied(file).replace("GOOD_INPUT", "BAD_INPUT") } else { copied(file) };
        assert_eq!(mended, original(file), "{file}");
    }
    assert!(copied("docs/errors.md").contains("| `BAD_INPUT` |"));
    assert!(civigrid(copy.path(), &["regenerate", "--check"]).success);
}

#[test]
fn outside_of_the_source_tree_nothing_is_written() {
    let elsewhere = tempfile::tempdir().expect("a directory");
    let said = civigrid(elsewhere.path(), &["regenerate"]);
    assert!(!said.success && said.complaints.contains("is not the source tree of Civigrid"), "{}", said.complaints);
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("readable").count(), 0);
}
