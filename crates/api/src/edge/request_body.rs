use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::{
    access::KeyHolder,
    shares::{Share, Shares, Spent},
};

/// What came of a request's body, out of the budget of all bodies. It goes back when the request is answered and this
/// is dropped.
pub(super) struct Held(#[expect(dead_code, reason = "held, and not looked at")] Shared);

type Shared = Arc<Mutex<Share<KeyHolder>>>;

/// No room is left for what came of a body.
#[derive(Debug, thiserror::Error)]
#[error("the bodies of requests take up all the memory that they may")]
pub(crate) struct NoRoom(pub(crate) Spent);

/// Takes the bytes of a request's body out of the budget, each as it comes: what a client only announces takes nothing.
pub(super) fn held(
    request: Request,
    bodies: &Shares<KeyHolder>,
    holder: KeyHolder,
) -> (Request, Held) {
    let share: Shared = Arc::new(Mutex::new(bodies.none(holder)));
    let request = request.map(|body| {
        Body::new(HeldBody {
            body,
            share: share.clone(),
        })
    });
    (request, Held(share))
}

struct HeldBody {
    body: Body,
    share: Shared,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            return Poll::Pending;
        };
        let checked = frame.map(|frame| {
            let frame = frame?;
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            let mut share = self.share.lock().unwrap_or_else(PoisonError::into_inner);
            share.take_more(bytes).map_err(NoRoom)?;
            Ok(frame)
        });
        Poll::Ready(checked)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
