//! Echo of u32be frames (LengthDelimitedCodec knows no decimal headers) with tokio, as the
//! documentation of its codec frames a stream. Per read: what there is room for in the buffer,
//! 8 KiB at first; each frame is taken and encoded anew; written when nothing more can be read.

use futures_util::{StreamExt, TryStreamExt};
use std::{env, io};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::LengthDelimitedCodec;

async fn echo(socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let framed = LengthDelimitedCodec::builder()
        .max_frame_length(16 << 20)
        .new_framed(socket);
    let (replies, messages) = framed.split();
    messages.map_ok(|message| message.freeze()).forward(replies).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let port = env::args().nth(1).unwrap_or_else(|| "0".to_string());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    loop {
        let (socket, _) = listener.accept().await?;
        // What goes wrong with a peer ends its connection, and concerns no other.
        tokio::spawn(async move { echo(socket).await.ok() });
    }
}
