//! What can be typed.

use clap::{Args, Parser, Subcommand};

use super::action::ActionArguments;
use super::catalog::CatalogCommand;
use super::check::CheckArguments;
use super::completions::CompletionsArguments;
use super::demo::DemoArguments;
use super::drift::DriftArguments;
use super::environment::ColourChoice;
use super::explain::ExplainArguments;
use super::init::InitArguments;
use super::investigate::InvestigateArguments;
use super::lineage::LineageArguments;
use super::manual::ManualArguments;
use super::notice::NoticeArguments;
use super::own_rules::RulesCommand;
use super::plan::PlanArguments;
use super::schema::SchemaArguments;
use super::snapshot::SnapshotCommand;
use super::uses::UsesArguments;

/// Know who a schema change breaks before it ships
///
/// fieldgate reads a snapshot of the warehouse's schema, a catalog of who depends on it, and proposed migrations. It applies the migrations to a
/// model of the schema and tells who breaks, who changes silently, and how to come back. It needs no server, no login and no network.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "fieldgate",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 nothing blocks · 1 blocked · 2 arguments, settings or input cannot be used · 3 something was not judged"
)]
pub(super) struct Arguments {
    /// What is the same for all commands
    #[command(flatten)]
    pub common: CommonArguments,
    /// What to do
    #[command(subcommand)]
    pub command: CommandArguments,
}

/// Arguments of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct CommonArguments {
    /// Colour: auto, always or never; NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE are heeded
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true, help_heading = "Output")]
    pub color: ColourChoice,
    /// Say only what ends the run
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Say what was found and read
    #[arg(short, long, global = true, help_heading = "Output")]
    pub verbose: bool,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum CommandArguments {
    /// Judge proposed migrations: who breaks, who changes silently, what blocks
    #[command(
        after_help = "Examples:\n  fieldgate check\n  fieldgate check migrations/0042_contact.sql --format md\n  fieldgate check --ddl before.sql --query-dir reports up.sql"
    )]
    Check(CheckArguments),
    /// Set a repository up by looking at it: settings, a first snapshot and catalog, a workflow; what is there is never touched
    Init(InitArguments),
    /// Judge the built-in example: no database, no settings, nothing to install
    Demo(DemoArguments),
    /// Plan the way back: what to save before, how to undo, what does not come back
    #[command(after_help = "Example: fieldgate plan migrations/0042_contact.sql --output-dir rollback")]
    Plan(PlanArguments),
    /// Write what each department is told
    #[command(after_help = "Example: fieldgate notice migrations/0042_contact.sql --output-dir notices")]
    Notice(NoticeArguments),
    /// Take or build a snapshot of the warehouse's schema
    Snapshot(SnapshotCommand),
    /// Tell what a query reads: every column by role, and what each output comes from
    #[command(after_help = "Example: fieldgate lineage --ddl schema.sql report.sql")]
    Lineage(LineageArguments),
    /// Tell who depends on a field: consumers with their people, roles and ways, and views
    #[command(after_help = "Example: fieldgate uses app.clients.phone\n\nExit codes: 0 everybody is known · 2 no such field · 3 somebody could not be judged")]
    Uses(UsesArguments),
    /// Say what a rule means, why it matters, and the safe way
    Explain(ExplainArguments),
    /// List all rules, or try your own
    #[command(after_help = "Example: fieldgate rules test warehouse/rules")]
    Rules(RulesCommand),
    /// Look whether the catalog is sound, and what it leaves out
    Catalog(CatalogCommand),
    /// Print the JSON Schema of a file format, for editors
    #[command(after_help = "Example: fieldgate schema catalog > catalog.schema.json\n\
        and as the first line of a file: # yaml-language-server: $schema=catalog.schema.json")]
    Schema(SchemaArguments),
    /// Print completions for a shell
    #[command(after_help = "Example: fieldgate completions bash > ~/.local/share/bash-completion/completions/fieldgate")]
    Completions(CompletionsArguments),
    /// Hold the snapshot against the live database: what did nobody write a migration for?
    #[command(
        after_help = "Example: fieldgate drift --database postgresql://reader@db.example.org/warehouse\n\nExit code 1 when there is a difference that no migration explains."
    )]
    Drift(DriftArguments),
    /// Somebody says that a field or a report is broken: is it real, since when, who else, the way back, the first message
    #[command(after_help = "Examples:\n  fieldgate investigate app.clients.phone\n  fieldgate investigate weekly-intake")]
    Investigate(InvestigateArguments),
    /// Do the job of the GitHub Action, which sets the environment for it
    #[command(hide = true)]
    Action(ActionArguments),
    /// Print the manual page
    #[command(after_help = "Example: fieldgate man --output-dir ~/.local/share/man/man1")]
    Man(ManualArguments),
}
