//! Why a request got no answer.

use crate::{connect::ConnectFailed, exchange::Response};

/// Why a request got no answer. Explained to an operator by [`failure`](crate::failure).
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendFailed {
    /// There was no connection for it.
    #[error("no connection")]
    Connect(#[from] ConnectFailed),
    /// The connection ended, or what came over it is no answer.
    #[error("no answer")]
    Exchange(#[from] hyper::Error),
    /// There was an answer, which the HTTP library refused, and which was read [once more](crate::heard).
    #[error("an answer that is not valid HTTP")]
    Misread(Box<Response>),
}
