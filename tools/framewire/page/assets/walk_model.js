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
    const failure = this.steps.findIndex(step => saidBy(step).includes("= failed "));
    this.failsAt = failure < 0 ? Infinity : failure + 1;
    this.stages = this.stagesThatOccur();
  }

  step(at) { return this.steps[at - 1] ?? null; }

  arrived(at) {
    const chunk = this.latest[at];
    return chunk ? chunk.at + chunk.size : 0;
  }

  // The frame that the receiver is in after a step, or has just completed.
  frame(at) {
    const touched = this.steps.slice(0, at).findLast(
        step => step.what === "chunk" && step.frames.length > 0);
    return touched?.frames.at(-1) ?? null;
  }

  failed(at) { return at >= this.failsAt; }

  // The part of each byte, as far as the receiver can tell.
  parts(at) {
    const parts = new Array(this.bytes.length).fill("waiting").fill("unread", 0, this.arrived(at));
    for (const step of this.steps.slice(0, at)) {
      if (step.what !== "chunk") continue;
      for (const frame of step.frames) {
        fillParts(parts, frame, 0);
        if (frame.stage === "failed") this.markWrong(parts, frame);
      }
    }
    return parts;
  }

  // A wrong size is marked in the header; everything else at one byte.
  markWrong(parts, frame) {
    const error = this.data.error;
    if (error.name === "frame.too_large") {
      parts.fill("wrong", frame.at, frame.at + frame.header);
    } else if (error.at < parts.length) {
      parts[error.at] = "wrong";
    }
  }

  // The session's events up to a step, each with its step.
  events(at) {
    return this.steps.slice(0, at).flatMap(
        (step, index) => saidBy(step).split("\n").filter(line => line.startsWith("= "))
            .map(line => ({step: index + 1, words: line.slice(2)})));
  }

  stagesThatOccur() {
    const frames = this.chunks.flatMap(step => step.frames);
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
  return step.what === "chunk" ? step.frames.map(frame => frame.events).join("") : step.line;
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
