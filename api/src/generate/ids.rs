//! Keys: UUIDs of version 7 whose random part is drawn from the seed, so that they repeat.

use chrono::{DateTime, Utc};
use entities::id::{Id, Kind};
use uuid::Uuid;

use super::dice::mix;

/// The instant that all rows of reference (regions, departments, categories) carry: 2024-01-01 in UTC.
pub(crate) const FOUNDED: DateTime<Utc> = match DateTime::from_timestamp(1_704_067_200, 0) {
    Some(instant) => instant,
    None => DateTime::UNIX_EPOCH,
};

/// The key of a row of reference: the same in every database, whatever the seed.
pub(crate) fn stable<K: Kind>(key: u64) -> Id<K> {
    Id::new(uuid(FOUNDED, mix(key ^ mix(tag::<K>()))))
}

/// The key of row number `number` of its register, made at the given instant.
pub(crate) fn seeded<K: Kind>(seed: u64, made: DateTime<Utc>, number: u64) -> Id<K> {
    Id::new(uuid(made, mix(number ^ mix(seed ^ mix(tag::<K>())))))
}

/// 48 bits of milliseconds, 12 bits that grow with the microseconds, 62 bits of chance.
fn uuid(made: DateTime<Utc>, chance: u64) -> Uuid {
    let millis = u128::try_from(made.timestamp_millis()).unwrap_or(0) & 0xffff_ffff_ffff;
    let fraction = u128::from(made.timestamp_subsec_micros() % 1_000) << 2;
    Uuid::from_u128(millis << 80 | 7 << 76 | fraction << 64 | 2 << 62 | u128::from(chance >> 2))
}

/// A number that tells one register from another.
fn tag<K: Kind>() -> u64 {
    K::PREFIX.bytes().fold(0, |tag, byte| mix(tag ^ u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use entities::person::Person;
    use entities::region::Region;

    use super::*;

    #[test]
    fn keys_are_of_version_7_and_grow_with_the_instant() {
        let first: Id<Person> = seeded(1, FOUNDED, 5);
        let later: Id<Person> = seeded(1, FOUNDED + TimeDelta::microseconds(1), 4);
        assert_eq!(first.uuid().get_version_num(), 7);
        assert_eq!(first.uuid().get_variant(), uuid::Variant::RFC4122);
        assert!(first < later);
    }

    #[test]
    fn keys_depend_on_the_register() {
        assert_ne!(stable::<Person>(1).uuid(), stable::<Region>(1).uuid());
    }
}
