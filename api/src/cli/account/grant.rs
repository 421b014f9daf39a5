//! `civigrid account grant`.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use entities::codes::Board;
use entities::region_code::RegionCode;
use sea_orm::{ActiveEnum, Iterable};
use uuid::Uuid;

use super::issuer::Purpose;
use super::moment::Moment;
use super::{Acting, Context, Holder, Place, SOON};
use crate::app;
use crate::policy::{self, Assignment, Lacking, RowWord};
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
        let lacking = policy.lacking(&Assignment {
            role: role.clone(),
            regions: region.clone(),
            board,
            // Which one it is makes no difference to whether one is named.
            department: department.as_ref().map(|_| Uuid::nil()),
            projects: project.clone(),
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
        if let Some(lacking) = lacking {
            context.console.complain(format_args!("warning: {}", in_words(&grant.role, &lacking)));
        }
        context.console.line(format_args!("{SOON}"));
        Ok(ExitCode::SUCCESS)
    }
}

/// That a role gives nothing as it was given, and what to add.
fn in_words(role: &str, lacking: &Lacking) -> String {
    let Lacking { idle, grants, words } = lacking;
    let options: Vec<String> =
        words.iter().map(|words| words.iter().copied().filter_map(option).collect::<Vec<_>>().join(" and ")).collect();
    let count = if idle == grants {
        format!("none of its {grants} grants gives a row")
    } else {
        format!("{idle} of its {grants} grants give no row")
    };
    format!(
        "{role:?} is given without the bounds that its grants ask for, so {count}; end it and give it with {}",
        options.join(", or with ")
    )
}

/// The option that says what a word of `rows` asks for.
fn option(word: RowWord) -> Option<&'static str> {
    match word {
        RowWord::Region => Some("--region"),
        RowWord::Board => Some("--board"),
        RowWord::Department => Some("--department"),
        RowWord::Projects => Some("--project"),
        RowWord::OwnPerson | RowWord::OwnHousehold | RowWord::OwnWards | RowWord::OpenTasks | RowWord::OpenCase | RowWord::Purpose => None,
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
