//! Callers that nobody has to be: what a question about somebody else's rights supposes.

use std::sync::PoisonError;

use crate::policy::{Caller, CallerKind};

use super::{Assigned, Authenticator};

impl Assigned {
    /// A caller with this assignment alone, and this own row of the person register (`person_…`).
    ///
    /// # Errors
    /// What is wrong with the assignment or the id, in words.
    pub fn supposed(&self, person: Option<&str>) -> Result<Caller, &'static str> {
        self.check()?;
        let assignment = self.assignment().map_err(|_| "the assignment cannot be read")?;
        let id_of = |text: &str| entities::id::parse(text).filter(|(register, _)| *register == "person").map(|(_, uuid)| uuid);
        let person = person.map(|text| id_of(text).ok_or("a person is an id like person_01h455vb4pex5vsknk084sn02q")).transpose()?;
        Ok(Caller { kind: CallerKind::Person, person, assignments: vec![assignment], ..Caller::anonymous() })
    }
}

impl Authenticator {
    /// True if the policy has the role.
    pub(crate) fn knows_role(&self, role: &str) -> bool {
        self.roles.read().unwrap_or_else(PoisonError::into_inner).contains(role)
    }
}
