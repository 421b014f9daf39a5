mod addresses;
mod register;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::config::{Issuer, Secret};

const SECRET: &str = "a secret of development, 32 bytes";
const ISSUER: &str = "https://login.example";
/// The present of these tests.
const NOW: i64 = 1_790_000_000;

struct World {
    authenticator: Authenticator,
    signer: SigningKey,
    /// The public key's own bytes, for confusing the algorithms.
    public: Vec<u8>,
    file: std::path::PathBuf,
    _directory: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self::with(true)
    }

    fn with(trusted_for_roles: bool) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let (pem, jwks) = new_key_pair("main").expect("a key");
        let file = directory.path().join("jwks.json");
        std::fs::write(&file, &jwks).expect("written");
        let settings = config::Authentication {
            issuers: vec![Issuer {
                issuer: ISSUER.to_owned(),
                audience: "civigrid".to_owned(),
                jwks_file: Some(file.clone()),
                jwks_url: None,
                trusted_for_roles,
            }],
            dangerous_development_secret: Some(Secret::new(SECRET)),
            ..config::Authentication::default()
        };
        let jwks: Value = serde_json::from_str(&jwks).expect("json");
        Self {
            authenticator: Authenticator::new(&settings, ["auditor", "resident"].into_iter()).expect("keys"),
            signer: SigningKey::from_pem(&pem, "main").expect("a private key"),
            public: URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().expect("x")).expect("base64"),
            file,
            _directory: directory,
        }
    }

    fn ask(&self, token: &str) -> Result<Arc<Session>, Cause> {
        self.ask_at(token, NOW)
    }

    fn ask_at(&self, token: &str, now: i64) -> Result<Arc<Session>, Cause> {
        let now = DateTime::from_timestamp(now, 0).expect("a time");
        self.authenticator.session(Some(format!("Bearer {token}").as_bytes()), now)
    }

    fn cause(&self, token: &str) -> Cause {
        self.ask(token).expect_err("refused")
    }
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        aud: Audience::One("civigrid".to_owned()),
        sub: "someone".to_owned(),
        jti: "1".to_owned(),
        iat: NOW,
        exp: NOW + 3600,
        nbf: NOW,
        kind: Kind::Person,
        person: Some("person_01h455vb4pex5vsknk084sn02q".to_owned()),
        client: None,
        assignments: vec![Assigned {
            role: "auditor".to_owned(),
            regions: vec!["500103000000".to_owned()],
            board: Some("SERVICES".to_owned()),
            ..Assigned::default()
        }],
    }
}

fn changed(change: impl FnOnce(&mut Claims)) -> Claims {
    let mut claims = claims();
    change(&mut claims);
    claims
}

fn raw(header: &Value, claims: &Value, signature: &str) -> String {
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// Signs claims that no honest issuer writes.
fn sign(signer: &SigningKey, claims: &Value) -> String {
    signer.sign_json(claims).expect("signed")
}

#[test]
fn a_good_token_becomes_its_caller() {
    let world = World::new();
    let token = world.signer.sign(&claims()).expect("signed");
    let session = world.ask(&token).expect("accepted");
    assert_eq!(session.caller.kind, CallerKind::Person);
    assert_eq!(session.caller.account.as_ref().map(|account| account.subject.as_str()), Some("someone"));
    assert_eq!(session.caller.assignments.len(), 1);
    assert_eq!(session.caller.assignments[0].regions[0].to_string(), "500103000000");
    assert!(session.caller.person.is_some());
    assert!(Arc::ptr_eq(&session, &world.ask(&token).expect("accepted again")), "the second time it is remembered");
}

#[test]
fn without_a_header_the_caller_is_anonymous_and_other_schemes_are_refused() {
    let world = World::new();
    let now = DateTime::from_timestamp(NOW, 0).expect("a time");
    assert_eq!(world.authenticator.session(None, now).expect("anonymous").caller, Caller::anonymous());
    for header in ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "token"] {
        assert_eq!(world.authenticator.session(Some(header.as_bytes()), now).expect_err("refused"), Cause::NotBearer, "{header}");
    }
    assert!(world.authenticator.session(Some(b"Bearer \xff"), now).is_err());
}

#[test]
fn an_unsigned_token_is_refused() {
    let world = World::new();
    let claims = serde_json::to_value(claims()).expect("json");
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": alg, "kid": "main" });
        assert_eq!(world.cause(&raw(&header, &claims, "AAAA")), Cause::Algorithm);
        assert_eq!(world.cause(&raw(&header, &claims, "")), Cause::NotAToken("parts"));
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let world = World::new();
    let public: String = world.public.iter().map(|byte| char::from(*byte)).collect();
    for secret in [public.as_str(), &URL_SAFE_NO_PAD.encode(&world.public)] {
        let forged = SigningKey::development(secret).renamed("main").sign(&claims()).expect("signed");
        assert_eq!(world.cause(&forged), Cause::Algorithm);
    }
}

/// Made for these tests and used nowhere else.
const P256: &str = include_str!("../fixtures/p256.pem");
const RSA: &str = include_str!("../fixtures/rsa.pem");

#[test]
fn every_kind_of_key_verifies_its_own_signatures_and_no_others() {
    let world = World::new();
    std::fs::write(&world.file, include_str!("../fixtures/jwks.json")).expect("written");
    world.authenticator.reload_keys();
    let sign = |pem: &str, kid: &str| SigningKey::from_pem(pem, kid).expect("a private key").sign(&claims()).expect("signed");
    for (pem, kid) in [(P256, "p256"), (RSA, "rsa")] {
        assert!(world.ask(&sign(pem, kid)).is_ok(), "{kid}");
    }
    for (pem, kid) in [(P256, "rsa"), (RSA, "p256")] {
        assert_eq!(world.cause(&sign(pem, kid)), Cause::Algorithm, "{kid}");
    }
    let token = sign(RSA, "rsa");
    let (signed, _) = token.rsplit_once('.').expect("parts");
    for signature in ["AAAA", &"A".repeat(342), "not base64!"] {
        assert_eq!(world.cause(&format!("{signed}.{signature}")), Cause::Signature);
    }
    let public = include_str!("../fixtures/jwks.json");
    let forged = SigningKey::development(public).renamed("rsa").sign(&claims()).expect("signed");
    assert_eq!(world.cause(&forged), Cause::Algorithm);
}

#[test]
fn the_development_secret_signs_for_its_own_issuer_only() {
    let world = World::new();
    let signer = SigningKey::development(SECRET);
    assert_eq!(world.cause(&signer.sign(&claims()).expect("signed")), Cause::UnknownKey);
    let own = changed(|claims| claims.iss = config::Authentication::DEVELOPMENT_ISSUER.to_owned());
    assert!(world.ask(&signer.sign(&own).expect("signed")).is_ok());
    assert_eq!(world.cause(&SigningKey::development("another secret of 32 bytes......").sign(&own).expect("signed")), Cause::Signature);
    assert_eq!(world.cause(&world.signer.sign(&own).expect("signed")), Cause::UnknownKey);
}

#[test]
fn a_key_id_is_looked_up_exactly_and_never_a_path() {
    let world = World::new();
    let claims = serde_json::to_value(claims()).expect("json");
    let long = "k".repeat(129);
    for kid in ["../../etc/passwd", "a/b", "a b", "", "main\0", "clé", long.as_str()] {
        assert_eq!(world.cause(&raw(&json!({ "alg": "EdDSA", "kid": kid }), &claims, "AAAA")), Cause::KeyIdForm, "{kid}");
    }
    for kid in ["MAIN", "mai", "main.", "..", "development"] {
        assert_eq!(world.cause(&raw(&json!({ "alg": "EdDSA", "kid": kid }), &claims, "AAAA")), Cause::UnknownKey, "{kid}");
    }
    assert_eq!(world.cause(&raw(&json!({ "alg": "EdDSA" }), &claims, "AAAA")), Cause::NotAToken("header"));
}

#[test]
fn a_token_that_is_too_long_is_not_even_read() {
    assert_eq!(World::new().cause(&"a".repeat(8 * 1024 + 1)), Cause::TooLong);
}

#[test]
fn a_changed_token_is_refused() {
    let world = World::new();
    let token = world.signer.sign(&claims()).expect("signed");
    let other = world.signer.sign(&changed(|claims| claims.sub = "root".to_owned())).expect("signed");
    let (signed, _) = token.rsplit_once('.').expect("parts");
    let (_, signature) = other.rsplit_once('.').expect("parts");
    assert_eq!(world.cause(&format!("{signed}.{signature}")), Cause::Signature);
    assert_eq!(world.cause(&format!("{token}=")), Cause::Signature);
    assert!(world.ask(&format!("{token}.x")).is_err());
    let critical = json!({ "alg": "EdDSA", "kid": "main", "crit": ["b64"], "b64": false });
    assert_eq!(world.cause(&raw(&critical, &serde_json::to_value(claims()).expect("json"), "AAAA")), Cause::NotAToken("header crit"));
}

#[test]
fn times_are_strict_but_for_the_leeway_even_when_the_token_is_remembered() {
    let world = World::new();
    let token = world.signer.sign(&claims()).expect("signed");
    let end = NOW + 3600;
    for (now, refused) in [
        (NOW - 61, Some(Cause::NotYet)),
        (NOW - 60, None),
        (end - 1, None),
        (end + 59, None),
        (end + 60, Some(Cause::Expired)),
        (NOW, None),
        (NOW - 61, Some(Cause::NotYet)),
    ] {
        assert_eq!(world.ask_at(&token, now).err(), refused, "{}", now - NOW);
    }
    let future = world.signer.sign(&changed(|claims| claims.iat = NOW + 61)).expect("signed");
    assert_eq!(world.cause(&future), Cause::NotYet);
}

#[test]
fn issuer_and_audience_must_be_ours() {
    let world = World::new();
    let token = world.signer.sign(&changed(|claims| claims.iss = "https://login.example/".to_owned())).expect("signed");
    assert_eq!(world.cause(&token), Cause::UnknownIssuer);
    let token = world.signer.sign(&changed(|claims| claims.aud = Audience::One("other".to_owned()))).expect("signed");
    assert_eq!(world.cause(&token), Cause::Audience);
    let several = Audience::Several(vec!["other".to_owned(), "civigrid".to_owned()]);
    assert!(world.ask(&world.signer.sign(&changed(|claims| claims.aud = several)).expect("signed")).is_ok());
}

#[test]
fn every_claim_that_must_be_there_must_be_there() {
    let world = World::new();
    for name in ["iss", "aud", "sub", "jti", "iat", "exp", "nbf", "kind"] {
        let mut claims = serde_json::to_value(claims()).expect("json");
        claims.as_object_mut().expect("an object").remove(name);
        assert_eq!(world.cause(&sign(&world.signer, &claims)), Cause::NotAToken("claims"), "{name}");
    }
    assert_eq!(world.cause(&world.signer.sign(&changed(|claims| claims.sub.clear())).expect("signed")), Cause::Claim("sub"));
    assert_eq!(world.cause(&world.signer.sign(&changed(|claims| claims.jti.clear())).expect("signed")), Cause::Claim("jti"));
}

#[test]
fn a_malformed_assignment_refuses_the_token() {
    let world = World::new();
    for assignment in [
        json!({ "role": "auditor", "regions": ["5001"] }),
        json!({ "role": "auditor", "board": "services" }),
        json!({ "role": "auditor", "department": "person_01h455vb4pex5vsknk084sn02q" }),
        json!({ "role": "auditor", "until": "2020-01-01" }),
        json!({ "role": "" }),
        json!({ "regions": [] }),
        json!("auditor"),
    ] {
        let mut claims = serde_json::to_value(claims()).expect("json");
        claims["assignments"] = json!([assignment]);
        assert!(world.ask(&sign(&world.signer, &claims)).is_err(), "{assignment}");
    }
    let token = world.signer.sign(&changed(|claims| claims.person = Some("household_01h455vb4pex5vsknk084sn02q".to_owned())));
    assert_eq!(world.cause(&token.expect("signed")), Cause::Claim("person"));
}

#[test]
fn an_unknown_role_gives_nothing_and_an_issuer_without_trust_gives_no_role() {
    let two = changed(|claims| claims.assignments.push(Assigned { role: "emperor".to_owned(), ..Assigned::default() }));
    let world = World::new();
    let session = world.ask(&world.signer.sign(&two).expect("signed")).expect("accepted");
    assert_eq!(session.caller.assignments.iter().map(|one| one.role.as_str()).collect::<Vec<_>>(), ["auditor"]);
    let world = World::with(false);
    let session = world.ask(&world.signer.sign(&two).expect("signed")).expect("accepted");
    assert!(session.caller.assignments.is_empty() && session.caller.account.is_some());
}

#[test]
fn keys_rotate_while_the_server_runs_and_a_bad_file_changes_nothing() {
    let world = World::new();
    let token = world.signer.sign(&claims()).expect("signed");
    assert!(world.ask(&token).is_ok());
    std::fs::write(&world.file, "{ \"keys\": []").expect("written");
    world.authenticator.reload_keys();
    assert!(world.ask(&token).is_ok());
    let (pem, jwks) = new_key_pair("next").expect("a key");
    std::fs::write(&world.file, jwks).expect("written");
    world.authenticator.reload_keys();
    assert_eq!(world.cause(&token), Cause::UnknownKey);
    let next = SigningKey::from_pem(&pem, "next").expect("a private key");
    assert!(world.ask(&next.sign(&claims()).expect("signed")).is_ok());
}

#[test]
fn keys_that_must_not_be_used_are_refused_at_start() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let good = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": URL_SAFE_NO_PAD.encode([7; 32]) });
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        jwk
    };
    let cases = [
        (json!([with("d", json!("AAAA"))]), "private"),
        (json!([with("kid", json!("../x"))]), "kid"),
        (json!([with("alg", json!("HS256"))]), "alg"),
        (json!([with("use", json!("enc"))]), "use"),
        (json!([with("kty", json!("oct"))]), "only Ed25519"),
        (json!([good, good]), "already taken"),
        (json!([{ "kty": "RSA", "kid": "r", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode([1; 128]) }]), "2048"),
        (json!([]), "no keys"),
    ];
    for (keys, word) in cases {
        std::fs::write(file.path(), json!({ "keys": keys }).to_string()).expect("written");
        let settings = config::Authentication {
            issuers: vec![Issuer {
                issuer: ISSUER.to_owned(),
                audience: "civigrid".to_owned(),
                jwks_file: Some(file.path().to_owned()),
                jwks_url: None,
                trusted_for_roles: true,
            }],
            ..config::Authentication::default()
        };
        let text = Authenticator::new(&settings, std::iter::empty()).err().expect("refused").to_string();
        assert!(text.contains(word), "{text}");
    }
}
