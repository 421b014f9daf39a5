//! The container file, the systemd unit and the Debian package name only what there is.

use std::path::Path;
use std::process::{Command, Output};

use crate::harness::program;
use crate::schema::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Panics unless the program knows these arguments.
#[track_caller]
fn accepted(arguments: &[&str]) {
    let output = program::run(&[arguments, &["--help"]].concat(), &[]);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Runs a program that may not be installed; None if it is not.
fn installed(name: &str, arguments: &[&str], directory: &Path) -> Option<Output> {
    Command::new(name).args(arguments).current_dir(directory).env("DPKG_DEB_COMPRESSOR_TYPE", "none").output().ok()
}

#[test]
fn the_container_file_names_only_what_there_is() {
    let text = read("ops/Containerfile").replace("\\\n", " ");
    let lines: Vec<(&str, &str)> =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.trim().split_once(' ')).collect();
    let of = |word: &'static str| lines.iter().filter(move |(first, _)| *first == word).map(|(_, rest)| rest.trim());
    let mut copied = Vec::new();
    for copy in of("COPY").filter(|copy| !copy.starts_with("--from")) {
        let words: Vec<&str> = copy.split_whitespace().collect();
        copied.extend(words[..words.len() - 1].iter().map(|path| (*path).to_owned()));
    }
    for path in &copied {
        assert!(root().join(path).exists(), "{path}");
    }
    let workspace: toml::Table = read("Cargo.toml").parse().expect("TOML");
    for member in workspace["workspace"]["members"].as_array().expect("members") {
        assert!(copied.iter().any(|path| Some(path.as_str()) == member.as_str()), "{member} is not copied");
    }
    assert!(workspace["profile"].get("dist").is_some() && text.contains("--profile dist") && text.contains("target/dist/civigrid"));

    let list = |text: &str| -> Vec<String> { serde_json::from_str(&text[text.find('[').expect("a list")..]).expect("a list of texts") };
    let health = list(of("HEALTHCHECK").next().expect("a health check"));
    let entry = list(of("ENTRYPOINT").next().expect("an entry"));
    assert_eq!(health[0], entry[0]);
    assert!(text.contains(&format!("COPY --from=build /source/target/dist/civigrid {}", entry[0])));
    accepted(&health[1..].iter().map(String::as_str).collect::<Vec<_>>());
    let command = list(of("CMD").next().expect("a command"));
    accepted(&command.iter().map(String::as_str).collect::<Vec<_>>());
    let user = of("USER").next_back().expect("a user");
    assert!(user != "root" && user != "0");
    let settings: Vec<(&str, &str)> = of("ENV").map(|pair| pair.split_once('=').expect("name=value")).collect();
    let output = program::run(&["serve", "--check", "--offline"], &settings);
    assert_ne!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let port = of("EXPOSE").next().expect("a port");
    assert!(settings.iter().any(|(name, value)| *name == "CIVIGRID_SERVER__LISTEN" && value.ends_with(&format!(":{port}"))));
}

#[test]
fn the_unit_starts_the_program_and_is_closed_in() {
    let unit = read("ops/civigrid.service");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a start");
    let words: Vec<&str> = start.split_whitespace().collect();
    accepted(&words[1..]);
    let directory = program::directory("unit");
    let here = unit.replace("/usr/bin/civigrid", program::path()).replace("User=civigrid\nGroup=civigrid\n", "");
    std::fs::write(directory.join("civigrid.service"), here).expect("the workplace can be written to");
    let Some(verified) = installed("systemd-analyze", &["verify", "--man=no", "civigrid.service"], &directory) else { return };
    let told = String::from_utf8_lossy(&verified.stderr).into_owned();
    assert!(verified.status.success() && !told.contains("civigrid.service:"), "{told}");
    let threshold = ["security", "--offline=true", "--threshold=20", "civigrid.service"];
    let judged = installed("systemd-analyze", &threshold, &directory).expect("it was there");
    assert!(judged.status.success(), "exposed more than 2.0: {}", String::from_utf8_lossy(&judged.stdout));
}

#[test]
fn the_debian_package_holds_what_the_unit_starts() {
    let directory = program::directory("package");
    if installed("dpkg-deb", &["--version"], &directory).is_none() {
        return;
    }
    let script = root().join("ops/debian/package").display().to_string();
    let built = installed(&script, &[program::path(), "."], &directory).expect("it can be run");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let package = String::from_utf8_lossy(&built.stdout).trim().to_owned();
    assert!(package.contains(&format!("/civigrid_{}_", env!("CARGO_PKG_VERSION"))), "{package}");
    let list = installed("dpkg-deb", &["--contents", &package], &directory).expect("it was there");
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    for (mode, path) in [
        ("-rwxr-xr-x root/root", "./usr/bin/civigrid"),
        ("-rw-r--r-- root/root", "./lib/systemd/system/civigrid.service"),
        ("-rw-r----- root/root", "./etc/civigrid/civigrid.toml"),
        ("-rw-r--r-- root/root", "./usr/share/doc/civigrid/administrator.md"),
        ("-rw-r--r-- root/root", "./usr/share/doc/civigrid/grafana-dashboard.json"),
        ("-rw-r--r-- root/root", "./usr/share/doc/civigrid/copyright"),
    ] {
        assert!(list.lines().any(|line| line.starts_with(mode) && line.ends_with(path)), "{mode} {path} in\n{list}");
    }
    let unpacked = directory.join("unpacked");
    let taken = installed("dpkg-deb", &["--raw-extract", &package, &unpacked.display().to_string()], &directory).expect("it was there");
    assert!(taken.status.success());
    let version = Command::new(unpacked.join("usr/bin/civigrid")).arg("--version").output().expect("it runs");
    assert!(version.status.success() && String::from_utf8_lossy(&version.stdout).contains(env!("CARGO_PKG_VERSION")));
    let conffiles = std::fs::read_to_string(unpacked.join("DEBIAN/conffiles")).expect("a list");
    assert!(conffiles.lines().all(|file| unpacked.join(file.trim_start_matches('/')).is_file()), "{conffiles}");
    for script in ["postinst", "prerm", "postrm"] {
        let checked = Command::new("sh").arg("-n").arg(unpacked.join("DEBIAN").join(script)).output().expect("sh runs");
        assert!(checked.status.success(), "{script}");
    }
}
