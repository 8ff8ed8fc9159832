"""`trace --serve`: the page that asks for other walkthroughs, and sends through a real server; whom
it answers, and what it survives.
"""
import http.client
import json
import re
import select
import signal
import socket
import struct
import time
import unittest

from browser import CHROMIUM
from command_line import HOST, TIMEOUT
from walk_pages import FORM, LONGER, BrowserTest, PageTest

class Served(PageTest):

    def request(self, page, method, target, body=None, **headers):
        """Status, headers and body of the answer."""
        link = http.client.HTTPConnection(HOST, page.port, timeout=TIMEOUT)
        self.addCleanup(link.close)
        link.request(method, target, body, {name.replace("_", "-"): value
                                            for name, value in headers.items()})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read()

    def ask(self, page, target, status=200, **fields):
        form = json.dumps({**FORM, **fields})
        got, _, body = self.request(page, "POST", target, form,
                                    Content_Type="application/json")
        self.assertEqual(status, got, body)
        return json.loads(body)

    def assert_alive(self, page):
        self.assertEqual(200, self.request(page, "GET", "/")[0])

    def test_it_ends_well(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            page = self.serve("walkthrough")
            link = self.connect_to(page.port)  # is not waited for
            page.child.send_signal(number)
            self.assertEqual(0, page.finish(), page.report())
            self.assertEqual(b"", page.err)
            link.close()

    def test_a_port_of_ones_own(self):
        page = self.serve("walkthrough")
        self.assert_fails(1, ["trace", "walkthrough", "--serve", page.port], "cannot listen on")
        for port in ("Hello", "65536", "-1"):
            self.assert_fails(2, ["trace", "walkthrough", "--serve", port])

    def test_it_listens_on_loopback_only(self):
        page = self.serve("walkthrough")
        with open("/proc/net/tcp", encoding="ascii") as table:
            listeners = [line.split()[1] for line in table if " 0A " in line]
        self.assertEqual([f"0100007F:{page.port:04X}"],
                         [one for one in listeners if one.endswith(f":{page.port:04X}")])

    def test_the_page(self):
        page = self.serve("walkthrough")
        status, headers, body = self.request(page, "GET", "/")
        self.assertEqual((200, "text/html; charset=utf-8"), (status, headers["Content-Type"]))
        policy = headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual("nosniff", headers["X-Content-Type-Options"])
        self.assertIn(b'id="form"', body)
        size = len(body)
        status, headers, body = self.request(page, "HEAD", "/")
        self.assertEqual((200, b"", str(size)), (status, body, headers["Content-Length"]))

    def test_walks(self):
        page = self.serve("walkthrough")
        walk = self.ask(page, "/walk")["walk"]
        self.assertEqual([5, 20, 24], [step["frames"][0]["counted"] for step in walk["steps"][:-1]])
        walk = self.ask(page, "/walk", framing="u8", kind="bytes", text='02 "Hi" 05', at="")["walk"]
        self.assertEqual("frame.truncated", walk["error"]["name"])
        for cut, at, sizes in (("chunks", "4,1,30", [4, 1, 29]), ("splits", "3, 5", [3, 2, 29]),
                               ("chunk", "1KiB", [34])):
            walk = self.ask(page, "/walk", cut=cut, at=at)["walk"]
            self.assertEqual(sizes, [one["size"] for one in walk["steps"][:-1]])

    def test_faults_are_told_by_field(self):
        page = self.serve("walkthrough")
        for fields, field, words in (
                ({"framing": "digits:0"}, "framing", "digits:0"),
                ({"framing": "nonsense"}, "framing", "nonsense"),
                ({"framing": "fixed:4"}, "text", "frame.wrong_size"),
                ({"at": "x"}, "at", "'x'"), ({"at": "1,2"}, "at", "one size"),
                ({"kind": "bytes", "text": "zz"}, "text", "column 1"),
                ({"service": "nobody"}, "service", "nobody"),
                ({"text": 5}, "text", "must be text"),
                ({"text": "\n" * 5000}, "text", "at most 2000 messages")):
            with self.subTest(fields):
                told = self.ask(page, "/walk", 422, **fields)
                self.assertEqual(field, told["field"])
                self.assertIn(words, told["message"])

    def test_a_real_server(self):
        page = self.serve("walkthrough")
        told = self.ask(page, "/send", text="Hello\nexit\nmore", at="7")
        self.assertEqual("", told["remark"])
        client, server = told["client"].splitlines(), told["server"].splitlines()
        self.assertEqual(['> "0000000"', '> "005Hell"', '> "o000000"', '> "0004exi"',
                          '> "t000000"'], [line for line in client if line[0] == ">"][:5])
        for line in ('= frame "Hello" at 0', '= frame "exit" at 15'):
            self.assertIn(line, client)
            self.assertIn(line, server)
        self.assertEqual(['< "0000000"', '< "005Hell"', '< "o000000"'],
                         [line for line in server if line[0] == "<"][:3])
        self.assertEqual("# the service closes the connection", server[-1])
        self.assertIn("reply", [step["what"] for step in told["walk"]["steps"]])

    def test_real_servers_of_every_protocol(self):
        page = self.serve("walkthrough")
        for protocol in json.loads(self.assert_done("protocols", "--json")):
            with self.subTest(protocol["name"]):
                told = self.ask(page, "/send", framing=protocol["name"], text="Greetings,server")
                self.assertEqual("", told["remark"])
                self.assertRegex(told["client"], r"(?m)^= frame ")

    def test_what_a_real_server_refuses(self):
        page = self.serve("walkthrough")
        told = self.ask(page, "/send", kind="bytes", text='"GET / HTTP/1.1\\r\\n\\r\\n"', at="")
        self.assertIn("= failed frame.syntax at 0", told["server"])
        self.assertIn("looks like an HTTP request", told["server"])
        told = self.ask(page, "/send", kind="bytes", text='"0000000009Hel"', at="")
        self.assertIn("= failed frame.truncated at 13", told["server"])
        self.ask(page, "/send", 422, text="x" * 5000)

    def test_services(self):
        page = self.serve("walkthrough")
        told = self.ask(page, "/send", framing="u8", service="reply:Thank you,close", text="Hi")
        self.assertIn('= frame "Thank you" at 0', told["client"])
        told = self.ask(page, "/send", framing="u8", service="discard", text="Hi")
        self.assertNotIn("= frame", told["client"])

    def test_other_hosts_are_refused(self):
        page = self.serve("walkthrough")
        for host, status in (("evil.example", 403), (f"evil.example:{page.port}", 403),
                             (HOST, 403), (f"{HOST}:1", 403), (f"localhost:{page.port}", 200),
                             (f"{HOST}:{page.port}", 200)):
            self.assertEqual(status, self.request(page, "GET", "/", Host=host)[0], host)

    def test_other_origins_are_refused(self):
        page = self.serve("walkthrough")
        for origin, status in (("http://evil.example", 403), ("null", 403), ("", 403),
                               (f"https://{HOST}:{page.port}", 403),
                               (f"http://{HOST}:{page.port}", 200)):
            got = self.request(page, "POST", "/walk", json.dumps(FORM), Origin=origin,
                               Content_Type="application/json")[0]
            self.assertEqual(status, got, origin)

    def test_other_requests_are_refused(self):
        page = self.serve("walkthrough")
        for method, target, status in (("GET", "/etc/passwd", 404), ("GET", "/../page", 404),
                                       ("GET", "/walk", 405), ("POST", "/", 405),
                                       ("OPTIONS", "/walk", 405), ("DELETE", "/", 405)):
            self.assertEqual(status, self.request(page, method, target)[0], (method, target))
        form = json.dumps(FORM)
        self.assertEqual(415, self.request(page, "POST", "/walk", form,
                                           Content_Type="text/plain")[0])
        for body in ("", "[]", "{", "5", "\xff", "[" * 60_000, "[" * 30_000 + "]" * 30_000,
                     '{"a":' * 9_000 + "1" + "}" * 9_000):
            self.assertEqual(422, self.request(page, "POST", "/walk", body.encode("latin-1"),
                                               Content_Type="application/json")[0])

    def test_several_requests_on_one_connection(self):
        page = self.serve("walkthrough")
        link = http.client.HTTPConnection(HOST, page.port, timeout=TIMEOUT)
        self.addCleanup(link.close)
        for target in ("/walk", "/send", "/walk"):
            link.request("POST", target, json.dumps(FORM), {"Content-Type": "application/json"})
            answer = link.getresponse()
            self.assertEqual(200, answer.status)
            json.loads(answer.read())
        host = b"Host: %s:%d\r\n" % (HOST.encode(), page.port)
        form = json.dumps(FORM).encode()
        post = (b"POST /send HTTP/1.1\r\n" + host + b"Content-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(form), form))
        head = b"HEAD / HTTP/1.1\r\n" + host + b"\r\n"
        last = b"GET /no HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n"
        for ends in (False, True):
            said = self.say(page, post + head * 300 + post + last + head, ends)
            self.assertEqual([b"200"] * 302 + [b"404"],
                             re.findall(rb"HTTP/1\.1 (\d+) ", said))

    def test_at_most_four_are_sent_at_once(self):
        page = self.serve("walkthrough")
        # So many large replies that the server stops reading, until the time is over.
        form = json.dumps({**FORM, "framing": "u32be", "service": "reply:" + "y" * 50_000,
                           "text": "\n".join("a" * 700), "at": ""})
        links = {}
        for _ in range(5):
            link = http.client.HTTPConnection(HOST, page.port, timeout=TIMEOUT)
            self.addCleanup(link.close)
            link.request("POST", "/send", form, {"Content-Type": "application/json"})
            links[link.sock] = link
        answered, _, _ = select.select(links, [], [], TIMEOUT)
        self.assertEqual([503], [links[one].getresponse().status for one in answered])
        self.assert_alive(page)
        began = time.monotonic()
        self.assertEqual("", self.stop(page))
        self.assertLess(time.monotonic() - began, 3)

    def test_peers_that_leave_while_they_are_answered(self):
        page = self.serve("walkthrough")
        form = json.dumps({**FORM, "text": "x" * 1000, "at": "1"}).encode()
        post = (b"POST /send HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (HOST.encode(), page.port, len(form), form))
        for resets in (False, True) * 4:
            link = self.connect_to(page.port)
            link.sendall(post)
            if resets:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            link.close()
        self.assert_alive(page)
        link, status = http.client.HTTPConnection(HOST, page.port, timeout=TIMEOUT), 503
        self.addCleanup(link.close)
        while status == 503:  # until all of them have been noticed
            link.request("POST", "/send", json.dumps(FORM), {"Content-Type": "application/json"})
            status, _ = (answer := link.getresponse()).status, answer.read()
        self.assertEqual(200, status)
        link = self.connect_to(page.port)
        link.sendall(post)
        self.assert_alive(page)
        self.assertEqual("", self.stop(page))

    def say(self, page, data, ends=False):
        """What it answers to bytes, after which our stream may end."""
        link = self.connect_to(page.port)
        link.sendall(data)
        if ends:
            link.shutdown(socket.SHUT_WR)
        answer = b""
        while part := link.recv(65536):
            answer += part
        return answer

    def test_what_is_no_request(self):
        page = self.serve("walkthrough")
        self.assertIn(b" 400 ", self.say(page, b"\x00\x01garbage\r\n\r\n"))
        self.assertIn(b" 431 ", self.say(page, b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000))
        for size in (70_000, 10**18):
            self.assertIn(b" 413 ", self.say(
                page, b"POST /walk HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size))
        self.assert_alive(page)

    def test_peers_that_leave_or_wait(self):
        page = self.serve("walkthrough")
        for part in (b"", b"GET / HT", b"POST /walk HTTP/1.1\r\nContent-Length: 99\r\n\r\nx"):
            link = self.connect_to(page.port)
            link.sendall(part)
            link.close()
        slow = [self.connect_to(page.port) for _ in range(20)]
        for link in slow:
            link.sendall(b"GET / HT")
        self.assert_alive(page)
        more = [self.connect_to(page.port) for _ in range(80)]
        self.assertIn(b"", [self.closed_at_once(link) for link in more])
        for link in slow + more:
            link.close()
        self.stop(page)

    def closed_at_once(self, link):
        link.settimeout(0.05)
        try:
            return link.recv(1)
        except (socket.timeout, ConnectionError) as why:
            return b"" if isinstance(why, ConnectionError) else None


@unittest.skipUnless(CHROMIUM, "there is no chromium")
class InABrowser(BrowserTest):

    def serve_and_open(self, *words):
        page = self.serve(*words)
        self.browser.look(1280)
        self.open(page.address)
        return page

    def field(self, name):
        return self.browser.run(f"document.querySelector('[name={name}]').value")

    def test_the_form_comes_filled_in(self):
        self.serve_and_open("walkthrough", "--chunk", "15", LONGER, "two")
        self.assertEqual(["walkthrough", f"{LONGER}\ntwo", "messages", "chunk", "15"],
                         [self.field(name) for name in ("framing", "text", "kind", "cut", "at")])
        self.serve_and_open("-f", "u8", "a\nb", "--split-at", "1,2")
        self.assertEqual(["u8", '< 03 "a\\nb"\n', "bytes", "splits", "1,2"],
                         [self.field(name) for name in ("framing", "text", "kind", "cut", "at")])

    def test_other_walkthroughs(self):
        self.serve_and_open("walkthrough", "--chunk", "15", LONGER)
        self.fill("at", "10")
        self.assertIn("34 bytes in 4 chunks of 10, 10, 10 and 4", self.text("#size"))
        self.fill("framing", "netstring")
        self.assertEqual("netstring", self.text("#framing"))
        self.browser.run("document.activeElement.blur()")
        self.browser.press("End")
        self.assertEqual([f'frame "{LONGER}" at 0', "finished"], self.texts("#events li"))

    def test_the_address_has_the_form(self):
        page = self.serve_and_open("walkthrough", "--chunk", "15", LONGER)
        self.fill("at", "10")
        self.browser.run("document.activeElement.blur()")
        self.browser.press("ArrowRight")
        self.browser.wait_for("location.hash.includes('step=1')")
        shared = self.browser.run("location.href")
        self.assertTrue(shared.startswith(page.address), shared)
        self.open(shared)
        self.browser.wait_for("document.body.dataset.answers")
        self.assertEqual("10", self.field("at"))
        self.assertIn("34 bytes in 4 chunks of 10", self.text("#size"))
        self.assertEqual("step 1 of 5", self.text("#where"))

    def test_faults_stand_beside_their_field(self):
        self.serve_and_open("walkthrough", LONGER)
        for field, bad, good in (("framing", "digits:x", "u8"), ("at", "many", "3"),
                                 ("service", "nobody", "")):
            self.fill(field, bad)
            self.assertIn(bad.split(":")[-1], self.text(f"#{field}-error"))
            self.assertEqual("true", self.browser.run(
                f"document.querySelector('[name={field}]').ariaInvalid"))
            self.browser.faults.clear()  # browsers write down every status 422
            self.fill(field, good)
            self.assertEqual("", self.text(f"#{field}-error"))
        self.fill("framing", "fixed:4")
        self.assertIn("frame.wrong_size", self.text("#text-error"))
        self.browser.faults.clear()

    def test_a_real_server(self):
        page = self.serve_and_open("walkthrough", "--chunk", "15", LONGER)
        self.click("#send")
        self.browser.wait_for("!document.querySelector('#ends').hidden")
        self.assertIn(f'> "0000000024{LONGER}"', self.text("#server"))
        self.assertIn(f'= frame "{LONGER}" at 0', self.text("#client"))
        self.browser.run("document.activeElement.blur()")
        for _ in range(4):
            self.browser.press("ArrowRight")
        self.assertIn("Reply: 34 bytes", self.text("#step-title"))
        self.assertEqual({page.address}, {re.sub(r"(walk|send)$", "", url)
                                          for url in self.browser.requests})

    def test_keys_of_the_form_are_its_own(self):
        self.serve_and_open("walkthrough", LONGER)
        self.browser.run("document.querySelector('#text-field').focus()")
        for key in ("End", " ", "ArrowRight"):
            self.browser.press(key)
        self.assertEqual("start", self.text("#where"))
        self.assertIn("Play", self.text("#play"))

    def test_a_server_that_is_gone(self):
        page = self.serve_and_open("walkthrough", LONGER)
        self.stop(page)
        self.fill("at", "3")
        self.assertIn("is it still running", self.text("#error"))
        self.browser.faults.clear()

    def test_it_fits_every_width(self):
        page = self.serve_and_open("walkthrough", LONGER)
        for width in (320, 360, 800, 1280):
            self.browser.look(width)
            self.open(page.address)
            self.click("#send")
            self.browser.wait_for("!document.querySelector('#ends').hidden")
            self.assertEqual(width, self.browser.run("document.documentElement.scrollWidth"))


if __name__ == "__main__":
    unittest.main()
