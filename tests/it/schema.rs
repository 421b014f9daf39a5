//! The published contract is what the program answers by.

use std::path::Path;

use crate::harness::{self, App};

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[tokio::test]
async fn the_program_gives_its_schema_to_callers_it_knows_alone() {
    for database in harness::databases().await {
        let app = App::start(&database).await;
        let answer = app.of("auditor").get("/schema.graphql").await;
        assert_eq!((answer.status, answer.text == civigrid::graph::sdl()), (200, true));
        let refused = app.anonymous().get("/schema.graphql").await;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"));
    }
}
