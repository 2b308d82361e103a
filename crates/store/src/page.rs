/// Which part of a list is wanted. Lists are newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<Id> {
    /// Most items to return.
    pub limit: u32,
    /// Items to skip. Deep pages are slow by offset; [`Self::before`] stays fast.
    pub offset: u64,
    /// Only what is older than this id: the last of the page before (`next_cursor`).
    pub before: Option<Id>,
}
