//! `civigrid account grant`.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use entities::codes::Board;
use entities::region_code::RegionCode;
use sea_orm::{ActiveEnum, Iterable};

use super::issuer::Purpose;
use super::moment::Moment;
use super::{Acting, Context, Holder, Place, SOON};
use crate::app;
use crate::policy;
use crate::store::accounts;

#[derive(Args)]
pub(in crate::cli) struct Grant {
    #[command(flatten)]
    holder: Holder,
    /// A role of the policy.
    #[arg(long)]
    role: String,
    /// A region's code of 12 digits, or 15 for a grid; several times for several.
    #[arg(long)]
    region: Vec<RegionCode>,
    /// A board.
    #[arg(long, value_parser = board)]
    board: Option<Board>,
    /// A department's id (department_…) or its whole name.
    #[arg(long)]
    department: Option<String>,
    /// The code of a service project; several times for several.
    #[arg(long)]
    project: Vec<String>,
    /// The holder's own id in the person register (person_…), where the token does not name it.
    #[arg(long)]
    person: Option<String>,
    /// From when: an instant, or a day from its beginning; now without it.
    #[arg(long)]
    from: Option<Moment>,
    /// Until when: an instant, or a day to its end; for ever without it.
    #[arg(long)]
    to: Option<Moment>,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    place: Place,
}

impl Grant {
    pub(super) async fn run(self, context: &mut Context<'_>) -> anyhow::Result<ExitCode> {
        let Self { holder, role, region, board, department, project, person, from, to, acting, place } = self;
        let desk = place.open(context).await?;
        let policy = app::policy(&desk.config)?;
        let roles: Vec<&str> = policy.roles().map(|(role, _)| role).collect();
        let issuer = desk.issuers.find(holder.issuer.as_deref(), Purpose::Granting)?;
        let person = person.map(|text| {
            let id = entities::id::parse(&text).filter(|(prefix, _)| *prefix == "person").map(|(_, uuid)| uuid);
            id.with_context(|| format!("--person: {text:?} is no id like person_01h455vb4pex5vsknk084sn02q"))
        });
        let zone = desk.config.zone;
        let grant = accounts::Grant {
            deed: desk.deed(acting, &issuer)?,
            account: policy::Account { issuer, subject: holder.subject },
            role,
            regions: region,
            board,
            department,
            projects: project,
            person: person.transpose()?,
            from: from.map(|from| from.beginning(zone)),
            to: to.map(|to| to.end(zone)),
        };
        for id in accounts::grant(&desk.database, &grant, &roles).await? {
            context.console.line(format_args!("{id}"));
        }
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}

fn board(word: &str) -> Result<Board, String> {
    let boards = || Board::iter().map(|board| (board, board.to_value()));
    if let Some((board, _)) = boards().find(|(_, value)| value == word) {
        return Ok(board);
    }
    let likeness = |value: &str| strsim::jaro_winkler(value, &word.to_uppercase());
    let near = boards().max_by(|(_, a), (_, b)| likeness(a).total_cmp(&likeness(b))).map(|(_, value)| value).unwrap_or_default();
    let all: Vec<String> = boards().map(|(_, value)| value).collect();
    Err(format!("did you mean {near}? The boards: {}", all.join(", ")))
}
