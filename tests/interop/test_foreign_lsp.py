"""Lengths in header fields against a language server: clangd, which speaks on a pipe, behind the
bridge of socat, as README.md shows it.
"""
import json
import re
import unittest

from foreign_peers import ForeignTest, needed
from programs import Program

URI = "file:///nowhere/example.cpp"


def request(number, method, **params):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


def notification(method, **params):
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params}, ensure_ascii=False)


def opened(text):
    return notification("textDocument/didOpen", textDocument={
        "uri": URI, "languageId": "cpp", "version": 1, "text": text})


INITIALIZE = request(1, "initialize", processId=None, rootUri=None, capabilities={
    "textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}})
SHUTDOWN = request(9, "shutdown")


class Clangd(Program):
    """Answers one connection, and ends with it."""

    def __init__(self, test):
        clangd = needed("clangd-16")
        super().__init__(test, [needed("socat"), "-dd", "TCP-LISTEN:0,bind=127.0.0.1",
                                f"EXEC:{clangd}"])
        listening = re.compile(rb"listening on .*:(\d+)\n")
        self.wait_until("where it listens", lambda: listening.search(self.err))
        self.port = int(listening.search(self.err)[1])


class LanguageServer(ForeignTest):

    def ask(self, *messages, cut=False):
        """The replies, one for each message, of which SHUTDOWN must be the last."""
        server = Clangd(self)
        to = self.relay(server) if cut else server
        printed = self.send_all("content-length", to.port, [text.encode() for text in messages])
        server.find_error("reply:shutdown(9)")
        server.finish()
        return [json.loads(line) for line in printed.decode().splitlines()]

    def test_initialize(self):
        for cut in (False, True):
            with self.subTest(cut=cut):
                first, last = self.ask(INITIALIZE, SHUTDOWN, cut=cut)
                self.assertEqual(1, first["id"])
                self.assertEqual("clangd", first["result"]["serverInfo"]["name"])
                self.assertEqual({"id": 9, "jsonrpc": "2.0", "result": None}, last)

    def test_diagnosis_of_a_file(self):
        """Whose text is not ASCII: the length counts bytes."""
        _, told, _ = self.ask(INITIALIZE, opened("// naïve 🎉\nint f() { return ü; }\n"), SHUTDOWN)
        self.assertEqual(("textDocument/publishDiagnostics", URI),
                         (told["method"], told["params"]["uri"]))
        self.assertIn("undeclared identifier 'ü'", told["params"]["diagnostics"][0]["message"])

    def test_large_messages(self):
        names = [f"name_{number:05d}" for number in range(5000)]
        text = "".join(f"int {name}; // {'x' * 100}\n" for name in names)
        _, _, symbols, _ = self.ask(
            INITIALIZE, opened(text),
            request(2, "textDocument/documentSymbol", textDocument={"uri": URI}), SHUTDOWN)
        self.assertEqual(names, [symbol["name"] for symbol in symbols["result"]])

    def test_messages_without_replies(self):
        server = Clangd(self)
        messages = [INITIALIZE, SHUTDOWN, notification("exit")]
        self.send_all("lsp", server.port, [text.encode() for text in messages], "--no-reply")
        self.assertEqual(0, server.finish(), server.report())
        for words in ("initialize(1)", "shutdown(9)", "LSP finished, exiting with status 0"):
            self.assertIn(words, server.err.decode())


if __name__ == "__main__":
    unittest.main()
