"""`replay --as server`: a mock server from a recording."""
import signal
import socket
import threading
import unittest

from command_line import BINARY, HOST, free_port, receive, receive_to_end
from certificates import Certificates
from replays import AGAIN, ENDS, HELLO, ReplayTest, counts_of


class AsServer(ReplayTest):

    def assert_ends(self, mock, status):
        """Returns its last line."""
        self.assertEqual(status, mock.finish(), mock.report())
        return mock.out.decode()

    def test_a_client_gets_the_recorded_replies(self):
        path = self.recording('< "0000000002hi"\n@ 5ms\n> "0000000005Hello"\n@ 1ms\n'
                              '< "0000000003bye"\n> "0000000005again"\n')
        mock = self.mock(path, "--connections", "1")
        self.assertEqual(b"Hello\nagain\n", self.assert_done(
            "send", "digits:10", f"{HOST}:{mock.port}", "hi", "bye"))
        self.assertEqual((1, 2, 2, 0), counts_of(self.assert_ends(mock, 0)))

    def test_a_client_that_says_something_else(self):
        path = self.recording('< "0000000002hi"\n> "0000000005Hello"\n')
        mock = self.mock(path, "--connections", "1")
        peer = self.connect_to(mock.port)
        peer.sendall(b"0000000003who")
        peer.shutdown(socket.SHUT_WR)
        self.assertEqual(b"", receive_to_end(peer))
        text = self.assert_ends(mock, 1)
        self.assertIn('connection 1, message 1, line 2: byte 9 is "3", not "2"', text)
        self.assertEqual(1, counts_of(text)[3])

    def test_a_server_that_speaks_first(self):
        mock = self.mock(self.recording('> "0000000007welcome"\n', HELLO), "--connections", "1")
        peer = self.connect_to(mock.port)
        self.assertEqual(b"0000000007welcome", receive(peer, 17))
        peer.sendall(b"0000000005Hello")
        self.assertEqual(b"0000000005Hello", receive(peer, 15))
        peer.close()
        self.assert_ends(mock, 0)

    def test_many_clients_at_once_get_one_connection_each(self):
        path = self.recording('connection 1\n> "0000000003one"\n', '< "0000000002hi"\n',
                              'connection 2\n> "0000000003two"\n< "0000000002hi"\n')
        mock = self.mock(path, "--connections", "4")
        peers = [self.connect_to(mock.port) for _ in range(4)]
        self.assertEqual([b"one", b"one", b"two", b"two"],
                         sorted(receive(peer, 13)[10:] for peer in peers))
        for peer in peers:
            peer.sendall(b"0000000002hi")
            peer.close()
        self.assertEqual((4, 4, 4, 0), counts_of(self.assert_ends(mock, 0)))

    def test_it_ends_when_it_is_told(self):
        for one in (signal.SIGINT, signal.SIGTERM):
            mock = self.mock(self.recording(HELLO))
            idle = self.connect_to(mock.port)
            mock.child.send_signal(one)
            self.assertEqual(b"", receive_to_end(idle))
            self.assertEqual(0, counts_of(self.assert_ends(mock, 0))[3])

    def test_one_recording_plays_both_ends(self):
        path = self.recording(HELLO, "@ 2ms\n", AGAIN, ENDS)
        mock = self.mock(path, "--connections", "3")
        players = [threading.Thread(target=self.replay, args=(path, mock.port)) for _ in range(3)]
        for one in players:
            one.start()
        for one in players:
            one.join()
        self.assertEqual((3, 6, 6, 0), counts_of(self.assert_ends(mock, 0)))

    def test_both_ends_with_tls(self):
        certificates = Certificates()
        self.addCleanup(certificates.remove)
        path = self.recording(HELLO, AGAIN, ENDS)
        mock = self.mock(path, "--connections", "1", *certificates.shown())
        text = self.replay(path, mock.port, *certificates.trusted())
        self.assertEqual((1, 2, 2, 0), counts_of(text))
        self.assert_ends(mock, 0)

    def test_nobody_reads_what_is_printed(self):
        port, path = free_port(), self.recording('< "0000000002hi"\n')
        script = 'exec 3>&1; { "$@" 2>&3; echo $? >&3; } | true'
        mock = self.start(["bash", "-c", script, "bash", BINARY, "replay", str(path),
                           f"{HOST}:{port}", "--as", "server"])
        mock.wait_until("Listening", lambda: b"Listening on" in mock.out)
        peer = self.connect_to(port)
        peer.sendall(b"0000000003who")
        self.assertEqual(b"", receive_to_end(peer))
        self.assertEqual(0, mock.finish())
        self.assertEqual("1", mock.lines()[-1], mock.report())

    def test_an_address_in_use(self):
        server = self.server("digits:10")
        self.assert_fails(1, ["replay", self.recording(HELLO), f"{HOST}:{server.port}", "--as",
                              "server"], "cannot listen on", "address in use")


if __name__ == "__main__":
    unittest.main()
