//! Receivers that answer before they have read the request.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{answered, at, client, receiver::Receiver};

const TOO_LARGE: &[u8] = b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n";

fn large(receiver: &Receiver) -> posthorn_egress::Request {
    let mut request = at(receiver.address);
    request.body = vec![b'x'; 8 * 1024 * 1024].into();
    request
}

/// The answer counts. What the receiver makes of the rest of the body nobody knows, so nothing else is sent after it.
#[tokio::test]
async fn the_connection_of_an_early_answer_is_not_used_again() {
    let receiver = Receiver::start(|mut stream| async move {
        let mut some = [0; 4096];
        if stream.read_exact(&mut some).await.is_ok() {
            stream.write_all(TOO_LARGE).await.unwrap();
            // The connection stays, as long as the client likes.
            std::future::pending::<()>().await;
        }
    })
    .await;
    let client = client();
    for _ in 0..3 {
        let exchange = client.post(large(&receiver)).await;
        assert_eq!(exchange.sent_again.total(), 0);
        assert_eq!(answered(exchange).status, 413);
    }
    assert_eq!(receiver.connections(), 3);
}

/// The receiver answers and resets: whether the client first reads the answer or first writes into the reset, it counts.
#[tokio::test]
async fn an_answer_before_a_reset_counts() {
    let receiver = Receiver::start(|mut stream| async move {
        let mut some = [0; 4096];
        stream.read_exact(&mut some).await.unwrap();
        stream.write_all(TOO_LARGE).await.unwrap();
        stream.set_zero_linger().unwrap();
    })
    .await;
    let client = client();
    for _ in 0..50 {
        assert_eq!(answered(client.post(large(&receiver)).await).status, 413);
    }
}
