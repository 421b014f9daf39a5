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
    copy_lists(copy.path());
    std::fs::create_dir_all(copy.path().join("docs")).expect("a directory");
    let original = |file: &str| std::fs::read_to_string(root().join(file)).expect("readable");
    let copied = |file: &str| std::fs::read_to_string(copy.path().join(file)).expect("readable");
    for file in FILES {
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

/// Copies the files that are registers and changes, and those that list them.
fn copy_lists(copy: &Path) {
    for folder in ["entities/src", "migration/src"] {
        std::fs::create_dir_all(copy.join(folder)).expect("a directory");
        for entry in std::fs::read_dir(root().join(folder)).expect("readable") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                std::fs::copy(&path, copy.join(folder).join(path.file_name().expect("a name"))).expect("writable");
            }
        }
    }
}

#[test]
fn a_new_register_and_a_new_change_are_listed() {
    let copy = tempfile::tempdir().expect("a directory");
    copy_lists(copy.path());
    let write = |file: &str, text: &str| std::fs::write(copy.path().join(file), text).expect("writable");
    let read = |file: &str| std::fs::read_to_string(copy.path().join(file)).expect("readable");
    let lists = ["entities/src/lib.rs", "entities/src/registers.rs", "migration/src/lib.rs"];
    let before = lists.map(read);
    write("entities/src/bench_seat.rs", "pub const REGISTER: Register = Register {");
    write("entities/src/no_register.rs", "pub struct NoRegister;");
    write("migration/src/m20990101_000001_bench_seats.rs", "");
    let said = civigrid(copy.path(), &["regenerate"]);
    assert!(!said.success && said.complaints.contains("build the program and run this again"), "{}", said.complaints);
    let [modules, registers, changes] = lists.map(read);
    assert!(modules.contains("\npub mod bench_seat;\npub mod building;\n"), "{modules}");
    assert!(!modules.contains("no_register"));
    assert!(registers.contains("    &super::bench_seat::REGISTER,\n    // end: registers\n"), "{registers}");
    assert!(registers.contains("    visitor.visit(&super::bench_seat::REGISTER, super::bench_seat::Entity);\n    // end: entities\n"));
    assert!(changes.contains("\nmod m20990101_000001_bench_seats;\n// end: modules of changes\n"), "{changes}");
    assert!(changes.contains("            Box::new(m20990101_000001_bench_seats::Migration),\n            // end: changes\n"));
    for file in ["entities/src/bench_seat.rs", "migration/src/m20990101_000001_bench_seats.rs"] {
        std::fs::remove_file(copy.path().join(file)).expect("it is there");
    }
    assert!(!civigrid(copy.path(), &["regenerate"]).success);
    assert_eq!(lists.map(read), before);
}

#[test]
fn outside_of_the_source_tree_nothing_is_written() {
    let elsewhere = tempfile::tempdir().expect("a directory");
    let said = civigrid(elsewhere.path(), &["regenerate"]);
    assert!(!said.success && said.complaints.contains("is not the source tree of Civigrid"), "{}", said.complaints);
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("readable").count(), 0);
}
