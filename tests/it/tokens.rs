//! Tokens that do not hold: whatever is wrong with one, the refusal is the same, costs nothing, and tells the log no secret.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use civigrid::clock::Clock;
use civigrid::config::{Authentication, Config};
use civigrid::http::authentication::{Audience, Claims, SigningKey, new_key_pair};
use civigrid::policy::Account;
use civigrid::store::accounts::{self, Deed, Revoked};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{self, Program, Response, Who, program};

const ISSUER: &str = "https://login.example";
const P256: &str = include_str!("../../api/src/http/authentication/fixtures/p256.pem");
const RSA: &str = include_str!("../../api/src/http/authentication/fixtures/rsa.pem");
const KEYS: &str = include_str!("../../api/src/http/authentication/fixtures/jwks.json");
/// What no log may hold: it stands in the claims of every token here.
const MARK: &str = "subject-7f3a91c2";
/// The development secret of the harness.
const SECRET: &str = "a secret of at least thirty-two bytes";
const QUESTION: &str = "{ me { kind subject } }";

/// Keys of every kind, of one issuer; and what an attacker has.
struct Keys {
    ed25519: SigningKey,
    p256: SigningKey,
    rsa: SigningKey,
    attacker: SigningKey,
    jwks: Value,
}

impl Keys {
    fn new() -> Self {
        let (pem, own) = new_key_pair("main").expect("a key");
        let (attackers, _) = new_key_pair("main").expect("a key");
        let mut jwks: Value = serde_json::from_str(KEYS).expect("JSON");
        let own: Value = serde_json::from_str(&own).expect("JSON");
        jwks["keys"].as_array_mut().expect("a list").push(own["keys"][0].clone());
        let key = |pem: &str, kid: &str| SigningKey::from_pem(pem, kid).expect("a private key");
        Self { ed25519: key(&pem, "main"), p256: key(P256, "p256"), rsa: key(RSA, "rsa"), attacker: key(&attackers, "main"), jwks }
    }

    /// A part of a public key, as the JWKS tells it.
    fn public(&self, kid: &str, part: &str) -> String {
        let keys = self.jwks["keys"].as_array().expect("a list");
        let key = keys.iter().find(|key| key["kid"] == kid).expect("a key");
        key[part].as_str().expect("a part").to_owned()
    }
}

fn claims() -> Claims {
    let now = Clock::system(Config::default().zone).now().instant.timestamp();
    Claims { iat: now, nbf: now, exp: now + 600, sub: MARK.to_owned(), jti: format!("{MARK}-1"), ..harness::claims(ISSUER, "civigrid") }
}

fn changed(change: impl FnOnce(&mut Claims)) -> Claims {
    let mut claims = claims();
    change(&mut claims);
    claims
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token whose header is anything, with a made-up signature.
fn forged(header: &Value) -> String {
    format!("{}.{}.{}", encoded(header), encoded(&json!(claims())), URL_SAFE_NO_PAD.encode([7; 64]))
}

/// A token of one key under a header of the test's own: the signature is the key's, of other text.
fn resigned(signer: &SigningKey, header: &Value) -> String {
    let token = signer.sign(&claims()).expect("signed");
    let mut parts = token.split('.');
    let (_, payload, signature) = (parts.next(), parts.next().expect("claims"), parts.next().expect("a signature"));
    format!("{}.{payload}.{signature}", encoded(header))
}

/// HS256 over header and claims, with whatever the attacker takes for a secret.
fn hmac(secret: &str, kid: &str) -> String {
    let token = SigningKey::development(secret).sign(&claims()).expect("signed");
    let (_, rest) = token.split_once('.').expect("parts");
    let payload = rest.split_once('.').expect("parts").0;
    // Signed anew under the other key id: the development key's own is fixed.
    let signed = format!("{}.{payload}", encoded(&json!({ "alg": "HS256", "kid": kid })));
    let mac = hmac_sha256(secret.as_bytes(), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
}

/// A token of the development secret under a header of the test's own, soundly signed: whatever is wrong is the header.
fn sound_under(header: &Value) -> String {
    let (iss, aud) = (Authentication::DEVELOPMENT_ISSUER.to_owned(), Audience::One(Authentication::DEVELOPMENT_AUDIENCE.to_owned()));
    let signed = format!("{}.{}", encoded(header), encoded(&json!(Claims { iss, aud, ..claims() })));
    let mac = hmac_sha256(SECRET.as_bytes(), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
}

/// RFC 2104 with SHA-256.
fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&sha256(&[key]));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let (inner, outer) = (block.map(|byte| byte ^ 0x36), block.map(|byte| byte ^ 0x5c));
    sha256(&[&outer, &sha256(&[&inner, text])])
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    use sha2::Digest;
    let mut digest = sha2::Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().into()
}

/// What is wrong, and a token of which that is so.
type Case = (&'static str, String);

fn unsigned() -> Vec<Case> {
    let payload = encoded(&json!(claims()));
    let mut cases = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let header = json!({ "typ": "JWT", "alg": alg, "kid": "main" });
        cases.push(("algorithm none", format!("{}.{payload}.", encoded(&header))));
        cases.push(("algorithm none with a signature", forged(&header)));
    }
    cases.push(("two algorithms", {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","alg":"EdDSA","kid":"main"}"#);
        format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([7; 64]))
    }));
    cases
}

fn confused(keys: &Keys) -> Vec<Case> {
    let mut cases = Vec::new();
    for (kid, part) in [("rsa", "n"), ("p256", "x"), ("p256", "y"), ("main", "x")] {
        let text = keys.public(kid, part);
        let bytes = URL_SAFE_NO_PAD.decode(&text).expect("base64");
        let raw: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        for secret in [text.as_str(), raw.as_str(), KEYS] {
            cases.push(("a public key as a shared secret", hmac(secret, kid)));
        }
    }
    let jwk = keys.jwks["keys"].as_array().expect("a list")[1].to_string();
    cases.push(("a public key as a shared secret", hmac(&jwk, "rsa")));
    for (signer, alg, kid) in [
        (&keys.rsa, "RS256", "p256"),
        (&keys.p256, "ES256", "rsa"),
        (&keys.ed25519, "EdDSA", "rsa"),
        (&keys.rsa, "RS384", "rsa"),
        (&keys.rsa, "PS256", "rsa"),
        (&keys.p256, "ES384", "p256"),
        (&keys.ed25519, "RS256", "main"),
        (&keys.ed25519, "HS256", "main"),
    ] {
        cases.push(("another key's algorithm", resigned(signer, &json!({ "alg": alg, "kid": kid }))));
    }
    let (_, jwks) = new_key_pair("main").expect("a key");
    let own: Value = serde_json::from_str(&jwks).expect("JSON");
    cases.push((
        "a key of the sender's in the header",
        resigned(&keys.attacker, &json!({ "alg": "EdDSA", "kid": "main", "jwk": own["keys"][0] })),
    ));
    cases.push((
        "an address of keys in the header",
        resigned(&keys.attacker, &json!({ "alg": "EdDSA", "kid": "main", "jku": "http://127.0.0.1:9/keys" })),
    ));
    cases.push(("another key of the same id", keys.attacker.sign(&claims()).expect("signed")));
    cases
}

fn altered(keys: &Keys) -> Vec<Case> {
    let mut cases = Vec::new();
    for signer in [&keys.ed25519, &keys.p256, &keys.rsa] {
        let token = signer.sign(&claims()).expect("signed");
        let other = signer.sign(&changed(|claims| claims.sub = format!("{MARK}-other"))).expect("signed");
        let (signed, signature) = token.rsplit_once('.').expect("parts");
        let (header, payload) = signed.split_once('.').expect("parts");
        let (_, others) = other.rsplit_once('.').expect("parts");
        let administrator = encoded(&json!(changed(|claims| claims.assignments[0].role = "administrator".to_owned())));
        let flipped: String = signature.chars().rev().collect();
        for (what, token) in [
            ("altered claims", format!("{header}.{administrator}.{signature}")),
            ("the signature of another token", format!("{signed}.{others}")),
            ("an altered signature", format!("{signed}.{flipped}")),
            ("a cut signature", format!("{signed}.{}", &signature[..signature.len() - 2])),
            ("a longer signature", format!("{token}AA")),
            ("a padded signature", format!("{token}=")),
            ("no signature", format!("{signed}.")),
            ("no signature at all", signed.to_owned()),
            ("a part too many", format!("{token}.{payload}")),
            ("five parts", format!("{token}.{payload}.{payload}")),
        ] {
            cases.push((what, token));
        }
    }
    cases
}

fn misplaced(keys: &Keys) -> Vec<Case> {
    let sign = |claims: &Claims| keys.ed25519.sign(claims).expect("signed");
    let now = claims().iat;
    vec![
        ("expired", sign(&changed(|claims| claims.exp = now - 3_600))),
        ("expired long ago", sign(&changed(|claims| (claims.iat, claims.nbf, claims.exp) = (0, 0, 1)))),
        ("not valid yet", sign(&changed(|claims| claims.nbf = now + 3_600))),
        ("made in the future", sign(&changed(|claims| claims.iat = now + 3_600))),
        ("another issuer", sign(&changed(|claims| claims.iss = "https://elsewhere.example".to_owned()))),
        ("almost the issuer", sign(&changed(|claims| claims.iss = format!("{ISSUER}/")))),
        ("the issuer of the development secret", sign(&changed(|claims| claims.iss = Authentication::DEVELOPMENT_ISSUER.to_owned()))),
        ("the issuer of clients", sign(&changed(|claims| claims.iss = Authentication::CLIENT_ISSUER.to_owned()))),
        ("another audience", sign(&changed(|claims| claims.aud = Audience::One("another".to_owned())))),
        ("no audience", sign(&changed(|claims| claims.aud = Audience::Several(Vec::new())))),
        ("no subject", sign(&changed(|claims| claims.sub = String::new()))),
        ("a person of another register", sign(&changed(|claims| claims.person = Some("household_00000000000000000000000007".to_owned())))),
        ("a region that is none", sign(&changed(|claims| claims.assignments[0].regions = vec!["5' OR 1=1".to_owned()]))),
    ]
}

fn odd_headers(keys: &Keys) -> Vec<Case> {
    let mut cases = Vec::new();
    let long = "k".repeat(5_000);
    for kid in [
        json!("../../etc/passwd"),
        json!("/etc/passwd"),
        json!("..\\..\\windows\\win.ini"),
        json!("file:///etc/passwd"),
        json!("main' OR '1'='1"),
        json!("main'; DROP TABLE persons; --"),
        json!("main\0"),
        json!("\0"),
        json!("main\nmain"),
        json!("${jndi:ldap://127.0.0.1/a}"),
        json!("мain"),
        json!(""),
        json!("MAIN"),
        json!("unknown"),
        json!(long),
        json!(["main"]),
        json!({ "main": 1 }),
        json!(7),
        json!(null),
    ] {
        cases.push(("an odd key id", resigned(&keys.ed25519, &json!({ "alg": "EdDSA", "kid": kid }))));
    }
    for (what, header) in [
        ("no key id", json!({ "alg": "HS256" })),
        ("no algorithm", json!({ "kid": "development" })),
        ("an extension that must be understood", json!({ "alg": "HS256", "kid": "development", "crit": ["b64"], "b64": true })),
        ("no extension that must be understood", json!({ "alg": "HS256", "kid": "development", "crit": [] })),
        ("another type", json!({ "alg": "HS256", "kid": "development", "typ": "logout+jwt" })),
        ("a sign-in token for screens", json!({ "alg": "HS256", "kid": "development", "typ": "id+jwt" })),
        ("a type that is no text", json!({ "alg": "HS256", "kid": "development", "typ": 7 })),
        ("a longer type", json!({ "alg": "HS256", "kid": "development", "typ": "application/application/JWT" })),
        ("an empty header", json!({})),
        ("a header that is a list", json!([])),
    ] {
        cases.push((what, sound_under(&header)));
    }
    cases
}

fn no_tokens() -> Vec<Case> {
    let huge = format!("{}.{}.{}", "a".repeat(3_000), "b".repeat(3_000), "c".repeat(3_000));
    let texts = ["x", "x.y", "x.y.z", "..", "a.b.c.d", "🙂.🙂.🙂", "%00.%00.%00", "eyJ.eyJ.eyJ"];
    let mut cases: Vec<Case> = texts.iter().map(|text| ("no token", (*text).to_owned())).collect();
    cases.push(("longer than any token", huge));
    cases.push(("a key that no client has", format!("civigrid_{}", URL_SAFE_NO_PAD.encode([9; 32]))));
    cases.push(("the beginning of a key", "civigrid_".to_owned()));
    cases.push(("a key with a path", "civigrid_../../etc/passwd".to_owned()));
    cases
}

/// The headers that tell one answer from another; the date is everybody's.
fn headers(answer: &Response) -> BTreeSet<(String, String)> {
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    answer.headers.iter().filter(|(name, _)| *name != "date").map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// A counter's value, summed over its labels.
async fn counted(program: &Program, name: &str) -> f64 {
    let metrics = program.as_who(&Who::anonymous()).get("/metrics").await.text;
    let lines = metrics.lines().filter(|line| line.starts_with(name));
    lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
}

#[tokio::test]
async fn every_token_that_does_not_hold_is_refused_alike_and_leaves_no_trace_of_itself() {
    for database in harness::fresh_databases().await {
        let keys = Keys::new();
        let directory = program::directory(&format!("tokens-{:?}", database.backend));
        let file = directory.join("jwks.json");
        std::fs::write(&file, keys.jwks.to_string()).expect("the workplace can be written to");
        let settings = format!(
            "[log]\nfilter = \"debug\"\n[rate_limit]\nenabled = false\n[[authentication.issuers]]\nissuer = {ISSUER:?}\naudience = \"civigrid\"\njwks_file = {:?}\ntrusted_for_roles = true\n",
            file.to_str().expect("UTF-8")
        );
        let store = database.open();
        let registrar = Account { issuer: ISSUER.to_owned(), subject: "registrar".to_owned() };
        let deed = Deed { by: registrar, reason: "for the test".to_owned(), now: Clock::system(Config::default().zone).now().instant };
        let revoked = [Revoked::Token(format!("{MARK}-revoked")), Revoked::Account(format!("{MARK}-revoked"))];
        for one in &revoked {
            accounts::revoke(&store, ISSUER, one, None, &deed).await.expect("revoked");
        }
        let program = Program::serve(&database, &settings).await;
        let caller = |token: &str| program.with_token(Some(token.to_owned()));

        // Each kind of key opens the door, so that what is refused below is refused for its own fault.
        let sound = [&keys.ed25519, &keys.p256, &keys.rsa].map(|signer| signer.sign(&claims()).expect("signed"));
        for token in &sound {
            assert_eq!(caller(token).query(QUESTION).await.data()["me"]["subject"], MARK);
        }

        for typ in ["JWT", "jwt", "at+jwt", "application/at+jwt", "application/JWT"] {
            let token = sound_under(&json!({ "alg": "HS256", "kid": "development", "typ": typ }));
            assert_eq!(caller(&token).query(QUESTION).await.data()["me"]["subject"], MARK, "{typ}");
        }
        caller(&sound_under(&json!({ "alg": "HS256", "kid": "development" }))).query(QUESTION).await.data();

        let mut cases = [unsigned(), confused(&keys), altered(&keys), misplaced(&keys), odd_headers(&keys), no_tokens()].concat();
        let sign = |claims: &Claims| keys.ed25519.sign(claims).expect("signed");
        cases.push(("a revoked token", sign(&changed(|claims| claims.jti = format!("{MARK}-revoked")))));
        cases.push(("a token of a revoked account", sign(&changed(|claims| claims.sub = format!("{MARK}-revoked")))));
        assert!(cases.len() > 100, "{}", cases.len());
        caller(&sound[0]).query("{ caseCategories(first: 1) { nodes { name } } }").await.data();
        let before = (counted(&program, "civigrid_statements_total").await, counted(&program, "civigrid_documents_total").await);
        assert!(before.0 > 0.0 && before.1 > 0.0, "what is counted is counted: {before:?}");
        let mut first: Option<(String, BTreeSet<(String, String)>)> = None;
        for (what, token) in &cases {
            let answer = caller(token).query(QUESTION).await;
            assert_eq!(
                (answer.status, answer.code(), answer.header("www-authenticate")),
                (401, "UNAUTHENTICATED", "Bearer"),
                "{what}: {token}"
            );
            let seen = (answer.text.clone(), headers(&answer));
            assert_eq!(*first.get_or_insert(seen.clone()), seen, "{what}: {token}");
        }
        for (method, path) in [(Method::GET, "/schema.graphql"), (Method::POST, "/explain"), (Method::GET, "/graphql?query={me{kind}}")] {
            for (what, token) in cases.iter().step_by(7) {
                let answer = Response::of(caller(token).request(method.clone(), path)).await;
                assert_eq!(Some(&answer.text), first.as_ref().map(|(text, _)| text), "{what} at {path}");
            }
        }
        for scheme in ["Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "bearer  ", "Token x", ""] {
            let request = program.as_who(&Who::anonymous()).request(Method::POST, "/graphql").header("Authorization", scheme);
            let answer = Response::of(request.json(&json!({ "query": QUESTION }))).await;
            assert_eq!(Some(&answer.text), first.as_ref().map(|(text, _)| text), "{scheme:?}");
        }
        // Whatever is wrong, no statement is run for it and no document read.
        let after = (counted(&program, "civigrid_statements_total").await, counted(&program, "civigrid_documents_total").await);
        assert_eq!(after, before);
        caller(&sound[0]).query(QUESTION).await.data();

        let log = program.log_text();
        assert!(log.matches("a token is refused").count() > cases.len(), "each refusal is told");
        for (what, token) in cases.iter().map(|(what, token)| (*what, token)).chain(sound.iter().map(|token| ("a sound token", token))) {
            for part in token.split('.').filter(|part| part.len() > 20) {
                assert!(!log.contains(part), "{what}: the log holds {part}");
            }
        }
        let private = [P256, RSA].into_iter().flat_map(str::lines).filter(|line| line.len() > 20 && !line.starts_with("---"));
        let public = [("rsa", "n"), ("p256", "x"), ("p256", "y"), ("main", "x")].map(|(kid, part)| keys.public(kid, part));
        let secrets = private.map(str::to_owned).chain(public).chain([MARK.to_owned(), SECRET.to_owned()]);
        for secret in secrets {
            assert!(!log.contains(&secret), "the log holds {secret}");
        }
        for word in ["etc/passwd", "DROP TABLE", "jndi"] {
            assert!(!log.contains(word), "the log repeats what a token says: {word}");
        }
    }
}
