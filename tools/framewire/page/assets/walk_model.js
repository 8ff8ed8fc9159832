"use strict";

// What is known of a conversation after each step; step 0 is before the first. A step is a chunk
// from the peer, a reply, a pause, or an end.
class Walk {
  constructor(data) {
    this.data = data;
    this.steps = data.steps;
    this.last = this.steps.length;
    this.bytes = bytesOf(data.hex);
    this.chunks = this.steps.filter(step => step.what === "chunk");
    this.chunks.forEach((chunk, index) => { chunk.number = index + 1; });
    let latest = null;
    this.latest = [null, ...this.steps.map(
        step => latest = step.what === "chunk" ? step : latest)];
    const failure = this.steps.findIndex(step => /^=>? failed /m.test(saidBy(step)));
    this.failsAt = failure < 0 ? Infinity : failure + 1;
    this.replyBytes = [];
    for (const step of this.steps.filter(one => one.what === "reply")) {
      bytesOf(step.hex).forEach((byte, index) => { this.replyBytes[step.at + index] = byte; });
    }
    this.stages = this.stagesThatOccur();
  }

  step(at) { return this.steps[at - 1] ?? null; }

  arrived(at) {
    const chunk = this.latest[at];
    return chunk ? chunk.at + chunk.size : 0;
  }

  // True if a step is about what the server sent.
  isReply(at) {
    const step = this.step(at);
    return step?.what === "reply" || step?.server === true;
  }

  // The frame that a receiver is in after a step, or has just completed.
  frame(at) {
    const wanted = this.isReply(at) ? "reply" : "chunk";
    const touched = this.steps.slice(0, at).findLast(
        step => step.what === wanted && step.frames.length > 0);
    return touched?.frames.at(-1) ?? null;
  }

  // What is read after a gap begins anew.
  failed(at) {
    const isReply = this.isReply(at);
    let failed = false;
    for (let number = 1; number <= at; ++number) {
      if (this.isReply(number) !== isReply) continue;
      if (this.step(number).what === "gap") failed = false;
      if (/^=>? failed /m.test(saidBy(this.step(number)))) failed = true;
    }
    return failed;
  }

  // Every frame of both ends: the step in which it ended, or was last seen, and what it is.
  frames() {
    const found = new Map();
    this.steps.forEach((step, index) => {
      for (const frame of step.frames ?? []) {
        found.set(`${step.what} ${frame.at}`, {frame, step: index + 1,
                                               isReply: step.what === "reply"});
      }
    });
    return [...found.values()];
  }

  // The part of each byte, as far as the receiver can tell.
  parts(at) {
    const parts = new Array(this.bytes.length).fill("waiting").fill("unread", 0, this.arrived(at));
    for (const step of this.steps.slice(0, at)) {
      if (step.what !== "chunk") continue;
      for (const frame of step.frames) {
        fillParts(parts, frame, 0);
        markWrong(parts, frame, 0);
      }
    }
    return parts;
  }

  // Which bytes of the stream are binary headers, and therefore shown in hexadecimal.
  binary() {
    const bytes = new Array(this.bytes.length).fill(false);
    for (const frame of this.chunks.flatMap(step => step.frames)) {
      if (frame.binary) bytes.fill(true, frame.at, frame.at + frame.header);
    }
    return bytes;
  }

  // The session's events up to a step, each with its step.
  events(at) {
    return this.steps.slice(0, at).flatMap(
        (step, index) => saidBy(step).split("\n").filter(line => /^=>? /.test(line))
            .map(line => ({step: index + 1,
                           words: line.replace(/^= /, "").replace(/^=> /, "server: ")})));
  }

  stagesThatOccur() {
    const frames = this.steps.flatMap(step => step.frames ?? []);
    return ["header", "payload", "trailer", "complete", "failed"].filter(
        stage => ["payload", "complete"].includes(stage) ||
            (stage === "failed" && this.failsAt <= this.last) ||
            frames.some(frame => frame[stage] > 0 || frame.stage === stage));
  }

  // Characters of several bytes, by their first byte.
  signs() {
    const parts = this.parts(this.last);
    const signs = new Map();
    for (let at = 0; at < this.bytes.length;) {
      const sign = signAt(this.bytes, at);
      const whole = sign && parts.slice(at, at + sign.size).every(part => part === "payload");
      if (whole) signs.set(at, sign);
      at += whole ? sign.size : 1;
    }
    return signs;
  }
}

function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16));
}

// The lines with events of the session.
function saidBy(step) {
  return step.frames ? step.frames.map(frame => frame.events).join("") : step.line;
}

// A wrong size is marked in the header; everything else at one byte. `from` is the offset at which
// the array begins.
function markWrong(parts, frame, from) {
  const {error} = frame;
  if (!error) return;
  if (error.name === "frame.too_large") {
    const begin = Math.max(0, frame.at - from);
    parts.fill("wrong", begin, Math.max(begin, frame.at + frame.header - from));
  } else if (error.at >= from && error.at - from < parts.length) {
    parts[error.at - from] = "wrong";
  }
}

// Names the bytes of a frame, in an array that begins at some offset of its stream.
function fillParts(parts, frame, from) {
  const begin = frame.at - from;
  const payload = begin + frame.header;
  const trailer = payload + frame.payload;
  parts.fill("header", Math.max(0, begin), Math.max(0, payload));
  parts.fill("payload", Math.max(0, payload), Math.max(0, trailer));
  parts.fill("trailer", Math.max(0, trailer), Math.max(0, trailer + frame.trailer));
}

// The character of several bytes that begins there, if there is one that can be shown.
function signAt(bytes, at) {
  const lead = bytes[at];
  const size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (size === 0) return null;
  try {
    const text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true})
        .decode(bytes.slice(at, at + size));
    if (/^\p{M}$/u.test(text)) return {size, text: "\u25CC" + text};
    return {size, text: /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text) ? text : ""};
  } catch {
    return null;
  }
}

function glyph(byte) {
  if (byte === 0x20) return "␣";
  return byte > 0x20 && byte < 0x7F ? String.fromCharCode(byte) : hex(byte);
}

function hex(byte) { return byte.toString(16).padStart(2, "0"); }

function counted(number, thing) { return `${number} ${thing}${number === 1 ? "" : "s"}`; }

function range(begin, end) {
  if (end <= begin) return "none";
  return end - begin === 1 ? `${begin}` : `${begin} to ${end - 1}`;
}
