"""`first`: one framing for the first frame, another for those after it. `reply`: what is sent has
another framing than what is received.
"""
import re

from oracle.framing import Framing

BOUNDS = ("max", "oversize")


class Changing(Framing):

    def __init__(self, spec, framing):
        super().__init__(spec)
        self.options = spec.options
        options = {key: value for key, value in spec.options.items()
                   if key not in ("first", "reply")}
        self.rest = framing(written(spec._replace(options=options)))
        first = self.nested("first")
        self.first = framing(first) if first else self.rest
        self.sent_spec = self.nested("reply")
        self.reply = framing(self.sent_spec) if self.sent_spec else self

    def nested(self, option):
        """The text of this option, with the bounds of the spec that it is in."""
        if option not in self.options:
            return None
        text = re.sub(r"\\([\\,])", r"\1", self.options[option])
        for bound in BOUNDS:
            if bound in self.options and not re.search(rf"(?<!\\),{bound}=", text):
                text += f",{bound}={self.options[bound]}"
        return text

    def nth(self, number):
        return self.rest if number else self.first

    def sends(self, number):
        return self.reply.nth(number)

    def at_end(self, stream):
        return self.nth(stream.frames_read).at_end(stream)

    def read_frame(self, stream):
        return self.nth(stream.frames_read).read_frame(stream)

    def frame(self, payload):
        return self.nth(0).frame(payload)


def written(spec):
    name = spec.name + (f":{spec.argument}" if spec.argument else "")
    others = [f"or={other}" for other in spec.others]
    options = [f"{key}={value}" for key, value in spec.options.items() if key != "or"]
    return ",".join((name, *others, *options))
