/// What an evaluation may take.
///
/// A step is one expression, one statement, one item that is looked at or 64 bytes of text; some tens of nanoseconds.
/// Bytes are those of everything that is made, whether or not it is still needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Most steps.
    pub steps: u64,
    /// Most bytes of memory.
    pub bytes: usize,
}
