//! Keys by address, seen from a request: the program waits for a key that is on its way, and asks no more than it must.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use civigrid::config::{Config, Issuer};
use civigrid::http::authentication::{SigningKey, new_key_pair};
use futures::future::join_all;

use crate::harness::{self, App};

const ISSUER: &str = "https://login.example";

/// A server of keys on this machine.
struct KeyServer {
    address: String,
    jwks: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    async fn start(jwks: String) -> Self {
        let (jwks, asked) = (Arc::new(Mutex::new(jwks)), Arc::new(AtomicUsize::new(0)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/jwks.json", listener.local_addr().expect("an address"));
        let (served, count) = (Arc::clone(&jwks), Arc::clone(&asked));
        let router = axum::Router::new().fallback(move || {
            count.fetch_add(1, Ordering::SeqCst);
            let body = served.lock().expect("no panic").clone();
            async move {
                tokio::time::sleep(Duration::from_millis(100)).await;
                body
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, jwks, asked }
    }
}

fn key(kid: &str) -> (SigningKey, String) {
    let (pem, jwks) = new_key_pair(kid).expect("a key");
    (SigningKey::from_pem(&pem, kid).expect("a private key"), jwks)
}

fn token(signer: &SigningKey) -> Option<String> {
    let claims = harness::claims(ISSUER, "civigrid");
    Some(signer.sign(&claims).expect("signed"))
}

fn settings(config: &mut Config, address: &str) {
    config.authentication.jwks_retry_seconds = 1;
    config.authentication.issuers = vec![Issuer {
        issuer: ISSUER.to_owned(),
        audience: "civigrid".to_owned(),
        jwks_file: None,
        jwks_url: Some(address.to_owned()),
        trusted_for_roles: true,
    }];
}

#[tokio::test]
async fn a_request_with_a_new_key_waits_for_it_and_a_storm_of_unknown_keys_asks_once() {
    let now = Arc::new(std::sync::atomic::AtomicI64::new(0));
    for database in harness::databases().await {
        now.store(0, Ordering::SeqCst);
        let (old, old_set) = key("old");
        let (new, new_set) = key("new");
        let server = KeyServer::start(old_set).await;
        let told = Arc::clone(&now);
        let clock = civigrid::clock::Clock::told(
            move || harness::instant() + chrono::TimeDelta::seconds(told.load(Ordering::SeqCst)),
            Config::default().zone,
        );
        let app = App::start_at(&database, clock, |config| settings(config, &server.address)).await;
        let query = "{ me { assignments { role } } }";
        assert_eq!(app.with_token(token(&old)).query(query).await.data()["me"]["assignments"][0]["role"], "auditor");

        *server.jwks.lock().expect("no panic") = new_set;
        let storm: Vec<_> = (0..40).map(|number| app.with_token(token(&key(&format!("k{number}")).0))).collect();
        let before = server.asked.load(Ordering::SeqCst);
        for client in &storm {
            assert_eq!(client.query(query).await.status, 401);
        }
        assert_eq!(server.asked.load(Ordering::SeqCst), before, "it is too early to ask again");

        now.store(1, Ordering::SeqCst);
        let started = Instant::now();
        let (news, bad) = (app.with_token(token(&new)), app.with_token(Some("x.y.z".to_owned())));
        let (answer, refused) = tokio::join!(news.query(query), join_all(storm.iter().map(|client| client.query(query))));
        assert_eq!(answer.data()["me"]["assignments"][0]["role"], "auditor", "the first request with the new key is answered");
        let malformed = bad.query(query).await.text;
        assert!(refused.iter().all(|answer| answer.status == 401 && answer.text == malformed), "nobody learns why");
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(server.asked.load(Ordering::SeqCst), before + 1, "once for all of them");
        assert_eq!(app.with_token(token(&old)).query(query).await.status, 401, "the old key is gone");
        let metrics = app.anonymous().get("/metrics").await.text;
        assert!(metrics.contains("civigrid_key_fetches_total{issuer=\"https://login.example\",outcome=\"changed\"}"), "{metrics}");
    }
}
