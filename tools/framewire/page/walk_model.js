"use strict";

// What is known of a walkthrough after each of its steps. Step 0 is before the first byte, step n
// after the nth chunk; one more is the end of the stream.
class Walk {
  constructor(data) {
    this.data = data;
    this.steps = data.steps;
    this.bytes = Uint8Array.from(data.hex.match(/../g) ?? [], pair => parseInt(pair, 16));
    this.last = this.steps.length + (data.cut ? 0 : 1);
    this.stages = this.stagesThatOccur();
  }

  isEnd(at) { return at > this.steps.length; }

  step(at) { return at > 0 && !this.isEnd(at) ? this.steps[at - 1] : null; }

  arrived(at) {
    const step = this.steps[Math.min(at, this.steps.length) - 1];
    return step ? step.at + step.size : 0;
  }

  // The frame that the receiver was in when the step was over, or has just completed.
  frame(at) {
    const step = this.steps[Math.min(at, this.steps.length) - 1];
    return step?.frames.at(-1) ?? null;
  }

  failed(at) {
    return this.data.error !== null &&
        (this.isEnd(at) ||
         this.steps.slice(0, at).some(step => step.frames.at(-1)?.stands === "failed"));
  }

  // The part that each byte is of, as far as the receiver can tell.
  parts(at) {
    const parts = new Array(this.bytes.length).fill("waiting").fill("unread", 0, this.arrived(at));
    for (const step of this.steps.slice(0, at)) {
      for (const frame of step.frames) {
        const payload = frame.at + frame.header;
        const trailer = payload + frame.payload;
        parts.fill("header", frame.at, payload);
        parts.fill("payload", payload, trailer);
        parts.fill("trailer", trailer, trailer + frame.trailer);
        if (frame.stands === "failed") this.markWrong(parts, frame);
      }
    }
    return parts;
  }

  // A size is wrong where the header says it; everything else at one byte.
  markWrong(parts, frame) {
    const error = this.data.error;
    if (error.name === "frame.too_large") {
      parts.fill("wrong", frame.at, frame.at + frame.header);
    } else if (error.at < parts.length) {
      parts[error.at] = "wrong";
    }
  }

  // What the session has said up to a step, with the step that it said it in.
  events(at) {
    const lines = (text, step) => text.split("\n").filter(line => line.startsWith("= "))
        .map(line => ({step, words: line.slice(2)}));
    const said = this.steps.slice(0, at).flatMap(
        (step, index) => step.frames.flatMap(frame => lines(frame.events, index + 1)));
    return this.isEnd(at) ? said.concat(lines(this.data.end, at)) : said;
  }

  stagesThatOccur() {
    const frames = this.steps.flatMap(step => step.frames);
    return ["header", "payload", "trailer", "complete"].filter(
        stage => ["payload", "complete"].includes(stage) ||
            frames.some(frame => frame[stage] > 0 || frame.stands === stage));
  }

  // Characters of several bytes, by the byte that they begin at.
  signs() {
    const parts = this.parts(this.steps.length);
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

// The character of several bytes that begins there, if it is one and can be shown.
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
