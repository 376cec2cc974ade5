//! The tax on a price, which the path names in cents.
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    for stream in TcpListener::bind("0.0.0.0:7000")?.incoming() {
        let mut stream = stream?;
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line)?;
        let path = line.split(' ').nth(1).unwrap_or("/");
        let cents: u64 = path.trim_start_matches('/').parse().unwrap_or(0);
        let body = format!("{}\n", cents * 19 / 100);
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.len(), body)?;
    }
    Ok(())
}
