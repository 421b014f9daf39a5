//! The schema as each caller finds it: cut to what the caller's permits can use, made when first asked for and kept by
//! shape, so that callers of one role share one.
//!
//! Documents are validated against the whole schema all the same: names are no secret, and one contract serves all.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use apollo_compiler::Name;
use apollo_compiler::Schema;
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::schema::{Shape, reduce};

/// How many shapes are kept. Few roles make few shapes, whoever holds them.
const KEPT_SHAPES: usize = 64;

/// Makes and keeps schemas by shape.
pub(super) struct Introspection {
    kept: quick_cache::sync::Cache<Shape, Arc<Shaped>>,
}

/// A schema of one shape.
pub(super) struct Shaped {
    pub(super) schema: Valid<Schema>,
    pub(super) implementers: HashMap<Name, Implementers>,
    published: OnceLock<Published>,
}

/// A schema's text, and what tells it from others.
#[derive(Clone, Debug)]
pub struct Published {
    /// The text.
    pub text: Bytes,
    /// 24 hexadecimal digits of its SHA-256.
    pub digest: String,
}

impl Introspection {
    pub(super) fn new() -> Self {
        Self { kept: quick_cache::sync::Cache::new(KEPT_SHAPES) }
    }

    /// The part of the whole schema that has this shape.
    ///
    /// # Errors
    /// What keeps the part from being a schema; a test holds every role's to it.
    pub(super) fn of(&self, whole: &Schema, shape: &Shape) -> Result<Arc<Shaped>, String> {
        self.kept.get_or_insert_with(shape, || {
            let schema = reduce(whole, shape).validate().map_err(|invalid| invalid.errors.to_string())?;
            let implementers = schema.implementers_map();
            Ok(Arc::new(Shaped { schema, implementers, published: OnceLock::new() }))
        })
    }
}

impl Shaped {
    /// Its text, written when first asked for.
    pub(super) fn published(&self) -> Published {
        self.published.get_or_init(|| Published::of(self.schema.to_string())).clone()
    }
}

impl Published {
    pub(super) fn of(text: String) -> Self {
        let mut digest = String::with_capacity(24);
        for byte in Sha256::digest(&text).iter().take(12) {
            let _ = write!(digest, "{byte:02x}");
        }
        Self { text: text.into(), digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::schema::sdl;
    use crate::policy::Policy;

    #[test]
    fn what_each_role_can_use_is_a_schema_and_roles_alike_share_one() {
        let whole = Schema::parse_and_validate(sdl(), "schema.graphql").expect("a schema");
        let (policy, introspection) = (Policy::built_in(), Introspection::new());
        for (role, _) in policy.roles() {
            let shape = Shape::of(&policy.permits_of_role(role));
            let shaped = introspection.of(&whole, &shape).unwrap_or_else(|invalid| panic!("{role}: {invalid}"));
            assert!(Arc::ptr_eq(&shaped, &introspection.of(&whole, &shape).expect("kept")));
            assert!(shaped.schema.types.len() < whole.types.len(), "{role}");
        }
    }
}
