//! `civigrid policy explain`: why a role may do something with a field, or not, in sentences.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};
use entities::catalog::Register;
use entities::codes::Board;
use entities::region_code::{NotARegionCode, RegionCode};
use sea_orm::{ActiveEnum, Iterable};
use uuid::Uuid;

use super::super::pages::words::Voice;
use super::{Source, agreements, known_register, now};
use crate::cli::Context;
use crate::cli::bounds::known_role;
use crate::policy::{ANONYMOUS, Agreements, Assignment, Caller, CallerKind, Present, Purpose, Right, hint};

mod sentences;

#[derive(Args)]
pub(in crate::cli) struct Explain {
    /// The type or register: Person, or person.
    #[arg(value_name = "TYPE")]
    register: String,
    /// The field, or a relation.
    field: String,
    /// A role; several times for several with the same bounds. Without it: everyone, also without a token.
    #[arg(long)]
    role: Vec<String>,
    /// Every role in turn, with what each may and by which lines.
    #[arg(long, conflicts_with = "role")]
    every_role: bool,
    /// What is to be done with the field.
    #[arg(long, default_value = "show")]
    right: RightName,
    /// A region's code of 12 digits, or 15 for a grid; several times for several. Without any bound the role is explained in general.
    #[arg(long)]
    region: Vec<String>,
    /// A board: PARTY, ECONOMY, SERVICES, PEACE_LAW or COMMAND.
    #[arg(long)]
    board: Option<String>,
    /// A department's id (department_…).
    #[arg(long)]
    department: Option<String>,
    /// The caller's own id in the person register (person_…).
    #[arg(long)]
    person: Option<String>,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    agreed: agreements::Asked,
}

#[derive(Clone, Copy, ValueEnum)]
enum RightName {
    /// Read the value.
    Show,
    /// Filter and order by it.
    Filter,
    /// Group by it and measure it.
    Aggregate,
    /// Find rows that share a value, without seeing the value.
    Duplicates,
}

impl RightName {
    const fn right(self) -> Right {
        match self {
            Self::Show => Right::Show,
            Self::Filter => Right::Filter,
            Self::Aggregate => Right::Aggregate,
            Self::Duplicates => Right::Duplicates,
        }
    }
}

/// What a field's name stands for.
struct Named {
    register: &'static Register,
    field: usize,
    /// The sentence that says so, where the name is that of a relation.
    follows: Option<String>,
}

impl Explain {
    pub(in crate::cli) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { register, field, role, every_role, right, region, board, department, person, source, agreed } = self;
        let policy = source.read(context)?;
        let roles = role.into_iter().map(|role| known_role(&policy, role)).collect::<anyhow::Result<Vec<_>>>()?;
        let Named { register, field, follows } = named(known_register(&register)?, &field)?;
        let bounds = Bounds::read(&region, board.as_deref(), department.as_deref(), person.as_deref())?;
        let voice = if bounds.is_empty() { Voice::General } else { Voice::Exact };
        let agreements = agreed.read(context).await?;
        let none = Agreements::default();
        let present = Present { now: now(context)?, agreements: agreements.as_ref().unwrap_or(&none) };
        if let Some(follows) = follows {
            context.console.line(format_args!("{follows}\n"));
        }
        if every_role {
            context.console.write(&sentences::heading(register, field));
            if !right.right().applies_to(&register.fields[field]) {
                context.console.write(&sentences::for_nobody(right.right()));
                return Ok(ExitCode::SUCCESS);
            }
            for (role, _) in policy.roles() {
                let caller = bounds.caller(vec![role.to_owned()]);
                let explanation = policy.explain_now(&caller, (register, field), right.right(), present);
                context.console.write(&sentences::of_role(&policy, &caller, &explanation, voice));
                context.console.write(&agreements::of_field(&explanation.agreements));
            }
            return Ok(ExitCode::SUCCESS);
        }
        let caller = bounds.caller(roles);
        let explanation = policy.explain_now(&caller, (register, field), right.right(), present);
        context.console.write(&sentences::explained(&policy, &caller, &explanation, voice));
        context.console.write(&agreements::of_field(&explanation.agreements));
        Ok(ExitCode::SUCCESS)
    }
}

/// The field of this name, or the field that a relation of this name follows.
fn named(register: &'static Register, name: &str) -> anyhow::Result<Named> {
    if let Some((field, _)) = register.field(name) {
        return Ok(Named { register, field, follows: None });
    }
    let relation = register.relation(name).and_then(|relation| {
        let target = entities::catalog::register(relation.target)?;
        let through = relation.through.tie();
        target.field(through).map(|(field, _)| (target, field, through))
    });
    if let Some((target, field, through)) = relation {
        let (from, to) = (register.type_name, target.type_name);
        let follows = Some(format!("{from}.{name} follows {to}.{through}: it can be walked on the rows that show that field."));
        return Ok(Named { register: target, field, follows });
    }
    let names = register.fields.iter().map(|field| field.name).chain(register.relations.iter().map(|relation| relation.name));
    bail!("unknown field \"{name}\" of {}; {}", register.type_name, hint(name, names))
}

/// What an assignment says beside the role.
struct Bounds {
    regions: Vec<RegionCode>,
    board: Option<Board>,
    department: Option<Uuid>,
    person: Option<Uuid>,
}

impl Bounds {
    fn read(regions: &[String], board: Option<&str>, department: Option<&str>, person: Option<&str>) -> anyhow::Result<Self> {
        let region = |code: &String| code.parse().map_err(|error: NotARegionCode| anyhow::anyhow!("--region {code}: {error}"));
        Ok(Self {
            regions: regions.iter().map(region).collect::<anyhow::Result<_>>()?,
            board: board.map(known_board).transpose()?,
            department: department.map(|text| id("department", text)).transpose()?,
            person: person.map(|text| id("person", text)).transpose()?,
        })
    }

    fn is_empty(&self) -> bool {
        let Self { regions, board, department, person } = self;
        regions.is_empty() && board.is_none() && department.is_none() && person.is_none()
    }

    /// The caller who holds the roles within these bounds; without any bound, a caller of the roles in general.
    fn caller(&self, roles: Vec<String>) -> Caller {
        if self.is_empty() {
            return if roles.iter().all(|role| role == ANONYMOUS) { Caller::anonymous() } else { Caller::in_general(roles) };
        }
        let Self { regions, board, department, person } = self;
        let (board, department, person) = (*board, *department, *person);
        let assignment = |role| Assignment { role, regions: regions.clone(), board, department, projects: Vec::new() };
        // What everyone may needs no assignment.
        let assignments = roles.into_iter().filter(|role| role != ANONYMOUS).map(assignment).collect();
        Caller { kind: CallerKind::Person, person, purpose: Purpose::Any, assignments, ..Caller::anonymous() }
    }
}

fn known_board(name: &str) -> anyhow::Result<Board> {
    let known: Vec<String> = Board::iter().map(|board| board.to_value()).collect();
    let board = Board::iter().find(|board| board.to_value() == name);
    board.ok_or_else(|| anyhow::anyhow!("unknown board \"{name}\"; {}", hint(name, known.iter().map(String::as_str))))
}

fn id(register: &str, text: &str) -> anyhow::Result<Uuid> {
    let parsed = entities::id::parse(text).filter(|(prefix, _)| *prefix == register);
    parsed.map(|(_, uuid)| uuid).ok_or_else(|| {
        anyhow::anyhow!("--{register} {text}: not the id of a {register}; it has the form {register}_01h455vb4pex5vsknk084sn02q")
    })
}
