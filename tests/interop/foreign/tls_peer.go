// One end of a TLS connection with Go's crypto/tls: `client PORT CA` sends its input and prints
// what comes back, `server CERTIFICATE KEY` prints its port and returns what it gets.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func client(port, ca string) {
	pem, err := os.ReadFile(ca)
	check(err)
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	conn, err := tls.Dial("tcp", "127.0.0.1:"+port,
		&tls.Config{RootCAs: trusted, ServerName: "localhost"})
	check(err)
	input, err := io.ReadAll(os.Stdin)
	check(err)
	_, err = conn.Write(input)
	check(err)
	check(conn.CloseWrite())
	_, err = io.Copy(os.Stdout, conn)
	check(err)
}

func server(certificate, key string) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	check(err)
	listener, err := tls.Listen("tcp", "127.0.0.1:0",
		&tls.Config{Certificates: []tls.Certificate{pair}})
	check(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		conn, err := listener.Accept()
		check(err)
		io.Copy(conn, conn)
		conn.Close()
	}
}

func main() {
	if os.Args[1] == "client" {
		client(os.Args[2], os.Args[3])
	} else {
		server(os.Args[2], os.Args[3])
	}
}
