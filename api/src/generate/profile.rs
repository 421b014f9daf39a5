//! Profiles: how much is made, and where.

use std::fmt;
use std::str::FromStr;

/// How much is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A handful, for tests: 2 districts, 3 streets, 6 communities, about 170 people and 80 cases.
    Tiny,
    /// One street in full and a thin sample over every other street of the city, so that scopes differ visibly.
    Demo,
    /// One street in full: about 31,000 people and 3,300 cases.
    Street,
    /// One urban district in full: about 840,000 people.
    District,
    /// One community in each of the 1,031 streets: about 2.9 million people, 0.3 million cases
    /// and 0.25 million businesses.
    Article,
}

/// A text that names no profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no profile; the profiles are tiny, demo, street, district and article")]
pub struct NotAProfile(pub String);

impl Profile {
    /// All profiles, from the smallest to the largest.
    pub const ALL: [Self; 5] = [Self::Tiny, Self::Demo, Self::Street, Self::District, Self::Article];

    /// The profile's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Demo => "demo",
            Self::Street => "street",
            Self::District => "district",
            Self::Article => "article",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = NotAProfile;

    fn from_str(text: &str) -> Result<Self, NotAProfile> {
        Self::ALL.into_iter().find(|profile| profile.name() == text).ok_or_else(|| NotAProfile(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for profile in Profile::ALL {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert!("City".parse::<Profile>().is_err());
    }
}
