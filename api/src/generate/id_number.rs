//! Numbers of resident identity cards (GB 11643): 6 digits of region, 8 of birth, 3 serial (odd for men), 1 check.

use chrono::{Datelike, NaiveDate};

use super::dice::mix;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// The check character of the first 17 digits; None unless there are 17 digits.
pub(crate) fn check_character(digits: &str) -> Option<char> {
    if digits.len() != WEIGHTS.len() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    Some(char::from(CHECKS[(sum % 11) as usize]))
}

/// How many days of birth the desk knows, from 1900-01-01.
const DAYS: usize = 60_000;
/// How many serial numbers each sex has on one day in one region.
const SERIALS: u16 = 500;

/// Gives out numbers, each only once.
pub(crate) struct Desk {
    seed: u64,
    regions: Vec<u32>,
    given: Vec<u16>,
}

impl Desk {
    /// A desk that knows the given 6-digit regions.
    pub(crate) fn new(seed: u64, regions: Vec<u32>) -> Self {
        let given = vec![0; regions.len() * DAYS * 2];
        Self { seed, regions, given }
    }

    /// How many regions the desk knows.
    pub(crate) fn regions(&self) -> usize {
        self.regions.len()
    }

    /// A number not given before to one born on that day, from the region with that index or, where all its
    /// serials are taken, from the next.
    pub(crate) fn issue(&mut self, region: usize, born: NaiveDate, male: bool) -> Option<String> {
        let day = usize::try_from(born.num_days_from_ce() - 693_596).ok().filter(|day| *day < DAYS)?;
        for step in 0..self.regions.len() {
            let region = (region + step) % self.regions.len();
            let cell = (region * DAYS + day) * 2 + usize::from(male);
            let count = self.given[cell];
            if count < SERIALS {
                self.given[cell] += 1;
                let first = (mix(self.seed ^ cell as u64) % u64::from(SERIALS)) as u16;
                let serial = (first + count) % SERIALS * 2 + u16::from(male);
                return Some(self.print(region, born, serial));
            }
        }
        None
    }

    fn print(&self, region: usize, born: NaiveDate, serial: u16) -> String {
        let mut number = format!("{:06}{:04}{:02}{:02}{serial:03}", self.regions[region], born.year(), born.month(), born.day());
        number.extend(check_character(&number));
        number
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_check_character_is_the_standards() {
        assert_eq!(check_character("11010519491231002"), Some('X'));
        assert_eq!(check_character("1101051949123100"), None);
        assert_eq!(check_character("1101051949123100２"), None);
    }

    #[test]
    fn a_number_is_given_once_even_when_a_day_is_full() {
        let born = NaiveDate::from_ymd_opt(1980, 2, 29).expect("a leap day");
        let mut desk = Desk::new(7, vec![500_103, 500_105]);
        let numbers: HashSet<String> = (0..1_000).filter_map(|_| desk.issue(0, born, true)).collect();
        assert_eq!(numbers.len(), 1_000);
        assert_eq!(desk.issue(0, born, true), None);
        assert!(numbers.iter().all(|number| number[6..14] == *"19800229" && number.as_bytes()[16] % 2 == 1));
        assert!(desk.issue(0, born, false).is_some_and(|number| number.as_bytes()[16] % 2 == 0));
    }
}
