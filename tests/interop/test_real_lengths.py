"""Real programs whose frames announce a length: each client speaks to its server through a relay
that decodes and encodes every frame.
"""
import random
import re
import socket
import unittest

from foreign_peers import FOREIGN, PYTHON, needed
from harness import receive_to_end
from programs import BINARY, HOST
from real_programs import ROOT, RealTest, memcached, needed_library, unprivileged

LONG_TEXT = "x" * 200
LARGE = "x" * 1_000_000

IMAGE = """
(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.3.4.5]
(0010,0010) PN [Müller]
(0028,0002) US 1
(0028,0010) US 100
(0028,0011) US 200
(0028,0100) US 8
(7fe0,0010) OW {pixels}
"""

GANESHA = """
NFS_CORE_PARAM {{
    NFS_Port = {port}; Bind_addr = {host}; Protocols = 4;
    Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false;
}}
NFSV4 {{ Graceless = true; RecoveryBackend = fs; RecoveryRoot = {folder}; }}
NFS_KRB5 {{ Active_krb5 = false; }}
EXPORT {{
    Export_Id = 1; Path = /mem; Pseudo = /mem; Access_Type = RW; Squash = none; SecType = sys;
    Protocols = 4; Transports = TCP; FSAL {{ Name = MEM; }}
}}
"""
ZABBIX = """
LogType=console
Server={host}
ListenIP={host}
ListenPort={port}
PidFile={folder}/pid
Hostname=here
AllowRoot=1
StartAgents=1
"""


class TheRelay(RealTest):

    def test_a_byte_that_is_changed(self):
        """A trailer is sent as zeros, whatever was received: the relay says where."""
        relay = self.relay_frames("u8,trailer=1", self.script(receive_to_end))
        with self.connect(relay) as sock:
            sock.sendall(b"\x02ab\0\x01c!")
            self.assertEqual(b"", receive_to_end(sock))
        relay.wait_for_lines(2)
        self.assertEqual('client failed: byte 6 of the stream: "!" became "\\x00"',
                         relay.lines()[1])

    def test_payloads_alone(self):
        relay = self.relay_frames("u8,trailer=1", self.script(receive_to_end), "payloads")
        with self.connect(relay) as sock:
            sock.sendall(b"\x02ab\0\x01c!")
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(b"", receive_to_end(sock))
        self.assertEqual([2, 0], relay.relayed())

    def test_a_stream_that_is_cut(self):
        relay = self.relay_frames("u8", self.script(receive_to_end))
        with self.connect(relay) as sock:
            sock.sendall(b"\x02a")
        relay.wait_for_lines(2)
        self.assertIn("client failed: frame.truncated at 2", relay.lines()[1])


class Dns(RealTest):

    def test_queries_over_tcp(self):
        """dnsmasq and kdig, which keeps its connection; the last answer has a kilobyte."""
        kdig, dnsmasq = needed("kdig"), needed("dnsmasq")
        texts = [f"--txt-record=long.example,{number}{LONG_TEXT}" for number in range(5)]
        server = self.serve_real(lambda port: [
            dnsmasq, "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            "--bind-interfaces", f"--listen-address={HOST}", f"--port={port}", "--pid-file",
            "--address=/a.example/192.0.2.1", *texts])
        relay = self.relay_frames("dns", server)
        answers = self.ask(kdig, f"@{HOST}", "-p", relay.port, "+tcp", "+keepopen", "+short",
                           "a.example", "A", "none.example", "AAAA", "long.example", "TXT")
        self.assertEqual("192.0.2.1", answers.split()[0])
        self.assertEqual(5, answers.count(LONG_TEXT))
        self.assert_frames(relay, 3, 3)


class MariaDb(RealTest):

    def test_statements(self):
        """A server without its system tables, and so without users; a result of a megabyte."""
        mariadb, mariadbd = needed("mariadb"), needed("mariadbd")
        folder = self.folder()
        server = self.serve_real(lambda port: unprivileged(folder, *[
            mariadbd, "--no-defaults", f"--datadir={folder}", f"--port={port}",
            f"--bind-address={HOST}", f"--socket={folder}/socket", "--skip-grant-tables",
            "--innodb=OFF", "--default-storage-engine=Aria", "--skip-ssl"]))
        relay = self.relay_frames("mysql", server)
        printed = self.ask(
            mariadb, "--no-defaults", "-h", HOST, "-P", relay.port, "--protocol=tcp",
            "--skip-ssl", "-N", "-e", "SELECT 1 + 1; SELECT repeat('x', 1000000); SELECT 'ü'")
        self.assertEqual(["2", LARGE, "ü"], printed.split())
        self.assert_frames(relay, 5, 10)


class Modbus(RealTest):

    def test_registers(self):
        """libmodbus' server and mbpoll: what was written is read."""
        mbpoll = needed("mbpoll")
        needed_library("libmodbus.so.5")
        server = self.serve_real(
            lambda port: [PYTHON, "-B", FOREIGN / "modbus_server.py", str(port)])
        relay = self.relay_frames("modbus", server)
        command = [mbpoll, "-m", "tcp", "-1", "-q", "-t", "4", "-p", relay.port]
        self.assertIn("Written 3 references", self.ask(*command, HOST, "17", "300", "65535"))
        self.assertIn("[3]: \t65535 (-1)", self.ask(*command, "-c", "3", HOST))
        self.assert_frames(relay, 2, 2, connections=2)


class Dicom(RealTest):

    def test_echo_and_store(self):
        """dcmtk's programs: an image is sent in many PDUs, and is kept as it was."""
        storescp, storescu, dump2dcm = needed("storescp"), needed("storescu"), needed("dump2dcm")
        folder = self.folder()
        (folder / "dump").write_text(IMAGE.format(pixels="\\".join(["0102"] * 10_000)))
        (folder / "kept").mkdir()
        self.ask(dump2dcm, "--line", "65536", folder / "dump", folder / "image.dcm")
        server = self.serve_real(lambda port: [
            storescp, "--bit-preserving", "--output-directory", folder / "kept", str(port)])
        relay = self.relay_frames("dicom", server)
        self.ask(needed("echoscu"), HOST, relay.port)
        self.ask(storescu, "--max-send-pdu", "4096", HOST, relay.port, folder / "image.dcm")
        kept, = (folder / "kept").iterdir()
        pixels = (folder / "image.dcm").read_bytes()[-20_000:]
        self.assert_bytes(pixels, kept.read_bytes()[-20_000:])
        self.assert_frames(relay, 8, 6, connections=2)


class Tls(RealTest):

    def test_records(self):
        """OpenSSL at both ends: the handshake, and many records in both directions."""
        openssl, folder = needed("openssl"), self.folder()
        pair = ["-keyout", folder / "key", "-out", folder / "certificate"]
        self.ask(openssl, "req", "-x509", "-newkey", "ed25519", "-nodes", "-batch", *pair)
        server = self.serve_real(lambda port: [
            openssl, "s_server", "-accept", f"{HOST}:{port}", "-rev", "-quiet",
            "-key", folder / "key", "-cert", folder / "certificate"])
        for version in ("-tls1_2", "-tls1_3"):
            relay = self.relay_frames("tls", server)
            printed = self.ask(openssl, "s_client", "-connect", f"{HOST}:{relay.port}", version,
                               "-quiet", "-ignore_unexpected_eof",
                               typed=f"Hello\n{'ab' * 100_000}\nCLOSE\n")
            # It reverses what it reads, in pieces.
            self.assertEqual("olleH", printed[:5])
            self.assertEqual("b" * 100_000, re.sub("[a\n]", "", printed[5:]))
            self.assert_frames(relay, 5, 5)


class Memcached(RealTest):

    def test_the_binary_protocol(self):
        """What libmemcached's own test of servers sends, with every command."""
        memccapable = needed("memccapable")
        server = memcached(self)
        relay = self.relay_frames("memcached-binary", server)
        printed = self.ask(memccapable, "-b", "-h", HOST, "-p", relay.port)
        self.assertIn("All tests passed", printed)


class Zabbix(RealTest):

    def test_our_client_asks_an_agent(self):
        agentd, folder = needed("zabbix_agentd"), self.folder()

        def command(port):
            (folder / "conf").write_text(ZABBIX.format(host=HOST, port=port, folder=folder))
            return [agentd, "--foreground", "--config", folder / "conf"]
        server = self.serve_real(command)
        relay = self.relay_frames("zabbix", server)
        flags = "\x01\0\0\0\0"
        question = self.file_with(f"{flags}agent.ping".encode())
        self.assertEqual(f"{flags}1\n", self.ask(BINARY, "send", "--framing", "zabbix",
                                                f"{HOST}:{relay.port}", "--file", question))
        self.assert_frames(relay, 1, 1)


class Mqtt(RealTest):

    def test_retained_messages(self):
        """mosquitto and its clients, with every quality of service; lengths of one to three
        bytes.
        """
        publish, subscribe = needed("mosquitto_pub"), needed("mosquitto_sub")
        program, folder = needed("mosquitto"), self.folder()

        def command(port):
            (folder / "conf").write_text(f"listener {port} {HOST}\nallow_anonymous true\n")
            return [program, "-c", folder / "conf"]
        relay = self.relay_frames("mqtt", self.serve_real(command))
        common = ["-h", HOST, "-p", relay.port, "-V", "mqttv5"]
        texts = ["", "short", "x" * 200, "y" * 100_000]
        for quality, text in enumerate(texts):
            self.ask(publish, *common, "-t", f"a/{quality}", "-q", min(quality, 2), "-r", "-s",
                     typed=text or "none")
        printed = self.ask(subscribe, *common, "-t", "a/#", "-q", "2", "-C", len(texts))
        self.assertEqual(sorted(["none", *texts[1:]]), sorted(printed.split()))
        self.assert_frames(relay, 4 * 3 + 3, 4 + 3, connections=5)


class Git(RealTest):

    def test_clone_and_fetch(self):
        """git's daemon and its client, with both versions of the protocol; a file of a megabyte."""
        git, folder = needed("git"), self.folder()
        repository = folder / "repository"
        self.ask(git, "init", "-q", "-b", "main", repository)
        (repository / "file").write_bytes(random.Random(1).randbytes(1_000_000))
        commit = ["-C", repository, "-c", "user.name=n", "-c", "user.email=e"]
        self.ask(git, *commit, "add", "file")
        self.ask(git, *commit, "commit", "-q", "-m", "A file")
        server = self.serve_real(lambda port: [
            needed("/usr/lib/git-core/git-daemon"), f"--listen={HOST}", f"--port={port}",
            "--reuseaddr", "--export-all", f"--base-path={folder}"])
        for version in (0, 2):
            relay = self.relay_frames("git", server)
            clone = folder / f"clone{version}"
            self.ask(git, "-c", f"protocol.version={version}", "clone", "-q",
                     f"git://{HOST}:{relay.port}/repository", clone)
            self.assert_bytes((repository / "file").read_bytes(), (clone / "file").read_bytes())
            self.assert_frames(relay, 4, 20)


class Nfs(RealTest):

    def test_a_file(self):
        """NFS 4 of Ganesha, which keeps the size of a file, and gives `a` for its bytes; libnfs."""
        server, folder = needed("ganesha.nfsd"), self.folder()
        if not ROOT:
            self.skipTest("Ganesha is started by root")

        def command(port):
            (folder / "conf").write_text(GANESHA.format(host=HOST, port=port, folder=folder))
            return [server, "-F", "-L", "/dev/stderr", "-f", folder / "conf", "-p", folder / "pid"]
        relay = self.relay_frames("nfs", self.serve_real(command))
        address = f"nfs://{HOST}/mem/file?version=4&nfsport={relay.port}"
        file = self.file_with(bytes(1000))
        self.ask(needed("nfs-cp"), file, address)
        self.assertEqual("a" * 1000, self.ask(needed("nfs-cat"), address))
        self.assert_frames(relay, 12, 12, connections=2)


if __name__ == "__main__":
    unittest.main()
