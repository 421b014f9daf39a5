//! Keys by address: a server of keys on this machine that rotates, lies, dawdles and goes away.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Response, StatusCode};
use futures::future::join_all;

use super::*;

const OTHER: &str = "https://other.example";

/// What the server of keys answers.
#[derive(Clone)]
enum Served {
    Body(Vec<u8>),
    Status(u16),
    Redirect(String),
    /// Never ends, slowly.
    Slow,
    /// Never ends, fast.
    Endless,
}

struct KeyServer {
    address: String,
    served: Arc<Mutex<Served>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    async fn start() -> Self {
        let served = Arc::new(Mutex::new(Served::Status(503)));
        let asked = Arc::new(AtomicUsize::new(0));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/keys", listener.local_addr().expect("an address"));
        let (answer, count) = (Arc::clone(&served), Arc::clone(&asked));
        let router = axum::Router::new().fallback(move || {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = answer.lock().expect("no panic").clone();
            async move { respond(answer) }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, served, asked }
    }

    fn serve(&self, served: Served) {
        *self.served.lock().expect("no panic") = served;
    }

    fn serve_keys(&self, jwks: &str) {
        self.serve(Served::Body(jwks.into()));
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn respond(served: Served) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    match served {
        Served::Body(body) => *response.body_mut() = body.into(),
        Served::Status(status) => *response.status_mut() = StatusCode::from_u16(status).expect("a status"),
        Served::Redirect(to) => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert("location", to.parse().expect("an address"));
        }
        Served::Slow => {
            let parts = futures::stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Ok::<_, std::io::Error>(" "), ()))
            });
            *response.body_mut() = Body::from_stream(parts);
        }
        Served::Endless => {
            let parts = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(" ".repeat(10_000)));
            *response.body_mut() = Body::from_stream(parts);
        }
    }
    response
}

/// A key with its set.
struct Key {
    signer: SigningKey,
    jwks: String,
}

fn key(kid: &str) -> Key {
    let (pem, jwks) = new_key_pair(kid).expect("a key");
    Key { signer: SigningKey::from_pem(&pem, kid).expect("a private key"), jwks }
}

fn token(key: &Key, issuer: &str) -> String {
    let lasting = changed(|claims| {
        claims.iss = issuer.to_owned();
        claims.exp = NOW + 30 * 86_400;
    });
    key.signer.sign(&lasting).expect("signed")
}

fn authenticator(servers: &[(&str, &str)]) -> Authenticator {
    let issuer = |(name, address): &(&str, &str)| Issuer {
        issuer: (*name).to_owned(),
        audience: "civigrid".to_owned(),
        jwks_file: None,
        jwks_url: Some((*address).to_owned()),
        trusted_for_roles: true,
    };
    let settings = config::Authentication {
        issuers: servers.iter().map(issuer).collect(),
        jwks_timeout_ms: 300,
        jwks_max_bytes: 100_000,
        ..config::Authentication::default()
    };
    Authenticator::new(&settings, ["auditor"].into_iter()).expect("an authenticator")
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(NOW + seconds, 0).expect("a time")
}

/// What a request does: it asks, and waits for what its refusal may be worth waiting for.
async fn ask(authenticator: &Authenticator, token: &str, seconds: i64) -> Result<(), Cause> {
    let header = format!("Bearer {token}");
    let first = authenticator.session(Some(header.as_bytes()), at(seconds)).map(drop);
    match first {
        Err(cause) if authenticator.wait_for(&cause, Some(header.as_bytes()), at(seconds)).await => {
            authenticator.session(Some(header.as_bytes()), at(seconds)).map(drop)
        }
        first => first,
    }
}

/// Looks whether fetches are due, and waits for them.
async fn look(authenticator: &Authenticator, seconds: i64) {
    authenticator.first_keys(at(seconds)).await;
}

#[tokio::test]
async fn keys_come_by_address_and_rotate_by_their_id() {
    let server = KeyServer::start().await;
    let (old, new) = (key("old"), key("new"));
    server.serve_keys(&old.jwks);
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    assert_eq!(ask(&authenticator, &token(&old, ISSUER), 0).await, Ok(()));
    look(&authenticator, 299).await;
    assert_eq!(server.asked(), 1, "keys are fetched again after their time only");

    server.serve_keys(&new.jwks);
    assert_eq!(ask(&authenticator, &token(&new, ISSUER), 299).await, Ok(()), "an unknown key is fetched at once");
    assert_eq!(ask(&authenticator, &token(&old, ISSUER), 299).await, Err(Cause::UnknownKey), "a key taken out holds no more");
    assert_eq!(server.asked(), 2);
    server.serve_keys(&old.jwks);
    look(&authenticator, 599).await;
    assert_eq!(ask(&authenticator, &token(&old, ISSUER), 599).await, Ok(()), "without any request keys are fetched in time");
}

#[tokio::test]
async fn a_storm_of_unknown_keys_asks_once_in_the_retry_time() {
    let server = KeyServer::start().await;
    let good = key("good");
    server.serve_keys(&good.jwks);
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    for (seconds, asked) in [(0, 1), (29, 1), (30, 2), (31, 2), (59, 2), (60, 3)] {
        let storm: Vec<String> = (0..200).map(|number| token(&key(&format!("k{seconds}-{number}")), ISSUER)).collect();
        let answers = join_all(storm.iter().map(|token| ask(&authenticator, token, seconds))).await;
        assert!(answers.iter().all(|answer| *answer == Err(Cause::UnknownKey)));
        assert_eq!(server.asked(), asked, "after {seconds} s");
        assert_eq!(ask(&authenticator, &token(&good, ISSUER), seconds).await, Ok(()));
    }
    // Whoever names no issuer of ours, or no key id, makes nobody ask.
    for token in [token(&key("x"), OTHER), "a.b.c".to_owned(), raw(&json!({ "alg": "EdDSA", "kid": "../x" }), &json!({}), "AAAA")] {
        assert!(ask(&authenticator, &token, 200).await.is_err());
    }
    assert_eq!(server.asked(), 3);
}

#[tokio::test]
async fn old_keys_hold_for_a_bounded_time_while_the_issuer_is_away() {
    let server = KeyServer::start().await;
    let good = key("good");
    server.serve_keys(&good.jwks);
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    server.serve(Served::Status(502));
    let token = token(&good, ISSUER);
    for seconds in [300, 3_600, 86_390, 86_399] {
        look(&authenticator, seconds).await;
        assert_eq!(ask(&authenticator, &token, seconds).await, Ok(()), "after {seconds} s");
    }
    assert_eq!(server.asked(), 4, "an issuer that is away is tried again after the retry time");
    assert_eq!(ask(&authenticator, &token, 86_400).await, Err(Cause::StaleKeys), "also where the token is remembered");
    server.serve_keys(&good.jwks);
    assert_eq!(ask(&authenticator, &token, 86_430).await, Ok(()), "and they hold again once the issuer is back");
}

#[tokio::test]
async fn what_is_no_key_set_changes_nothing() {
    let server = KeyServer::start().await;
    let good = key("good");
    let set: Value = serde_json::from_str(&good.jwks).expect("json");
    let jwk = &set["keys"][0];
    let private = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "p", "x": jwk["x"], "d": "AAAA" }] });
    let shared = json!({ "keys": [{ "kty": "oct", "kid": "good", "k": "AAAA", "alg": "HS256" }] });
    let bad = [
        Served::Body(b"<html>sign in</html>".to_vec()),
        Served::Body(b"{\"keys\": [".to_vec()),
        Served::Body(b"{\"keys\": []}".to_vec()),
        Served::Body(b"{}".to_vec()),
        Served::Body(vec![0xff, 0xfe]),
        Served::Body(Vec::new()),
        Served::Body(private.to_string().into()),
        Served::Body(shared.to_string().into()),
        Served::Body(json!({ "keys": [jwk, jwk] }).to_string().into()),
        Served::Body(format!("{}{}", good.jwks, " ".repeat(100_000)).into()),
        Served::Status(404),
        Served::Status(500),
        Served::Status(204),
        Served::Redirect(format!("{}/elsewhere", server.address)),
        Served::Slow,
        Served::Endless,
    ];
    server.serve_keys(&good.jwks);
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    for (number, served) in bad.into_iter().enumerate() {
        server.serve(served);
        let seconds = 300 * (1 + number as i64);
        let started = tokio::time::Instant::now();
        look(&authenticator, seconds).await;
        assert!(started.elapsed() < Duration::from_secs(3), "number {number} is given up in time");
        assert_eq!(server.asked(), number + 2, "number {number} is asked once");
        assert_eq!(ask(&authenticator, &token(&good, ISSUER), seconds).await, Ok(()), "number {number}");
        let forged = SigningKey::development("").renamed("good").sign(&claims()).expect("signed");
        assert_eq!(ask(&authenticator, &forged, seconds).await, Err(Cause::Algorithm), "number {number}");
    }
}

#[tokio::test]
async fn keys_that_are_not_for_our_tokens_are_passed_over() {
    let server = KeyServer::start().await;
    let good = key("good");
    let mut set: Value = serde_json::from_str(&good.jwks).expect("json");
    let keys = set["keys"].as_array_mut().expect("a list");
    keys.push(json!({ "kty": "RSA", "kid": "good", "use": "enc", "n": "AAAA", "e": "AQAB" }));
    keys.push(json!({ "kty": "EC", "crv": "P-384", "kid": "p384", "x": "AAAA", "y": "AAAA" }));
    keys.push(json!({ "kty": "RSA", "kid": "ps", "alg": "PS256", "n": URL_SAFE_NO_PAD.encode([1; 256]), "e": "AQAB" }));
    keys.push(json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode([1; 256]), "e": "AQAB" }));
    server.serve_keys(&set.to_string());
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    assert_eq!(ask(&authenticator, &token(&good, ISSUER), 0).await, Ok(()));
}

#[tokio::test]
async fn issuers_share_no_keys_even_under_one_key_id() {
    let (first, second) = (KeyServer::start().await, KeyServer::start().await);
    let (mine, theirs) = (key("same"), key("same"));
    first.serve_keys(&mine.jwks);
    second.serve_keys(&theirs.jwks);
    let authenticator = authenticator(&[(ISSUER, &first.address), (OTHER, &second.address)]);
    look(&authenticator, 0).await;
    assert_eq!(ask(&authenticator, &token(&mine, ISSUER), 0).await, Ok(()));
    assert_eq!(ask(&authenticator, &token(&theirs, OTHER), 0).await, Ok(()));
    assert_eq!(ask(&authenticator, &token(&mine, OTHER), 0).await, Err(Cause::Signature));
    assert_eq!(ask(&authenticator, &token(&theirs, ISSUER), 0).await, Err(Cause::Signature));
    // One that is away does not hold up the other.
    second.serve(Served::Slow);
    first.serve_keys(&key("next").jwks);
    authenticator.refresh_keys(at(300));
    assert_eq!(ask(&authenticator, &token(&mine, ISSUER), 300).await, Ok(()), "the old key holds while the new one is on its way");
}

#[tokio::test]
async fn a_public_key_by_address_is_no_shared_secret() {
    let server = KeyServer::start().await;
    server.serve_keys(include_str!("../fixtures/jwks.json"));
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    for secret in [include_str!("../fixtures/jwks.json"), ""] {
        for kid in ["rsa", "p256"] {
            let forged = SigningKey::development(secret).renamed(kid).sign(&claims()).expect("signed");
            assert_eq!(ask(&authenticator, &forged, 0).await, Err(Cause::Algorithm));
        }
    }
    for (pem, kid, refused) in [(P256, "p256", None), (RSA, "rsa", None), (RSA, "p256", Some(Cause::Algorithm))] {
        let token = SigningKey::from_pem(pem, kid).expect("a private key").sign(&claims()).expect("signed");
        assert_eq!(ask(&authenticator, &token, 0).await.err(), refused);
    }
}

#[tokio::test]
async fn a_server_starts_without_its_issuer_and_takes_the_keys_once_they_come() {
    let server = KeyServer::start().await;
    let good = key("good");
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let closed = format!("http://{}/", nobody.local_addr().expect("an address"));
    drop(nobody);
    let authenticator = authenticator(&[(ISSUER, &server.address), (OTHER, &closed)]);
    look(&authenticator, 0).await;
    let token = token(&good, ISSUER);
    assert_eq!(ask(&authenticator, &token, 1).await, Err(Cause::StaleKeys));
    server.serve_keys(&good.jwks);
    assert_eq!(ask(&authenticator, &token, 29).await, Err(Cause::StaleKeys), "not before the retry time");
    assert_eq!(ask(&authenticator, &token, 30).await, Ok(()));
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_stop_the_fetching() {
    let server = KeyServer::start().await;
    server.serve_keys(&key("good").jwks);
    let authenticator = authenticator(&[(ISSUER, &server.address)]);
    look(&authenticator, 0).await;
    look(&authenticator, -7_200).await;
    assert_eq!(server.asked(), 2);
}
