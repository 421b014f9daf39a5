//! Families: who lives together, how old they are and how they are related to the head.
//!
//! Ages are drawn from the youngest generation up, so that parents are always at least 18 years older than their
//! children and spouses are near in age. The shares of the shapes are set so that a street shows the census:
//! about 2.6 people in a household, 15.9 % under 15 and 21.9 % from 60.

use entities::codes::{MaritalStatus, RelationToHead as Relation};

use super::dice::Dice;

/// One member of a family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    /// Relation to the head, who is the first member.
    pub(crate) relation: Relation,
    /// True for a man or boy.
    pub(crate) male: bool,
    /// Age in years, with a fraction.
    pub(crate) age: f64,
    /// Marital status.
    pub(crate) marital: MaritalStatus,
    /// True if the member bears the head's surname.
    pub(crate) surname_of_head: bool,
}

/// What a household looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    YoungSingle,
    OldSingle,
    YoungCouple,
    OldCouple,
    Parents,
    OneParent,
    ThreeGenerations,
    GrandparentsOnly,
    OldWithChild,
    Sharing,
}

const SHAPES: &[(Shape, u32)] = &[
    (Shape::YoungSingle, 95),
    (Shape::OldSingle, 85),
    (Shape::YoungCouple, 130),
    (Shape::OldCouple, 140),
    (Shape::Parents, 315),
    (Shape::OneParent, 55),
    (Shape::ThreeGenerations, 115),
    (Shape::GrandparentsOnly, 30),
    (Shape::OldWithChild, 55),
    (Shape::Sharing, 35),
];

/// A family, head first.
pub(crate) fn family(dice: &mut Dice) -> Vec<Member> {
    match dice.weighted(SHAPES) {
        Shape::YoungSingle => {
            let (male, age) = (dice.chance(0.61), dice.real(20.0, 56.0));
            let marital = if age < 30.0 || dice.chance(0.6) { MaritalStatus::Single } else { MaritalStatus::Divorced };
            vec![member(Relation::Head, male, age, marital)]
        }
        Shape::OldSingle => {
            let (male, age) = (dice.chance(0.46), old(dice));
            let marital = dice.weighted(&[(MaritalStatus::Widowed, 75), (MaritalStatus::Divorced, 10), (MaritalStatus::Single, 15)]);
            vec![member(Relation::Head, male, age, marital)]
        }
        Shape::YoungCouple => {
            let age = dice.real(24.0, 60.0);
            couple(age, dice)
        }
        Shape::OldCouple => {
            let age = old(dice).min(86.0);
            couple(age, dice)
        }
        Shape::Parents => with_parents(dice),
        Shape::OneParent => with_one_parent(dice),
        Shape::ThreeGenerations => three_generations(dice),
        Shape::GrandparentsOnly => with_grandparents(dice),
        Shape::OldWithChild => old_with_child(dice),
        Shape::Sharing => sharing(dice),
    }
}

/// Somebody of age, alone.
pub(crate) fn someone(dice: &mut Dice) -> Member {
    let (male, age) = (dice.chance(0.5), dice.real(18.0, 80.0));
    member(Relation::Head, male, age, MaritalStatus::NotStated)
}

fn member(relation: Relation, male: bool, age: f64, marital: MaritalStatus) -> Member {
    Member { relation, male, age, marital, surname_of_head: false }
}

/// An age from 60 up, rarer the higher.
fn old(dice: &mut Dice) -> f64 {
    60.0 + 38.0 * dice.unit().powf(1.7)
}

/// An age of a parent of somebody of this age: 20 to 42 years more.
fn parent_age(age: f64, dice: &mut Dice) -> f64 {
    age + (26.5 + 4.5 * dice.normal()).clamp(20.0, 42.0)
}

/// Two spouses, of whom the younger or only slightly older one has the given age; the head is mostly the man.
fn couple(age: f64, dice: &mut Dice) -> Vec<Member> {
    let husband = member(Relation::Head, true, (age + (2.0 + 2.0 * dice.normal()).clamp(-1.0, 8.0)).min(103.0), MaritalStatus::Married);
    let wife = member(Relation::Spouse, false, age, MaritalStatus::Married);
    if dice.chance(0.72) {
        vec![husband, wife]
    } else {
        vec![Member { relation: Relation::Head, ..wife }, Member { relation: Relation::Spouse, ..husband }]
    }
}

/// A child of the head, who is the father or gave the surname.
fn child(age: f64, dice: &mut Dice) -> Member {
    let male = dice.chance(0.53);
    let relation = if male { Relation::Son } else { Relation::Daughter };
    let marital = if age > 30.0 && dice.chance(0.3) { MaritalStatus::Divorced } else { MaritalStatus::Single };
    Member { relation, male, age, marital, surname_of_head: true }
}

/// The ages of one to three children, eldest first.
fn childrens_ages(dice: &mut Dice) -> Vec<f64> {
    let eldest = if dice.chance(0.745) { dice.real(0.1, 18.0) } else { dice.real(18.0, 29.0) };
    let mut ages = vec![eldest];
    for chance in [0.33, 0.12] {
        let next = ages.last().copied().unwrap_or(0.0) - dice.real(1.2, 7.0);
        if next < 0.05 || !dice.chance(chance) {
            break;
        }
        ages.push(next);
    }
    ages
}

fn with_parents(dice: &mut Dice) -> Vec<Member> {
    let ages = childrens_ages(dice);
    let mother = parent_age(ages[0], dice);
    let mut family = couple(mother, dice);
    for age in ages {
        let child = child(age, dice);
        family.push(Member { surname_of_head: family[0].male, ..child });
    }
    family
}

fn with_one_parent(dice: &mut Dice) -> Vec<Member> {
    let ages = childrens_ages(dice);
    let age = parent_age(ages[0], dice);
    let marital = dice.weighted(&[(MaritalStatus::Divorced, 80), (MaritalStatus::Widowed, 20)]);
    let mut family = vec![member(Relation::Head, dice.chance(0.45), age, marital)];
    for age in ages {
        let child = child(age, dice);
        family.push(child);
    }
    family
}

/// Parents with children, and one or both parents of the head.
fn three_generations(dice: &mut Dice) -> Vec<Member> {
    let mut family = with_parents(dice);
    let head = family[0];
    let age = parent_age(head.age, dice).min(98.0);
    let both = age < 80.0 && dice.chance(0.5);
    let marital = if both { MaritalStatus::Married } else { MaritalStatus::Widowed };
    if both {
        let husband = (age + dice.real(0.0, 4.0)).min(100.0);
        family.push(Member { surname_of_head: true, ..member(Relation::Parent, true, husband, marital) });
    }
    let male = !both && dice.chance(0.35);
    family.push(Member { surname_of_head: male, ..member(Relation::Parent, male, age, marital) });
    family
}

/// Grandparents with the children of children who work elsewhere.
fn with_grandparents(dice: &mut Dice) -> Vec<Member> {
    let grandchild = dice.real(1.0, 16.0);
    let parent = parent_age(grandchild, dice);
    let age = parent_age(parent, dice);
    let mut family = couple(age, dice);
    let own = dice.chance(0.7) && family[0].male;
    let male = dice.chance(0.53);
    family.push(Member { surname_of_head: own, ..member(Relation::Grandchild, male, grandchild, MaritalStatus::Single) });
    family
}

/// An old head with a grown child.
fn old_with_child(dice: &mut Dice) -> Vec<Member> {
    let age = dice.real(32.0, 62.0);
    let head = parent_age(age, dice).min(99.0);
    let male = dice.chance(0.42);
    let child = child(age, dice);
    vec![member(Relation::Head, male, head, MaritalStatus::Widowed), Member { surname_of_head: male, ..child }]
}

/// Siblings or colleagues who share a flat.
fn sharing(dice: &mut Dice) -> Vec<Member> {
    let siblings = dice.chance(0.4);
    let relation = if siblings { Relation::Sibling } else { Relation::Other };
    let head = dice.real(19.0, 35.0);
    let mut family = vec![member(Relation::Head, dice.chance(0.6), head, MaritalStatus::Single)];
    for _ in 0..dice.between(1, 3) {
        let age = (head + dice.real(-4.0, 6.0)).max(18.0);
        family.push(Member { surname_of_head: siblings, ..member(relation, dice.chance(0.6), age, MaritalStatus::Single) });
    }
    family
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many() -> Vec<Vec<Member>> {
        let mut dice = Dice::new(11, 1);
        (0..60_000).map(|_| family(&mut dice)).collect()
    }

    #[test]
    fn parents_are_18_years_older_and_spouses_near_in_age() {
        for family in many() {
            let head = family[0];
            assert_eq!(head.relation, Relation::Head);
            for member in &family[1..] {
                match member.relation {
                    Relation::Son | Relation::Daughter => assert!(head.age >= member.age + 18.0, "{family:?}"),
                    Relation::Parent => assert!(member.age >= head.age + 18.0, "{family:?}"),
                    Relation::Grandchild => assert!(head.age >= member.age + 36.0, "{family:?}"),
                    Relation::Spouse => assert!((head.age - member.age).abs() <= 9.0, "{family:?}"),
                    _ => {}
                }
                assert!(member.age > 0.0 && member.age < 110.0);
            }
        }
    }

    #[test]
    fn shares_are_the_censuss() {
        let families = many();
        let people: Vec<Member> = families.iter().flatten().copied().collect();
        let share = |test: fn(&Member) -> bool| people.iter().filter(|member| test(member)).count() as f64 / people.len() as f64;
        let children = share(|member| member.age < 15.0);
        let old = share(|member| member.age >= 60.0);
        let men = share(|member| member.male);
        let size = people.len() as f64 / families.len() as f64;
        let seen = format!("children {children:.3}, old {old:.3}, men {men:.3}, size {size:.2}");
        assert!((children - 0.159).abs() < 0.006, "{seen}");
        assert!((old - 0.219).abs() < 0.006, "{seen}");
        assert!((men - 0.5055).abs() < 0.006, "{seen}");
        assert!((size - 2.62).abs() < 0.08, "{seen}");
    }
}
