use proptest::prelude::*;

use super::*;

fn axes() -> Vec<Axis> {
    let axis = |name, values: &[&str]| Axis { name, values: values.iter().map(|value| Some((*value).to_owned())).collect() };
    vec![axis("sex", &["MALE", "FEMALE"]), axis("ageBand", &["YOUNG", "OLD", "OLDER"])]
}

fn code(number: i64) -> RegionCode {
    RegionCode::from_number(number).expect("a code")
}

const DISTRICT: i64 = 500_103_000_000_000;

fn table<'t>(axes: &'t [Axis], leaves: &[Vec<i64>]) -> Table<'t> {
    let leaf = |(index, counts): (usize, &Vec<i64>)| {
        let bases = counts.iter().map(|count| Base { count: *count, measures: Vec::new() });
        (code(DISTRICT + (index as i64 + 1) * 1_000_000), bases.collect())
    };
    Table { register: "person", axes, leaves: leaves.iter().enumerate().map(leaf).collect() }
}

fn choices() -> Vec<Vec<bool>> {
    vec![vec![false, false], vec![true, false], vec![false, true], vec![true, true]]
}

/// All that a menu tells of the district and its streets.
fn everything(table: &Table<'_>, key: &Key) -> Vec<Vec<Told>> {
    let regions = table.leaves.iter().map(|(leaf, _)| *leaf).chain([code(DISTRICT)]);
    regions
        .flat_map(|region| choices().into_iter().map(move |kept| (region, kept)))
        .map(|(region, kept)| table.told(key, region, &kept))
        .collect()
}

fn flags(told: &[Vec<Told>]) -> Vec<bool> {
    told.iter().flatten().map(|cell| cell.count.is_none()).collect()
}

fn counts() -> impl Strategy<Value = Vec<Vec<i64>>> {
    proptest::collection::vec(proptest::collection::vec(prop_oneof![0i64..10, 0i64..10, 10i64..40], 6), 1..4)
}

proptest! {
    /// What a small cell holds changes nothing but the flags.
    #[test]
    fn two_tables_that_differ_in_small_cells_alone_are_told_alike_where_their_flags_are_alike(
        leaves in counts(), others in counts(), key in any::<[u8; 16]>()
    ) {
        let key = Key::new(key);
        let axes = axes();
        let mut changed = leaves.clone();
        for (leaf, other) in changed.iter_mut().zip(&others) {
            for (count, other) in leaf.iter_mut().zip(other) {
                if *count < LEAST && *other < LEAST {
                    *count = *other;
                }
            }
        }
        let (one, two) = (everything(&table(&axes, &leaves), &key), everything(&table(&axes, &changed), &key));
        if flags(&one) == flags(&two) {
            prop_assert_eq!(one, two);
        }
    }

    #[test]
    fn a_cell_of_fewer_than_ten_rows_is_suppressed_and_one_with_a_large_base_cell_is_told_near_its_shadow(leaves in counts(), key in any::<[u8; 16]>()) {
        let key = Key::new(key);
        let axes = axes();
        let table = table(&axes, &leaves);
        for kept in choices() {
            for (cell, told) in table.told(&key, code(DISTRICT), &kept).iter().enumerate() {
                let holds = |index: usize| projected(&axes, &kept, index) == cell;
                let rows: i64 = leaves.iter().flat_map(|leaf| leaf.iter().enumerate()).filter(|(index, _)| holds(*index)).map(|(_, count)| count).sum();
                let large: i64 = leaves.iter().flat_map(|leaf| leaf.iter().enumerate()).filter(|(index, count)| holds(*index) && **count >= LEAST).map(|(_, count)| count).sum();
                let small = leaves.iter().flat_map(|leaf| leaf.iter().enumerate()).filter(|(index, count)| holds(*index) && **count < LEAST).count() as i64;
                match told.count {
                    None => prop_assert!(rows < LEAST || large == 0),
                    Some(count) => {
                        prop_assert!(rows >= LEAST && count >= LEAST && count % 5 == 0);
                        prop_assert!(count > large - 5 && count < (large + 9 * small).max(LEAST) + 5, "{count} of {large} and {small} small cells");
                    }
                }
            }
        }
    }
}

#[test]
fn sums_take_whole_base_cells_that_may_be_told_and_nothing_of_others() {
    let axes = axes();
    let measured = |values, sum, greatest| vec![Measured { values, sum, amounts: sum, greatest }];
    let bases = vec![
        Base { count: 20, measures: measured(20, 1_000, 100) },
        Base { count: 20, measures: measured(9, 900, 100) },
        Base { count: 20, measures: measured(15, 1_000, 501) },
        Base { count: 3, measures: measured(3, 7, 3) },
        Base { count: 10, measures: measured(10, 40, 20) },
        Base { count: 0, measures: measured(0, 0, 0) },
    ];
    let table = Table { register: "person", axes: &axes, leaves: vec![(code(DISTRICT + 1_000_000), bases)] };
    let key = Key::new(*b"key");
    let by_sex = table.told(&key, code(DISTRICT), &[true, false]);
    assert_eq!(by_sex.iter().map(|told| told.measures[0]).collect::<Vec<_>>(), [Some((1_000, 20)), Some((40, 10))]);
    assert_eq!(table.told(&key, code(DISTRICT), &[false, false])[0].measures, [Some((1_040, 30))]);
    let base = table.told(&key, code(DISTRICT), &[true, true]);
    assert_eq!(base[3], Told { count: None, measures: vec![None] });
    assert_eq!(base[1].measures, [None]);
}
