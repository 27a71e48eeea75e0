//! Communities of a weighted graph: what a division of the nodes is, how good it is, and the Leiden
//! algorithm that looks for the best one.
//!
//! Nothing here knows about text.

mod leiden;
mod partition;
mod quality;

pub use leiden::Leiden;
pub use partition::Partition;
pub(crate) use partition::connected_parts;
pub use quality::Quality;
