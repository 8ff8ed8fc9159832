"""Real programs whose stream begins otherwise than it continues, or whose two directions differ:
through a relay that decodes and encodes every frame.
"""
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from foreign_peers import FOREIGN, PYTHON, needed, needed_module
from programs import HOST
from real_programs import RealTest, nginx, postgres

STATEMENTS = """
SELECT 1 + 1;
CREATE TABLE t (n int, x text);
INSERT INTO t SELECT n, repeat('x', n) FROM generate_series(1, 1000) n;
SELECT sum(length(x)) FROM t;
COPY t TO STDOUT;
SELECT none;
SELECT repeat('x', 1000000);
"""
DEBUGGED = """
public class Main { public static void main(String[] words) {
    String text = "x".repeat(1000);
    System.out.println(text.length());
} }
"""


class PostgreSql(RealTest):

    @classmethod
    def setUpClass(cls):
        cls.folder_of_all = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder_of_all, ignore_errors=True)

    def postgres(self):
        """A server with the data of all these tests."""
        return postgres(self, self.folder_of_all)

    def psql(self, relay, statements, **environment):
        return self.ask(needed("psql"), "-h", HOST, "-p", relay.port, "-U", "postgres", "-X", "-A",
                        "-t", "postgres", typed=statements, PGGSSENCMODE="disable", **environment)

    def test_statements(self):
        """Without a word about encryption: startup, results, an error, a COPY."""
        relay = self.relay_frames("postgresql", self.postgres())
        printed = self.psql(relay, STATEMENTS, PGSSLMODE="disable")
        self.assertIn("\n500500\n", printed)
        self.assertIn("x" * 1_000_000, printed)
        self.assert_frames(relay, 9, 1000)

    def test_a_request_for_encryption(self):
        """As psql does by itself: it asks for TLS, and the reply is one byte, which is no frame."""
        relay = self.relay_frames("u32be,lead=1,adjust=-4", self.postgres(), "postgresql")
        self.assertEqual("2\n", self.psql(relay, "SELECT 1 + 1", PGSSLMODE="prefer"))
        self.assert_frames(relay, 4, 10)


class Http2(RealTest):

    def test_curl_and_nginx(self):
        curl, server = needed("curl"), nginx(self, "http2")
        relay = self.relay_frames("http2", server)
        printed = self.ask(curl, "-sS", "--http2-prior-knowledge",
                           f"http://{HOST}:{relay.port}/lines")
        self.assertEqual(40_000, printed.count("\n"))
        self.assert_frames(relay, 5, 30)


class Amqp(RealTest):

    def test_messages(self):
        """AMQP 1.0 of Qpid Proton at both ends."""
        needed_module("proton")
        peer = [PYTHON, "-B", FOREIGN / "amqp_peer.py"]
        server = self.serve_real(lambda port: [*peer, "server", str(port)])
        relay = self.relay_frames("amqp10", server)
        self.ask(*peer, "client", relay.port)
        server.wait_for_lines(4)
        self.assertEqual(["0", "1", "300", "100000"], server.lines())
        self.assert_frames(relay, 9, 9)


class Jdwp(RealTest):

    def test_a_breakpoint(self):
        """jdb and a JVM: both begin with a handshake in plain text."""
        java, javac, jdb = (shutil.which(name) for name in ("java", "javac", "jdb"))
        if not java or not javac or not jdb:
            self.skipTest("there is no JDK")
        folder = self.folder()
        (folder / "Main.java").write_text(DEBUGGED)
        self.ask(javac, "-g", "-d", folder, folder / "Main.java")
        server = self.serve_real(lambda port: [
            java, "-Xint", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address="
            f"{HOST}:{port}", "-cp", folder, "Main"])
        relay = self.relay_frames("jdwp", server)
        debugger = self.start([jdb, "-attach", f"{HOST}:{relay.port}"])
        # It does not survive to be told more while it prints.
        for marker, words in ((b"VM Started", "stop at Main:4\n"), (b"Deferring", "run\n"),
                              (b"Breakpoint hit", "print text\n"), (b'text = "x', "cont\n")):
            debugger.wait_until(marker, lambda marker=marker: re.search(
                marker + rb"[^\0]*main\[1\] $", debugger.out))
            debugger.feed(words, last=False)
        self.assertEqual(0, debugger.finish(), debugger.report())
        self.assertIn(b'text = "' + b"x" * 1000, bytes(debugger.out))
        self.assertEqual(0, server.finish(), server.report())
        self.assert_frames(relay, 20, 20)


class Gearman(RealTest):

    def test_a_job(self):
        """Whose requests and replies have magic bytes of their own."""
        gearmand, gearman, folder = needed("gearmand"), needed("gearman"), self.folder()
        server = self.serve_real(lambda port: [
            gearmand, "--listen", HOST, "--port", str(port), "--log-file", "stderr",
            "--pid-file", folder / "pid"])
        spec = "gearman"
        work = self.relay_frames(spec, server)
        ask = self.relay_frames(spec, server)
        self.start([gearman, "-h", HOST, "-p", work.port, "-w", "-f", "count", "-c", "1", "--",
                    "wc", "-c"])
        printed = self.ask(gearman, "-h", HOST, "-p", ask.port, "-f", "count", typed="x" * 10_000)
        self.assertEqual("10000", printed.strip())
        self.assert_frames(ask, 1, 2)
        self.assert_frames(work, 4, 2)


if __name__ == "__main__":
    unittest.main()
