//! Keys: one type per register, UUIDv7 inside, TypeID text outside.
//!
//! The text form is the [TypeID specification](https://github.com/jetify-com/typeid/tree/main/spec)
//! 0.3: `<prefix>_<26 characters of Crockford base 32>`, where the prefix is the register's name.
//! Access never rests on an id being secret.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable};
use uuid::Uuid;

/// A register that has keys of its own.
pub trait Kind: 'static {
    /// The register's name, which is also the prefix of its ids in text.
    const PREFIX: &'static str;
}

/// The key of a row of register `K`. Two registers' keys are different types, so they cannot be mixed up.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// Takes a UUID that is known to be a key of this register.
    pub const fn new(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// The UUID as the databases store it.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", K::PREFIX)?;
        f.write_str(std::str::from_utf8(&encode(self.uuid)).map_err(|_| fmt::Error)?)
    }
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Value::Uuid(Some(id.uuid))
    }
}
impl<K> TryGetable for Id<K> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        Uuid::try_get_by(row, index).map(Self::new)
    }
}
impl<K> ValueType for Id<K> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <Uuid as ValueType>::try_from(value).map(Self::new)
    }
    fn type_name() -> String {
        "Id".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::Uuid
    }
    fn column_type() -> ColumnType {
        ColumnType::Uuid
    }
}
impl<K> Nullable for Id<K> {
    fn null() -> Value {
        Value::Uuid(None)
    }
}
impl<K> TryFromU64 for Id<K> {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Id"))
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 26 characters of a UUID in a TypeID: 128 bits, most significant first, two leading zero bits.
pub fn encode(uuid: Uuid) -> [u8; 26] {
    let mut bits = uuid.as_u128();
    let mut text = [0; 26];
    for place in text.iter_mut().rev() {
        *place = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    text
}

/// The id of a register's row as text: `<register>_<26 characters>`.
pub fn text(register: &str, uuid: Uuid) -> String {
    format!("{register}_{}", String::from_utf8_lossy(&encode(uuid)))
}

/// Reads `<prefix>_<26 characters>`; None unless it is exactly that (lower case, no overflow).
pub fn parse(text: &str) -> Option<(&str, Uuid)> {
    let (prefix, code) = text.rsplit_once('_')?;
    if code.len() != 26 || code.as_bytes()[0] > b'7' {
        return None;
    }
    let mut bits = 0u128;
    for byte in code.bytes() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        bits = (bits << 5) | digit as u128;
    }
    Some((prefix, Uuid::from_u128(bits)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_specifications_own_vectors_hold() {
        let cases = [
            ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
            ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
            ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ];
        for (text, uuid) in cases {
            let uuid = Uuid::parse_str(uuid).expect("a vector of the specification");
            assert_eq!(std::str::from_utf8(&encode(uuid)), Ok(text));
            assert_eq!(parse(&format!("prefix_{text}")), Some(("prefix", uuid)));
        }
    }

    #[test]
    fn text_that_is_no_typeid_is_refused() {
        for text in [
            "",
            "person",
            "person_",
            "person_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "person_0000000000000000000000000G",
            "person_0000000000000000000000000",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(bits in any::<u128>()) {
            let uuid = Uuid::from_u128(bits);
            let text = format!("case_event_{}", String::from_utf8_lossy(&encode(uuid)));
            prop_assert_eq!(parse(&text), Some(("case_event", uuid)));
        }

        #[test]
        fn no_text_makes_parsing_panic(text in ".*") {
            let _ = parse(&text);
        }
    }
}
