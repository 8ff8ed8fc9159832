"""`framewire proxy --serve` and `--html`: the page that shows what passes."""
import contextlib
import http.client
import json
import unittest
from pathlib import Path

from browser import CHROMIUM
from command_line import HOST, TIMEOUT, free_port
from proxying import ProxyTest, frame
from walk_pages import EVIL, BrowserTest, Reading


class PageTest(ProxyTest):

    def shown(self, *words):
        """A proxy with a page, and both ends."""
        self.port = free_port()
        return self.between("--serve", f"{HOST}:{self.port}", *words)

    def request(self, target, method="GET", **headers):
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, TIMEOUT)) as link:
            link.request(method, target, headers=headers)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def recent(self, after=0):
        return json.loads(self.request(f"/messages?after={after}")[2])["recent"]

    def exchange(self, client, server, question, answer):
        client.sendall(frame(question))
        self.assert_gets(server, frame(question))
        server.sendall(frame(answer))
        self.assert_gets(client, frame(answer))


class Data(PageTest):

    def test_of_messages_with_the_latency_of_replies(self):
        _, client, server = self.shown()
        self.exchange(client, server, b"Hello", b"\0Hi")
        recent = self.recent()
        opened, request, reply = recent["messages"]
        self.assertEqual(("opened", "request", "reply"),
                         (opened["what"], request["what"], reply["what"]))
        self.assertEqual(('"Hello"', 5, 1), (request["text"], request["size"], request["message"]))
        self.assertEqual((r'"\x00Hi"', 3), (reply["text"], reply["size"]))
        self.assertGreaterEqual(reply["latency_us"], 0)
        self.assertNotIn("latency_us", request)
        (conversation,) = recent["conversations"]
        self.assertEqual((1, 1, 1, 0), tuple(conversation[name] for name in (
            "connection", "requests", "replies", "errors")))
        self.assertEqual([], self.recent(recent["next"])["messages"])
        self.exchange(client, server, b"again", b"yes")
        self.assertEqual(['"again"', '"yes"'],
                         [one["text"] for one in self.recent(recent["next"])["messages"]])

    def test_of_the_servers_side_where_it_differs(self):
        _, client, server = self.shown("--to", "u32be")
        client.sendall(frame(b"Hello"))
        self.assert_gets(server, b"\0\0\0\5Hello")
        server.sendall(b"\0\0\0\2Hi")
        self.assert_gets(client, frame(b"Hi"))
        self.assertEqual([("request", None), ("request", "server"), ("reply", "server"),
                          ("reply", None)],
                         [(one["what"], one.get("side")) for one in self.recent()["messages"][1:]])

    def test_of_faults_and_errors(self):
        _, client, server = self.shown("--fault", "drop nth=1", "--seed", "1")
        client.sendall(frame(b"one") + frame(b"two") + b"+00")
        self.assert_gets(server, frame(b"two"))
        self.assert_ended(client)
        self.assert_ended(server)
        server.close()
        recent = self.recent()
        texts = {one["what"]: one["text"] for one in recent["messages"]}
        self.assertEqual("message 1 to the server: dropped", texts["fault"])
        self.assertIn("frame.length_syntax at 26", texts["error"])
        (conversation,) = recent["conversations"]
        self.assertEqual((1, 1), (conversation["faults"], conversation["errors"]))

    def test_is_bounded(self):
        _, client, server = self.shown()
        messages = frame(b"x" * 2000) + frame(b"") * 1500
        client.sendall(messages)
        self.assert_gets(server, messages)
        recent = self.recent()
        self.assertEqual((1502, 502, 1000),
                         (recent["next"], recent["left_out"], len(recent["messages"])))
        client.sendall(frame(b"y" * 100_000))
        self.assert_gets(server, frame(b"y" * 100_000))
        (last,) = self.recent(recent["next"])["messages"]
        self.assertEqual((100_000, '"' + "y" * 1024 + '"'), (last["size"], last["text"]))

    def test_is_only_for_those_who_use_its_number_or_localhost(self):
        self.shown()
        for host, status in ((f"{HOST}:{self.port}", 200), ("localhost", 200), ("[::1]:80", 200),
                             ("rebound.example", 403), (f"{HOST}.example:{self.port}", 403)):
            for target in ("/", "/messages?after=0"):
                self.assertEqual(status, self.request(target, Host=host)[0], (host, target))
        for method, target, status in (("POST", "/", 405), ("GET", "/messages?after=x", 404),
                                       ("GET", "/faults", 404)):
            self.assertEqual(status, self.request(target, method)[0])
        self.assertIn("frame-ancestors 'none'",
                      self.request("/")[1]["Content-Security-Policy"])

    def test_and_faults_at_one_address(self):
        self.port = free_port()
        self.between("--serve", f"{HOST}:{self.port}", "--control", f"{HOST}:{self.port}",
                     "--fault", "drop 1%", "--seed", "3")
        self.assertEqual({"seed": 3, "faults": ["drop 1%"]}, json.loads(self.request("/faults")[2]))
        facts = json.loads(self.request("/messages?after=0")[2])["facts"]
        self.assertEqual((["drop 1%"], 3), (facts["faults"], facts["seed"]))
        self.assertEqual(403, self.request("/faults", "PUT", Origin="http://elsewhere")[0])


class Written(PageTest):

    def test_at_the_end(self):
        path = Path(self.folder()) / "page.html"
        proxy, client, server = self.between("--html", str(path))
        self.exchange(client, server, EVIL.encode(), b"<!-- -->")
        client.close()
        self.assert_ended(server)
        server.close()
        self.stop(proxy)
        read = Reading(path.read_text())
        self.assertEqual([], read.open)
        texts = [one["text"] for one in read.data["recent"]["messages"]]
        self.assertIn('"<!-- -->"', texts)
        self.assertIn("connect-src 'none'", path.read_text())

    def test_where_it_cannot_be(self):
        listener = self.proxy(1, "--html", "/nonexistent/page.html")
        listener.child.terminate()
        self.assertEqual(1, listener.finish())
        self.assertIn("/nonexistent/page.html", listener.report())


@unittest.skipUnless(CHROMIUM, "chromium is not there")
class InBrowser(BrowserTest, PageTest):

    def rows(self):
        return self.browser.run("""[...document.querySelectorAll("#messages tr")].map(
            row => [row.cells[2].textContent, row.cells[4].textContent])""")

    def wait_for_rows(self, count):
        self.browser.wait_for(
            f"document.querySelectorAll('#messages tr').length === {count}")

    def test_messages_appear_as_they_pass(self):
        proxy, client, server = self.shown()
        self.open(f"http://{HOST}:{self.port}/")
        self.wait_for_rows(1)
        self.exchange(client, server, EVIL.encode(), b"yes")
        self.wait_for_rows(3)
        (_, question), answer = self.rows()[1:]
        self.assertEqual(EVIL.replace('"', '\\"'), question.strip('"'))
        self.assertEqual(["to client", '"yes"'], answer)
        self.assertIn("latency of 1 reply:", self.text("#counts"))
        self.assertEqual("framewire proxy", self.browser.run("document.title"))
        self.assertTrue(all(f"http://{HOST}:{self.port}/" in one for one in self.browser.requests))
        client.close()
        server.close()
        self.stop(proxy)
        self.browser.wait_for("document.querySelector('#state').classList.contains('lost')")
        self.browser.faults.clear()  # that it is gone

    def test_what_is_searched_is_found(self):
        _, client, server = self.shown("--to", "u8", "--fault", "duplicate nth=2 to=client")
        for text in (b"one", b"two", b"three"):
            client.sendall(frame(text))
            self.assert_gets(server, bytes([len(text)]) + text)
            server.sendall(b"\2ok")
        self.assert_gets(client, frame(b"ok") * 4)
        self.open(f"http://{HOST}:{self.port}/")
        self.wait_for_rows(1 + 3 * 2 + 3 + 4 + 1)

        def search(text, field="search"):
            self.browser.run(f"""(() => {{ const field = document.getElementById("{field}");
                field.value = {json.dumps(text)};
                field.dispatchEvent(new Event("input", {{bubbles: true}})); }})()""")

        search("TWO")
        self.assertEqual([["from client", '"two"'], ["to server", '"two"']], self.rows())
        self.click("#sides")
        self.assertEqual([["from client", '"two"']], self.rows())
        search("sent twice")
        self.assertEqual([["fault", "message 2 to the client: sent twice"]], self.rows())
        search("")
        self.assertEqual(1 + 3 + 4 + 1, len(self.rows()))
        search("1", "only")
        self.assertEqual(1 + 3 + 4 + 1, len(self.rows()))

    def test_a_page_in_a_file_asks_nobody(self):
        path = Path(self.folder()) / "page.html"
        proxy, client, server = self.between("--html", str(path))
        self.exchange(client, server, EVIL.encode(), b"yes")
        client.close()
        self.assert_ended(server)
        server.close()
        self.stop(proxy)
        self.open(f"file://{path}")
        self.wait_for_rows(4)
        self.assertEqual([f"file://{path}"], self.browser.requests)
        self.assertIn("Until ", self.text("#state"))


if __name__ == "__main__":
    unittest.main()
