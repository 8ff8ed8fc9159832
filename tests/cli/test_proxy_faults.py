"""`framewire proxy --fault`: the other end gets exactly what the faults say, and the same again."""
import contextlib
import http.client
import json
import re
import socket
import unittest

from command_line import HOST, TIMEOUT, free_port, receive_to_end
from json_events import events_of
from proxying import ProxyTest, frame

MIB = 1 << 20
MESSAGES = [b"message %d" % number for number in range(100)]
ALL = b"".join(map(frame, MESSAGES))


class FaultTest(ProxyTest):

    def through(self, *faults, data=ALL, words=(), framing="digits:10", seed=7):
        """What a server gets of what a client sends and ends, and what was said about it."""
        options = [word for fault in faults for word in ("--fault", fault)]
        proxy, client, server = self.between(*options, "--seed", str(seed), *words, framing=framing)
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        got = receive_to_end(server)
        server.close()
        receive_to_end(client)
        return got, self.stop(proxy)

    def messages(self, got):
        found = []
        while got:
            size = int(got[:10])
            found.append(got[10:10 + size])
            got = got[10 + size:]
        return found


class Messages(FaultTest):

    def test_are_dropped(self):
        self.assertEqual(b"", self.through("drop")[0])
        got, said = self.through("drop nth=3")
        self.assertEqual(MESSAGES[:2] + MESSAGES[3:], self.messages(got))
        self.assertRegex(said, r"(?m)^# 127.0.0.1:\d+, message 3 to the server: dropped$")

    def test_are_struck_by_chance_and_the_same_again(self):
        first, said = self.through("drop 10%")
        lost = 100 - len(self.messages(first))
        self.assertTrue(2 <= lost <= 25, lost)
        self.assertEqual(lost, said.count("dropped"))
        self.assertEqual(first, self.through("drop 10%")[0])
        self.assertNotEqual(first, self.through("drop 10%", seed=8)[0])

    def test_are_chosen_by_their_payload(self):
        for pattern, gone in (("7", lambda one: b"7" in one),
                              ("/^message [0-9]$/", lambda one: len(one) == 9),
                              ("/e 1|e 2/", lambda one: one[8:9] in b"12"),
                              ('"e 33"', lambda one: one == b"message 33"),
                              ("hex:2034", lambda one: b" 4" in one)):
            with self.subTest(pattern=pattern):
                got = self.messages(self.through(f"drop when={pattern}")[0])
                self.assertEqual([one for one in MESSAGES if not gone(one)], got)

    def test_are_chosen_by_their_number(self):
        got = self.messages(self.through("drop every=10")[0])
        self.assertEqual([one for at, one in enumerate(MESSAGES, 1) if at % 10], got)
        got = self.messages(self.through("drop when=9 every=2")[0])
        nines = [one for one in MESSAGES if b"9" in one][1::2]
        self.assertEqual([one for one in MESSAGES if one not in nines], got)

    def test_are_sent_twice(self):
        got = self.messages(self.through("duplicate nth=1")[0])
        self.assertEqual(MESSAGES[:1] + MESSAGES, got)

    def test_are_overtaken(self):
        got = self.messages(self.through("reorder 3 nth=1")[0])
        self.assertEqual(MESSAGES[1:4] + MESSAGES[:1] + MESSAGES[4:], got)
        five = b"".join(map(frame, MESSAGES[:5]))
        got = self.messages(self.through("swap every=2", data=five)[0])
        self.assertEqual([MESSAGES[at] for at in (0, 2, 1, 4, 3)], got)

    def test_are_not_held_for_ever(self):
        """The next message depends on the reply to this one."""
        _, client, server = self.between("--fault", "reorder", "--fault", "coalesce 5")
        client.sendall(frame(b"alone"))
        self.assert_gets(server, frame(b"alone"))

    def test_are_corrupted(self):
        got, said = self.through("corrupt payload nth=2")
        second = self.messages(got)[1]
        self.assertEqual(1, sum(a != b for a, b in zip(second, MESSAGES[1], strict=True)))
        self.assertEqual(frame(MESSAGES[0]), got[:len(frame(MESSAGES[0]))])
        self.assertRegex(said, r"message 2 to the server: bit \d of byte \d+ inverted")

    def test_have_corrupted_lengths(self):
        got, _ = self.through("corrupt length nth=1")
        self.assertEqual(len(ALL), len(got))
        self.assertNotEqual(ALL[:10], got[:10])
        self.assertEqual(ALL[10:], got[10:])

    def test_of_one_digit_have_headers_of_their_own(self):
        got, _ = self.through("corrupt payload", data=frame(b"0") + frame(b""))
        self.assertEqual((frame(b"0")[:10], frame(b"")), (got[:10], got[11:]))
        self.assertNotEqual(b"0", got[10:11])
        got, _ = self.through("corrupt length nth=2", data=frame(b"0") + frame(b""))
        self.assertEqual(frame(b"0"), got[:11])
        self.assertNotEqual(frame(b""), got[11:])

    def test_that_are_too_large_are_skipped_in_constant_memory(self):
        proxy, client, server = self.between("--fault", "drop nth=9", "--max-payload", "64KiB",
                                             framing="digits:10,max=100,oversize=skip")
        client.sendall(b"%010d" % (100 * MIB))
        for _ in range(100):
            client.sendall(bytes(MIB))
        client.sendall(frame(b"after"))
        self.assert_gets(server, frame(b"after"))
        self.assertLess(self.memory(proxy), 64 * MIB)

    def test_are_cut_off(self):
        got, _ = self.through("truncate 12 nth=2")
        self.assertEqual(ALL[:len(frame(MESSAGES[0])) + 12], got)

    def test_are_changed_after_they_were_framed_anew(self):
        got, _ = self.through("drop nth=1", words=("--to", "line"))
        self.assertEqual(b"".join(one + b"\n" for one in MESSAGES[1:]), got)

    def test_keep_an_encoding_that_is_not_ours(self):
        got, _ = self.through("drop nth=2", data=b"one\ntwo\nthree\r\n", framing="line,eol=crlf")
        self.assertEqual(b"one\nthree\r\n", got)


class Parts(FaultTest):

    def pieces(self, fault):
        """How a message reached the server that read each part as it came."""
        proxy, client, server = self.between("--fault", fault)
        client.sendall(frame(b"Hello"))
        got = []
        while b"".join(got) != frame(b"Hello"):
            got.append(server.recv(100))
        client.close()
        server.close()
        self.stop(proxy)
        return got

    def test_of_a_message_come_one_by_one(self):
        self.assertEqual([b"0000000005", b"Hello"], self.pieces("split at header 100ms"))
        self.assertEqual([b"0000", b"000005H", b"ello"], self.pieces("split 4,7 100ms"))
        self.assertEqual(b"0000000005Hello", b"".join(self.pieces("split each byte")))

    def test_of_several_messages_come_together(self):
        _, client, server = self.between("--fault", "coalesce 3")
        for text in (b"one", b"two", b"three"):
            client.sendall(frame(text))
        whole = frame(b"one") + frame(b"two") + frame(b"three")
        self.assertEqual(whole, server.recv(1000))

    def test_of_a_slow_stream_all_come(self):
        got, _ = self.through("throttle 4kB/s")
        self.assertEqual(ALL, got)


class Directions(FaultTest):

    def test_are_chosen(self):
        _, client, server = self.between("--fault", "drop to=client",
                                         "--fault", "duplicate to=server")
        client.sendall(frame(b"Hello"))
        self.assert_gets(server, frame(b"Hello") * 2)
        server.sendall(frame(b"lost"))
        self.assert_gets_nothing(client)

    def test_of_swapped_replies(self):
        _, client, server = self.between("--fault", "swap replies every=2")
        client.sendall(frame(b"Hello"))
        self.assert_gets(server, frame(b"Hello"))
        server.sendall(frame(b"1") + frame(b"2") + frame(b"3"))
        self.assert_gets(client, frame(b"1") + frame(b"3") + frame(b"2"))


class Connections(FaultTest):

    def test_stall(self):
        proxy, client, server = self.between("--fault", "stall after 2 to=server")
        client.sendall(ALL)
        self.assert_gets(server, frame(MESSAGES[0]) + frame(MESSAGES[1]))
        self.assert_gets_nothing(server)
        server.sendall(frame(b"the other way"))
        self.assert_gets(client, frame(b"the other way"))
        proxy.child.kill()  # it would let the client finish

    def test_are_closed(self):
        _, client, server = self.between("--fault", "close after 2 to=server")
        client.sendall(frame(MESSAGES[0]) + frame(MESSAGES[1]))
        self.assertEqual(frame(MESSAGES[0]) + frame(MESSAGES[1]), receive_to_end(server))
        self.assert_ended(client)

    def test_are_reset(self):
        _, client, server = self.between("--fault", "reset when=now")
        client.sendall(frame(b"later"))
        self.assert_gets(server, frame(b"later"))
        client.sendall(frame(b"now"))
        self.assert_reset(client)
        self.assert_reset(server)

    def test_are_closed_after_a_time_in_which_nothing_passes(self):
        _, client, server = self.between("--fault", "close 100ms when=now to=server")
        client.sendall(frame(b"before") + frame(b"now") + frame(b"after"))
        self.assertEqual(frame(b"before") + frame(b"now"), receive_to_end(server))
        self.assert_ended(client)

    def test_are_closed_after_so_many_bytes(self):
        for words in ((), ("--fault", "throttle 10kB/s")):
            _, client, server = self.between("--fault", "limit 30 to=server", *words)
            client.sendall(ALL)
            self.assertEqual(ALL[:30], receive_to_end(server))
            self.assert_ended(client)

    def test_are_limited_from_a_message_on(self):
        _, client, server = self.between("--fault", "limit 12 when=two")
        client.sendall(frame(b"one") + frame(b"two") + frame(b"three"))
        self.assertEqual(frame(b"one") + frame(b"two")[:12], receive_to_end(server))

    def test_end_later(self):
        for condition in ("", " when=one"):
            _, client, server = self.between("--fault", "linger 400ms to=server" + condition)
            client.sendall(frame(b"one"))
            client.shutdown(socket.SHUT_WR)
            self.assert_gets(server, frame(b"one"))
            self.assert_gets_nothing(server, within=0.1)
            self.assert_ended(server)

    def test_are_slow_from_a_message_on(self):
        got, said = self.through("throttle 100kB/s when=/ 50$/")
        self.assertEqual(ALL, got)
        self.assertRegex(said, r"(?m), message 51 to the server: from here on 100000 a second$")

    def test_are_delayed_in_order(self):
        got, said = self.through("delay 60ms +-20ms every=50")
        self.assertEqual(ALL, got)
        self.assertEqual(2, len(re.findall(r"delayed by \d+ms", said)))


class Control(FaultTest):

    def ask(self, method, body=None, target="/faults", **headers):
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, TIMEOUT)) as link:
            link.request(method, target, body and json.dumps(body), headers)
            answer = link.getresponse()
            return answer.status, json.loads(answer.read())

    def controlled(self, *words):
        self.port = free_port()
        return self.between("--control", f"{HOST}:{self.port}", "--seed", "7", *words)

    def test_changes_what_happens_to_open_connections(self):
        proxy, client, server = self.controlled()
        client.sendall(frame(b"one"))
        self.assert_gets(server, frame(b"one"))
        self.assertEqual((200, {"seed": 7, "faults": []}), self.ask("GET"))
        wanted = {"seed": 8, "faults": ["drop to=server nth=2", "duplicate to=client"]}
        self.assertEqual((200, wanted), self.ask("PUT", wanted))
        client.sendall(frame(b"two") + frame(b"three") + frame(b"four"))
        self.assert_gets(server, frame(b"two") + frame(b"four"))
        server.sendall(frame(b"reply"))
        self.assert_gets(client, frame(b"reply") * 2)
        self.assertEqual((200, {"seed": 8, "faults": []}), self.ask("DELETE"))
        client.sendall(frame(b"five"))
        self.assert_gets(server, frame(b"five"))
        client.close()
        server.close()
        self.stop(proxy)

    def test_refuses_what_is_wrong_and_changes_nothing(self):
        self.controlled("--fault", "drop 1%")
        for body, part in (({"faults": ["drop", "explode"]}, "'explode'"),
                           ({"faults": [1]}, "text"),
                           ({}, "expected"), ({"faults": [], "seed": "x"}, "seed")):
            status, answer = self.ask("PUT", body)
            self.assertEqual(422, status)
            self.assertIn(part, answer["message"])
        self.assertEqual(["drop 1%"], self.ask("GET")[1]["faults"])
        self.assertEqual(404, self.ask("GET", target="/")[0])
        self.assertEqual(405, self.ask("POST", {})[0])
        self.assertEqual(403, self.ask("PUT", {"faults": []}, Origin="http://elsewhere")[0])


class Shown(FaultTest):

    def test_as_events(self):
        proxy, client, server = self.between("--fault", "drop nth=1", "--seed", "1", "--json")
        client.sendall(frame(b"one") + frame(b"two"))
        self.assert_gets(server, frame(b"two"))
        client.close()
        self.assert_ended(server)
        server.close()
        self.stop(proxy)
        (fault,) = [one for one in events_of(bytes(proxy.out)) if one["event"] == "fault"]
        self.assertEqual(("received", 1, "dropped"),
                         (fault["direction"], fault["count"], fault["message"]))

    def test_with_the_seed_that_repeats_them(self):
        proxy, client, server = self.between("--fault", "drop 1%")
        client.close()
        server.close()
        self.assertRegex(self.stop(proxy), r"(?m)^Faults are drawn with --seed \d+$")


class Usage(FaultTest):

    def test_that_is_wrong_names_the_part(self):
        for fault, part in (("explode", "'explode' is not understood"), ("", "''"),
                            ("drop 101%", "'101%'"), ("drop to=nobody", "'to=nobody'"),
                            ("delay", "how long"), ("delay soon", "'soon'"),
                            ("throttle", "to how much"), ("limit", "to how much"),
                            ("linger", "how long"), ("limit 0", "'0'"), ("close soon", "'soon'"),
                            ("drop when=/(/", "Unmatched ("),
                            ("drop when=hex:0", "hex"), ("corrupt everything", "'everything'"),
                            ("drop nth=0", "'nth=0'"), ("split 0", "'0'"),
                            ("drop because=so", "'because=so'")):
            with self.subTest(fault=fault):
                self.assert_fails(2, ("proxy", "digits:10", ":7000", ":7001", "--fault", fault),
                                  part)


if __name__ == "__main__":
    unittest.main()
