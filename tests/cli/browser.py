"""Chromium without a window, told what to do through its DevTools pipe: two pipes with one JSON
message after the other, each ended by a zero byte.
"""
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium")
TIMEOUT = 30


class Browser:
    """One page. What it asks the network for is in `requests`, what it complains of in `faults`."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.orders = os.pipe()
        self.answers, from_browser = os.pipe()
        self.child = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "sh", CHROMIUM,
             "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.received, self.number, self.session = b"", 0, None
        self.requests, self.faults, self.events = [], [], []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target,
                                flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def close(self):
        self.child.kill()
        self.child.wait()
        os.close(self.orders)
        os.close(self.answers)
        self.profile.cleanup()

    def ask(self, method, **parameters):
        """Sends an order and waits for its answer."""
        self.number += 1
        order = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.orders, json.dumps(order).encode() + b"\0")
        while True:
            message = self.next_message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                return message["result"]
            self.note(message)

    def next_message(self):
        deadline = time.monotonic() + TIMEOUT
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.answers], [], [], deadline - time.monotonic())
            part = os.read(self.answers, 65536) if ready else b""
            if not part:
                raise AssertionError("the browser says nothing")
            self.received += part
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def note(self, message):
        what, told = message.get("method"), message.get("params")
        self.events.append(what)
        if what == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif what == "Runtime.exceptionThrown":
            self.faults.append(told["exceptionDetails"])
        elif what == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.faults.append(told["entry"])

    def open(self, address):
        """Goes there and waits until all is loaded."""
        self.requests, self.faults, self.events = [], [], []
        self.ask("Page.navigate", url=str(address))
        while "Page.loadEventFired" not in self.events:
            self.note(self.next_message())

    def run(self, script):
        """The value of an expression in the page; a promise is waited for."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True,
                          awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, condition):
        """Until an expression is true in the page."""
        self.run(f"""new Promise((resolve, reject) => {{
            const look = () => ({condition}) ? resolve() : requestAnimationFrame(look);
            setTimeout(() => reject(new Error("never")), {TIMEOUT * 1000}); look(); }})""")

    def press(self, key):
        """A key, as a person presses it."""
        text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else "")
        code = {" ": 32, "Enter": 13, "End": 35, "Home": 36, "ArrowLeft": 37,
                "ArrowRight": 39, "Tab": 9}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                     **({"text": text} if text and kind == "keyDown" else {}))

    def look(self, width, height=900, dark=False, reduced_motion=True):
        """The size of the window, and what the person prefers."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=False)
        features = [("prefers-color-scheme", "dark" if dark else "light"),
                    ("prefers-reduced-motion", "reduce" if reduced_motion else "no-preference")]
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": name, "value": value} for name, value in features])
