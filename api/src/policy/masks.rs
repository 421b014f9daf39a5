//! Masks as the file words them: `"phone:ends"`.

use entities::catalog::{Class, Register};
use entities::mask::MOST_MASKS;

use super::compile::GivenMask;
use super::fields::FieldSet;
use super::file::Word;
use super::finding::{Findings, hint};

/// Checks the words of a list of masks.
pub(super) fn compile(register: &'static Register, words: &[Word], findings: &mut Findings<'_>) -> Vec<GivenMask> {
    let mut given: Vec<GivenMask> = Vec::with_capacity(words.len());
    for Word { text, place } in words {
        let Some((name, mask)) = text.split_once(':') else {
            findings.add(place, format!("\"{text}\" names no mask; write the field and the mask, such as \"phone:ends\""));
            continue;
        };
        let Some((field, catalog)) = register.field(name) else {
            let maskable = register.fields.iter().filter(|field| !field.masks.is_empty()).map(|field| field.name);
            findings.unknown(&format!("field of \"{}\"", register.name), name, place, maskable);
            continue;
        };
        if catalog.masks.is_empty() || catalog.class == Class::Public {
            findings.add(place, format!("\"{name}\" has no mask: it is shown in full or not at all"));
            continue;
        }
        let Some(known) = catalog.masks.iter().find(|known| known.word() == mask) else {
            let hint = hint(mask, catalog.masks.iter().map(|known| known.word()));
            findings.add(place, format!("unknown mask \"{mask}\" of \"{name}\"; {hint}"));
            continue;
        };
        if given.iter().any(|given| given.field == field) {
            findings.add(place, format!("\"{name}\" is masked twice in one grant; the milder mask alone would hold, so leave one out"));
            continue;
        }
        given.push(GivenMask { word: text.clone(), line: findings.line(place), field, mask: *known });
    }
    given
}

/// The fields by the rank of their mask in the field's chain, the strictest first.
pub(super) fn by_rank(register: &Register, given: &[GivenMask]) -> [FieldSet; MOST_MASKS] {
    std::array::from_fn(|rank| {
        let of_rank = |given: &&GivenMask| register.fields[given.field].masks.get(rank) == Some(&given.mask);
        given.iter().filter(of_rank).map(|given| given.field).collect()
    })
}

#[cfg(test)]
mod tests;
