//! Prepared documents: read, checked and resolved once, and kept by their text.

use std::sync::Arc;

use apollo_compiler::ast::OperationType;
use apollo_compiler::executable::{Operation, Selection};
use apollo_compiler::parser::Parser;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use metrics::Counter;
use sha2::{Digest, Sha256};

use super::changes::Changes;
use super::error::{ErrorCode, GraphError};
use super::introspection::{Introspection, Published, Shaped};
use super::limits::{self, Limits};
use super::refusals::{documents as refusals, server};
use super::request::Operation as Told;
use super::schema::Shape;
use super::selection::{Reader, Roots};
use crate::policy::Permits;

/// How many variants of a document, by the variables that decide about `@skip` and `@include`, are kept.
const KEPT_VARIANTS: usize = 16;

/// Reads documents and keeps them.
pub(super) struct Documents {
    schema: Valid<Schema>,
    introspection: Introspection,
    limits: Limits,
    kept: quick_cache::sync::Cache<Key, Arc<Document>>,
    found: Counter,
    read: Counter,
}

/// What a document is kept by: its text and the operation's name.
#[derive(PartialEq, Eq, Hash)]
struct Key(String, Option<String>);

/// A key to look with, without a copy of the text.
#[derive(Hash)]
struct KeyRef<'a>(&'a str, Option<&'a str>);

impl quick_cache::Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.0 && self.1 == key.1.as_deref()
    }
}

/// A document that fits the schema, with the operation to run.
pub(super) struct Document {
    document: Valid<ExecutableDocument>,
    operation: Node<Operation>,
    told: Arc<Told>,
    deciding: Vec<String>,
    variants: quick_cache::sync::Cache<Vec<bool>, Arc<Roots>>,
}

impl Documents {
    /// Reads the schema's text.
    ///
    /// # Errors
    /// If the text is no valid schema; a test holds the generated one to it.
    pub(super) fn new(sdl: &str, limits: Limits) -> Result<Self, String> {
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").map_err(|errors| errors.errors.to_string())?;
        let kept = quick_cache::sync::Cache::new(limits.documents);
        let found = metrics::counter!("civigrid_documents_total", "result" => "kept");
        let read = metrics::counter!("civigrid_documents_total", "result" => "read");
        Ok(Self { schema, introspection: Introspection::new(), limits, kept, found, read })
    }

    /// How many prepared documents are kept now.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// The document of this text with the operation of this name.
    pub(super) fn get(&self, text: &str, operation: Option<&str>) -> Result<Arc<Document>, GraphError> {
        if let Some(known) = self.kept.get(&KeyRef(text, operation)) {
            self.found.increment(1);
            return Ok(known);
        }
        self.read.increment(1);
        let document = Arc::new(self.prepare(text, operation)?);
        self.kept.insert(Key(text.to_owned(), operation.map(str::to_owned)), document.clone());
        Ok(document)
    }

    /// The document of this text, if it is within the limits and fits the schema.
    pub(super) fn read(&self, text: &str) -> Result<Valid<ExecutableDocument>, GraphError> {
        if text.len() > self.limits.document_bytes {
            return Err(refusals::too_many_bytes(text.len(), self.limits.document_bytes));
        }
        let mut parser = Parser::new().recursion_limit(self.limits.depth * 3 + 100).token_limit(self.limits.tokens);
        let parsed = parser.parse_ast(text, "request").map_err(|errors| first(&errors.errors, ErrorCode::ParseFailed));
        if parser.tokens_reached() > self.limits.tokens {
            return Err(refusals::too_many_tokens(self.limits.tokens));
        }
        let parsed = parsed?;
        limits::check(&parsed, &self.limits)?;
        parsed.to_executable_validate(&self.schema).map_err(|errors| first(&errors.errors, ErrorCode::ValidationFailed))
    }

    fn prepare(&self, text: &str, name: Option<&str>) -> Result<Document, GraphError> {
        let document = self.read(text)?;
        let operation = document.operations.get(name).map_err(|_| no_operation(name, &document))?.clone();
        apollo_compiler::introspection::check_max_depth(&document, &operation)
            .map_err(|error| refusals::not_graphql(ErrorCode::TooDeep, &error.message().to_string()))?;
        let deciding = deciding_variables(&document);
        let digest = Sha256::digest(text);
        let told = Told {
            name: operation.name.as_ref().map(|name| name.to_string()),
            kind: match operation.operation_type {
                OperationType::Query => "query",
                OperationType::Mutation => "mutation",
                OperationType::Subscription => "subscription",
            },
            document: digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        };
        Ok(Document { deciding, operation, told: Arc::new(told), document, variants: quick_cache::sync::Cache::new(KEPT_VARIANTS) })
    }

    /// The request's variables, checked and with their defaults.
    pub(super) fn variables(&self, document: &Document, given: &JsonMap) -> Result<Valid<JsonMap>, GraphError> {
        if document.operation.variables.is_empty() {
            return Ok(Valid::assume_valid(JsonMap::new()));
        }
        apollo_compiler::request::coerce_variable_values(&self.schema, &document.operation, given)
            .map_err(|error| refusals::not_graphql(ErrorCode::BadInput, &error.message().to_string()))
    }

    /// The text of the schema that callers with these permits find by introspection.
    pub(super) fn published(&self, permits: &Permits) -> Result<Published, GraphError> {
        self.shaped(permits).map(|shaped| shaped.published())
    }

    fn shaped(&self, permits: &Permits) -> Result<Arc<Shaped>, GraphError> {
        self.introspection.of(&self.schema, &Shape::of(permits)).map_err(|defect| {
            tracing::error!(defect, "the schema that this caller could use is none");
            server::failed()
        })
    }

    /// The answer to the introspection fields of the operation, of what the caller can use.
    pub(super) fn introspect(&self, document: &Document, variables: &Valid<JsonMap>, permits: &Permits) -> Result<JsonMap, GraphError> {
        let shaped = self.shaped(permits)?;
        let answer = apollo_compiler::introspection::partial_execute(
            &shaped.schema,
            &shaped.implementers,
            &document.document,
            &document.operation,
            variables,
        )
        .map_err(|error| refusals::not_graphql(ErrorCode::ValidationFailed, &error.message().to_string()))?;
        Ok(answer.data.unwrap_or_default())
    }
}

impl Document {
    /// What is told of it in logs, traces and metrics.
    pub(super) fn told(&self) -> Arc<Told> {
        Arc::clone(&self.told)
    }

    /// What kind of operation it is.
    pub(super) fn operation_type(&self) -> OperationType {
        self.operation.operation_type
    }

    /// The root fields of a mutation under these variables. Changes are rare: their selections are read each time.
    pub(super) fn changes(&self, variables: &JsonMap) -> Changes {
        Reader { document: &self.document, variables }.changes(&self.operation.selection_set)
    }

    /// The operation's root fields under these variables.
    pub(super) fn roots(&self, variables: &JsonMap) -> Arc<Roots> {
        let decided = self.deciding.iter().map(|name| variables.get(name.as_str()).and_then(|value| value.as_bool()).unwrap_or_default());
        let decided: Vec<bool> = decided.collect();
        if let Some(known) = self.variants.get(&decided) {
            return known;
        }
        let reader = Reader { document: &self.document, variables };
        let roots = Arc::new(reader.roots(&self.operation.selection_set));
        self.variants.insert(decided, roots.clone());
        roots
    }
}

fn no_operation(name: Option<&str>, document: &ExecutableDocument) -> GraphError {
    let known: Vec<&str> = document.operations.named.keys().map(Name::as_str).collect();
    refusals::no_operation(name, &known.join(", "))
}

/// The most telling of the compiler's findings, in words. A selection that is empty only because all its fields are
/// unknown is found first, and means nothing to the reader.
fn first(errors: &DiagnosticList, code: ErrorCode) -> GraphError {
    let told: Vec<_> = errors.iter().map(|diagnostic| diagnostic.to_json()).collect();
    let Some(finding) = told.iter().find(|finding| !finding.message.contains("must have a subselection")).or(told.first()) else {
        return refusals::not_valid(code);
    };
    let error = refusals::not_graphql(code, &finding.message);
    let error = match told.len() {
        0 | 1 => error,
        count => error.hint(refusals::more_findings(count)),
    };
    match finding.locations.first() {
        Some(location) => error.at(location.line, location.column),
        None => error,
    }
}

/// The names of the variables that decide about `@skip` and `@include` anywhere in a document.
fn deciding_variables(document: &ExecutableDocument) -> Vec<String> {
    fn visit(selections: &[Selection], found: &mut Vec<String>) {
        for selection in selections {
            for directive in selection.directives().iter().filter(|directive| directive.name == "skip" || directive.name == "include") {
                for argument in &directive.arguments {
                    if let apollo_compiler::ast::Value::Variable(name) = &*argument.value
                        && !found.iter().any(|known| known == name.as_str())
                    {
                        found.push(name.to_string());
                    }
                }
            }
            match selection {
                Selection::Field(field) => visit(&field.selection_set.selections, found),
                Selection::InlineFragment(inline) => visit(&inline.selection_set.selections, found),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    for operation in document.operations.iter() {
        visit(&operation.selection_set.selections, &mut found);
    }
    for fragment in document.fragments.values() {
        visit(&fragment.selection_set.selections, &mut found);
    }
    found
}
