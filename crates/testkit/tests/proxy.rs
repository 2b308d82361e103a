//! The ways in which a link breaks, and heals.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::{io, time::Duration};

use posthorn_testkit::{Proxy, eventually};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// Says back what it is told.
async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    address
}

async fn says(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes()).await?;
    let mut heard = vec![0; text.len()];
    stream.read_exact(&mut heard).await?;
    assert_eq!(heard, text.as_bytes());
    Ok(())
}

async fn is_reset(stream: &mut TcpStream) {
    let ended = timeout(Duration::from_secs(10), stream.read_u8())
        .await
        .expect("it ends");
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn passes_everything_until_it_is_cut() {
    let proxy = Proxy::to(&echo().await).await;
    let mut one = TcpStream::connect(proxy.address()).await.unwrap();
    says(&mut one, "hello").await.unwrap();
    proxy.cut();
    is_reset(&mut one).await;
    let mut other = TcpStream::connect(proxy.address()).await.unwrap();
    says(&mut other, "again").await.unwrap();
    assert_eq!(proxy.accepted(), 2);
}

#[tokio::test]
async fn nobody_else_is_given_its_port_while_it_refuses() {
    let proxy = Proxy::to(&echo().await).await;
    proxy.refuse();
    let refused = async || match TcpStream::connect(proxy.address()).await {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        other => Err(other),
    };
    eventually(Duration::from_secs(10), refused).await;
    let stranger = TcpSocket::new_v4().unwrap();
    let taken = stranger.bind(proxy.address().parse().unwrap());
    assert_eq!(taken.unwrap_err().kind(), io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn refuses_until_it_resumes() {
    let proxy = Proxy::to(&echo().await).await;
    let mut one = TcpStream::connect(proxy.address()).await.unwrap();
    says(&mut one, "hello").await.unwrap();
    proxy.refuse();
    is_reset(&mut one).await;
    eventually(
        Duration::from_secs(10),
        async || match TcpStream::connect(proxy.address()).await {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
            other => Err(other),
        },
    )
    .await;
    proxy.resume();
    eventually(Duration::from_secs(10), async || {
        says(&mut TcpStream::connect(proxy.address()).await?, "again").await
    })
    .await;
}

#[tokio::test]
async fn holds_back_while_it_is_stalled_and_loses_nothing() {
    let proxy = Proxy::to(&echo().await).await;
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    says(&mut stream, "hello").await.unwrap();
    proxy.stall();
    let stalled = timeout(Duration::from_millis(100), says(&mut stream, "held")).await;
    assert!(stalled.is_err(), "{stalled:?}");
    proxy.resume();
    let mut heard = [0; 4];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"held");
}
