//! Unified social credit codes (GB 32100-2015): 1 character for the registry, 1 for the kind, 6 digits of region, the
//! 9 characters of the organisation code (GB 11714-1997, whose last is its check), 1 check character.

/// The characters of a code in the order of their values; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 characters: powers of 3 modulo 31.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of the first 8 characters of an organisation code.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The check character of the first 17 characters; None unless there are 17 of the code's alphabet.
pub fn check_character(first: &str) -> Option<char> {
    let sum = weighted(first, &WEIGHTS, |letter| ALPHABET.iter().position(|known| *known == letter))?;
    Some(char::from(ALPHABET[((31 - sum % 31) % 31) as usize]))
}

/// The check character of the first 8 characters of an organisation code; None unless there are 8 digits or capital letters.
pub fn organisation_check_character(first: &str) -> Option<char> {
    let value = |letter: u8| match letter {
        b'0'..=b'9' => Some(usize::from(letter - b'0')),
        b'A'..=b'Z' => Some(usize::from(letter - b'A') + 10),
        _ => None,
    };
    let sum = weighted(first, &ORGANISATION_WEIGHTS, value)?;
    Some(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    })
}

/// The whole code of a registry and kind (2 characters), a region (6 digits) and the first 8 characters of an
/// organisation code; None if a part is not what it should be.
pub fn credit_code(kind: &str, region: &str, organisation: &str) -> Option<String> {
    if kind.len() != 2 || region.len() != 6 || !region.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut code = format!("{kind}{region}{organisation}{}", organisation_check_character(organisation)?);
    code.push(check_character(&code)?);
    Some(code)
}

/// True if both check characters fit.
pub fn is_valid(code: &str) -> bool {
    let parts = (code.get(..17), code.get(2..8), code.get(8..16), code.get(16..17), code.get(17..));
    let (Some(first), Some(region), Some(organisation), Some(inner), Some(outer)) = parts else { return false };
    let ends = |check: Option<char>, end: &str| check.is_some_and(|check| end.len() == 1 && end.starts_with(check));
    region.bytes().all(|byte| byte.is_ascii_digit())
        && ends(organisation_check_character(organisation), inner)
        && ends(check_character(first), outer)
}

fn weighted(text: &str, weights: &[u32], value: impl Fn(u8) -> Option<usize>) -> Option<u32> {
    if text.len() != weights.len() {
        return None;
    }
    text.bytes().zip(weights).map(|(letter, weight)| Some(value(letter)? as u32 * weight)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_that_are_published_hold() {
        for code in ["91110000802100433B", "9144030071526726XG"] {
            assert!(is_valid(code), "{code}");
            assert_eq!(credit_code(&code[..2], &code[2..8], &code[8..16]).as_deref(), Some(code));
        }
        for wrong in ["91110000802100433A", "91110000802100434B", "9111000080210043", "91110000802100433B0", "", "9111000080210043３B"] {
            assert!(!is_valid(wrong), "{wrong}");
        }
        assert_eq!(credit_code("91", "11000A", "80210043"), None);
        assert_eq!(credit_code("9I", "110000", "80210043"), None);
    }

    #[test]
    fn the_weights_are_the_powers_of_three() {
        let mut power = 1;
        for weight in WEIGHTS {
            assert_eq!(weight, power);
            power = power * 3 % 31;
        }
    }

    proptest! {
        #[test]
        fn a_code_made_of_its_parts_holds_and_no_change_of_one_character_does(
            kind in "[159][123]",
            region in "50[0-9]{4}",
            organisation in "[0-9A-HJ-NPQRTUWXY]{8}",
            place in 0usize..18,
            shift in 1usize..31,
        ) {
            let code = credit_code(&kind, &region, &organisation).expect("every part is well formed");
            prop_assert_eq!(code.len(), 18);
            prop_assert!(is_valid(&code));
            let mut changed = code.into_bytes();
            let value = ALPHABET.iter().position(|known| *known == changed[place]).expect("a character of the alphabet");
            changed[place] = ALPHABET[(value + shift) % 31];
            prop_assert!(!is_valid(&String::from_utf8(changed).expect("ASCII")), "31 is prime and no weight is a multiple of it");
        }

        #[test]
        fn an_organisation_code_tells_every_change_of_one_digit(first in "[0-9]{8}", place in 0usize..8, shift in 1u8..10) {
            let check = organisation_check_character(&first);
            let mut changed = first.into_bytes();
            changed[place] = b'0' + (changed[place] - b'0' + shift) % 10;
            prop_assert_ne!(check, organisation_check_character(&String::from_utf8(changed).expect("ASCII")));
        }

        #[test]
        fn no_text_stops_the_check(text in "\\PC{0,24}") {
            let _ = is_valid(&text);
        }
    }
}
