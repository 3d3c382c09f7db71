//! What a plan's claim is worth after a server has spoken.

use super::plan::{Loss, Plan, Proof, Reversibility};
use super::trial::{ServerOutcome, ServerProof};

/// Holds the plan to what the server showed: a claim that it does not bear out is taken back, and never made larger.
#[must_use]
pub fn held_to(mut plan: Plan, proof: &ServerProof) -> Plan {
    match &proof.outcome {
        ServerOutcome::Restored if plan.reversibility != Reversibility::Impossible => plan.proven = Proof::Server(proof.version.clone()),
        ServerOutcome::SchemaOnly(_) if plan.reversibility == Reversibility::Lossy => plan.proven = Proof::Server(proof.version.clone()),
        ServerOutcome::Restored | ServerOutcome::NotTried(_) => {}
        ServerOutcome::SchemaOnly(differences) => {
            let lost = differences.iter().map(|difference| Loss {
                what: difference.clone(),
                why: format!("seen on PostgreSQL {}", proof.version),
                rows: None,
                count_query: None,
            });
            plan.loses.extend(lost);
            plan.reversibility = plan.reversibility.max(Reversibility::Lossy);
            plan.proven = Proof::Failed(differences.clone());
        }
        ServerOutcome::NotRestored(differences) => {
            plan.not_planned.extend(differences.iter().map(|difference| format!("on PostgreSQL {}: {difference}", proof.version)));
            plan.reversibility = Reversibility::Impossible;
            plan.proven = Proof::Failed(differences.clone());
        }
    }
    plan
}
