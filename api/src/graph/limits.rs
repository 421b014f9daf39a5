//! Guards on a document, before the library looks at it twice: a small document with fragments that double can keep a
//! validator busy for minutes.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, Selection};

use super::error::GraphError;
use super::refusals::documents as refusals;
use super::request::Bounds;

/// How much a request may ask.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the document.
    pub document_bytes: usize,
    /// Tokens of the document.
    pub tokens: usize,
    /// Levels of nested fields, introspection aside.
    pub depth: usize,
    /// Fields that are selected once all fragments are put in.
    pub selections: usize,
    /// Fields with an alias.
    pub aliases: usize,
    /// Rows on one page.
    pub page_size: usize,
    /// Rows of a page where nothing is said.
    pub default_page_size: usize,
    /// Items of a list in the input.
    pub list_items: usize,
    /// Nodes that the pages could hold, summed over all paths.
    pub nodes: u64,
    /// Bytes of the answer.
    pub answer_bytes: usize,
    /// Prepared documents that are kept.
    pub documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 * 1024,
            tokens: 10_000,
            depth: 16,
            selections: 2_000,
            aliases: 200,
            page_size: 1_000,
            default_page_size: 20,
            list_items: 1_000,
            nodes: 50_000,
            answer_bytes: 16 * 1024 * 1024,
            documents: 1_000,
        }
    }
}

impl Limits {
    /// The limits of a caller with bounds: never more than everybody's.
    pub(super) fn within(self, bounds: Bounds) -> Self {
        let Bounds { page_size, nodes } = bounds;
        let page_size = page_size.map_or(self.page_size, |own| own.min(self.page_size));
        let nodes = nodes.map_or(self.nodes, |own| own.min(self.nodes));
        Self { page_size, default_page_size: self.default_page_size.min(page_size), nodes, ..self }
    }
}

/// What a selection set comes to once its fragments are put in.
#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    selections: usize,
    aliases: usize,
}

/// Refuses a document that is too deep or too wide, each fragment being measured once however often it is used.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), GraphError> {
    let fragments: HashMap<&str, &[Selection]> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) => Some((fragment.name.as_str(), fragment.selection_set.as_slice())),
            _ => None,
        })
        .collect();
    let mut known = HashMap::new();
    for definition in &document.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            judge(measure(&operation.selection_set, &fragments, &mut known), limits)?;
        }
    }
    Ok(())
}

fn judge(size: Size, limits: &Limits) -> Result<(), GraphError> {
    let Size { depth, selections, aliases } = size;
    if depth > limits.depth {
        return Err(refusals::too_deep(depth, limits.depth));
    }
    if selections > limits.selections {
        return Err(refusals::too_many_selections(selections, limits.selections));
    }
    if aliases > limits.aliases {
        return Err(refusals::too_many_aliases(aliases, limits.aliases));
    }
    Ok(())
}

fn measure<'d>(selections: &'d [Selection], fragments: &HashMap<&'d str, &'d [Selection]>, known: &mut HashMap<&'d str, Size>) -> Size {
    let mut total = Size::default();
    for selection in selections {
        let size = match selection {
            Selection::Field(field) => {
                // Introspection nests deep by nature; the compiler bounds it on its own.
                let inner = if field.name.starts_with("__") { Size::default() } else { measure(&field.selection_set, fragments, known) };
                Size {
                    depth: inner.depth + 1,
                    selections: inner.selections.saturating_add(1),
                    aliases: inner.aliases.saturating_add(usize::from(field.alias.is_some())),
                }
            }
            Selection::InlineFragment(inline) => measure(&inline.selection_set, fragments, known),
            Selection::FragmentSpread(spread) => {
                let name = spread.fragment_name.as_str();
                match (known.get(name), fragments.get_key_value(name)) {
                    (Some(size), _) => *size,
                    (None, Some((name, selections))) => {
                        // A cycle counts as nothing here; validation names it.
                        known.insert(name, Size::default());
                        let size = measure(selections, fragments, known);
                        known.insert(name, size);
                        size
                    }
                    (None, None) => Size::default(),
                }
            }
        };
        total.depth = total.depth.max(size.depth);
        total.selections = total.selections.saturating_add(size.selections);
        total.aliases = total.aliases.saturating_add(size.aliases);
    }
    total
}
