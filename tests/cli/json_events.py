"""Reads what `--json` prints, and checks it against docs/json.schema.json."""
import base64
import json
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEMA = json.loads((DOCS / "json.schema.json").read_text())
TYPES = {"object": dict, "string": str, "integer": int, "number": (int, float)}
REMARKS = {"$schema", "$defs", "title", "description"}


def faults(value, schema, whole=SCHEMA, at="event"):
    """What of `value` the schema refuses, one sentence each."""
    found = []
    for keyword, wanted in schema.items():
        if keyword in REMARKS or keyword in ("then", "else"):
            continue
        found += CHECKS[keyword](value, wanted, schema, whole, at)
    return found


def check_type(value, wanted, _schema, _whole, at):
    right = isinstance(value, TYPES[wanted]) and not isinstance(value, bool)
    return [] if right else [f"{at} is no {wanted}: {value!r}"]


def check_enum(value, wanted, _schema, _whole, at):
    return [] if value in wanted else [f"{at} is {value!r}, none of {wanted}"]


def check_const(value, wanted, _schema, _whole, at):
    same = value == wanted and isinstance(value, type(wanted))
    return [] if same else [f"{at} is {value!r} instead of {wanted!r}"]


def check_pattern(value, wanted, _schema, _whole, at):
    wrong = isinstance(value, str) and not re.search(wanted, value)
    return [f"{at} does not match {wanted}: {value!r}"] if wrong else []


def check_minimum(value, wanted, _schema, _whole, at):
    low = isinstance(value, int) and value < wanted
    return [f"{at} is {value}, less than {wanted}"] if low else []


def check_min_length(value, wanted, _schema, _whole, at):
    short = isinstance(value, str) and len(value) < wanted
    return [f"{at} is too short"] if short else []


def check_required(value, wanted, _schema, _whole, at):
    return [f"{at} has no {name}: {value}" for name in wanted if name not in value]


def check_properties(value, wanted, schema, whole, at):
    found = []
    for name, one in value.items():
        if name in wanted:
            found += faults(one, wanted[name], whole, f"{at}.{name}")
        elif schema.get("additionalProperties") is False:
            found.append(f"{at} has {name}, which is unknown")
    return found


def check_all(value, wanted, _schema, whole, at):
    return [fault for one in wanted for fault in faults(value, one, whole, at)]


def matching(value, schemas, whole):
    return sum(not faults(value, one, whole) for one in schemas)


def check_any(value, wanted, _schema, whole, at):
    return [] if matching(value, wanted, whole) else [f"{at} is none of {wanted}"]


def check_one(value, wanted, _schema, whole, at):
    return [] if matching(value, wanted, whole) == 1 else [f"{at} is not one of {wanted}"]


def check_not(value, wanted, _schema, whole, at):
    return [] if faults(value, wanted, whole) else [f"{at} must not be {wanted}"]


def check_if(value, wanted, schema, whole, at):
    chosen = "else" if faults(value, wanted, whole) else "then"
    return faults(value, schema.get(chosen, {}), whole, at)


def check_reference(value, wanted, _schema, whole, at):
    return faults(value, whole["$defs"][wanted.removeprefix("#/$defs/")], whole, at)


CHECKS = {"type": check_type, "enum": check_enum, "const": check_const, "pattern": check_pattern,
          "minimum": check_minimum, "minLength": check_min_length, "required": check_required,
          "properties": check_properties, "additionalProperties": lambda *_: [],
          "allOf": check_all, "anyOf": check_any, "oneOf": check_one, "not": check_not,
          "if": check_if, "$ref": check_reference}


def events_of(output):
    """The events of whole lines of output, each checked against the schema."""
    lines = output.decode().split("\n")
    if lines.pop() != "":
        raise AssertionError(f"the last line has no end: {output[-200:]!r}")
    events = [json.loads(line) for line in lines]
    wrong = [fault for event in events for fault in faults(event, SCHEMA)]
    if wrong:
        raise AssertionError("\n".join(wrong[:10]))
    return events


def payload_of(event):
    if "payload" in event:
        return event["payload"].encode()
    return base64.b64decode(event["payload_base64"], validate=True)


def without(event, *names):
    return {name: value for name, value in event.items() if name not in names}
