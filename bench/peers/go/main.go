// Echo of digits:10 frames with Go's net and bufio, a goroutine for each connection. Per read: up
// to 64 KiB; frames are copied out of one buffer and into the other, which is flushed before a
// read that may wait. Given a certificate and its key, it does so over TLS.
package main

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"strconv"
)

const (
	headerSize = 10
	payloadMax = 16 << 20
)

func echo(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	out := bufio.NewWriterSize(conn, 64<<10)
	frame := make([]byte, headerSize)
	for {
		if read(in, out, frame[:headerSize]) != nil {
			return
		}
		length, err := strconv.ParseUint(string(frame[:headerSize]), 10, 64)
		if err != nil || length > payloadMax {
			return
		}
		size := headerSize + int(length)
		if size > cap(frame) {
			frame = append(make([]byte, 0, size), frame[:headerSize]...)
		}
		frame = frame[:size]
		if read(in, out, frame[headerSize:]) != nil {
			return
		}
		if _, err := out.Write(frame); err != nil {
			return
		}
	}
}

func read(in *bufio.Reader, out *bufio.Writer, bytes []byte) error {
	if in.Buffered() < len(bytes) {
		if err := out.Flush(); err != nil {
			return err
		}
	}
	_, err := io.ReadFull(in, bytes)
	return err
}

// [CERTIFICATE KEY] [PORT]
func main() {
	runtime.GOMAXPROCS(1)
	port := "0"
	if len(os.Args)%2 == 0 {
		port = os.Args[len(os.Args)-1]
	}
	// TCP_NODELAY is on unless turned off.
	listener, err := net.Listen("tcp4", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 2 {
		pair, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
		if err != nil {
			log.Fatal(err)
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}})
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go echo(conn)
	}
}
