"use strict";

const LETTERS = {
  header: "H", payload: "P", trailer: "T", wrong: "✕", unread: "–", waiting: "·",
};
const FRAMES_TOLD_MAX = 50;
const FRAMES_LISTED_MAX = 500;
const SLOTS_MAX = 64;
const BETWEEN_MESSAGES = "a new message";
const END_WORDS = {
  eof: "No more bytes will arrive. That is normal between two messages, and an error inside one.",
  reset: "Bytes that had not arrived are lost.",
  gap: "They were not captured. What comes next is read as the beginning of a message, and offsets "
      + "on this page do not count what is missing.",
  pause: "No bytes arrive. A receiver does not wait forever.",
};

const byId = id => document.getElementById(id);

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makeCell(byte, position, inHex = false) {
  const cell = make("span", "cell");
  const text = inHex ? hex(byte) : glyph(byte);
  if (text.length > 1) cell.classList.add("hex");
  if (position !== null) cell.append(make("i", "", position));
  cell.append(make("b", "", text));
  return cell;
}

function setPart(cell, part, now) {
  const kept = cell.classList.contains("hex") ? "cell hex" : "cell";
  const name = `${kept} ${part}${now ? " now" : ""}`;
  if (cell.className !== name) cell.className = name;
  cell.querySelector("u").textContent = LETTERS[part];
}

// Shows a walkthrough at any of its steps.
class View {
  constructor(walk) {
    this.walk = walk;
    this.cells = [];
    this.runs = [];
    byId("framing").textContent = walk.data.framing;
    byId("size").textContent = this.describeSize();
    document.title = `framewire trace: ${walk.data.framing}`;
    this.describeEnds();
    this.makeStages();
    this.makeStream();
    this.makeFrames();
    this.sayWhatIsLeftOut();
  }

  describeSize() {
    const {data, chunks} = this.walk;
    const sizes = chunks.map(chunk => chunk.size);
    const listed = sizes.length > 8 || data.cut ? `${sizes.slice(0, 8).join(", ")}, …`
        : `${sizes.slice(0, -1).join(", ")} and ${sizes.at(-1)}`;
    return `${counted(data.size, "byte")} in ${counted(data.chunks, "chunk")}` +
        (data.chunks > 1 ? ` of ${listed}` : "");
  }

  // Who talked, and when.
  describeEnds() {
    const {began, ended} = this.walk.data;
    const {client, server} = data;
    const ends = client && server ? `${client} to ${server}` : "";
    const times = !began ? "" : began === ended ? began : `${began} to ${ended}`;
    byId("talk").textContent = [ends, times].filter(text => text).join(", ");
    byId("talk").hidden = !ends && !times;
  }

  // A button for each frame, which leads to the step in which it ended.
  makeFrames() {
    const all = this.walk.frames();
    const hasReplies = all.some(one => one.isReply);
    this.listed = all.slice(0, FRAMES_LISTED_MAX).map(one => {
      const button = make("button", one.frame.stage, this.nameFrame(one, hasReplies));
      button.type = "button";
      button.addEventListener("click", () => player.choose(one.step));
      const item = make("li");
      item.append(button);
      return {...one, item, button};
    });
    byId("frames").replaceChildren(...this.listed.map(one => one.item));
    byId("frames-left-out").textContent = all.length > this.listed.length
        ? `and ${counted(all.length - this.listed.length, "frame")} more` : "";
  }

  nameFrame({frame, isReply}, hasReplies) {
    const side = !hasReplies ? "" : isReply ? "← " : "→ ";
    const said = frame.events.split("\n")[0].replace(/^=>? /, "");
    if (frame.error) return `${side}${frame.at}: ✕ ${frame.error.name}`;
    const payload = said.match(/^frame (.*) at \d+$/)?.[1];
    const words = payload ?? (said || "incomplete");
    return `${side}${frame.at}: ${words}`;
  }

  showFrames(at) {
    let now = null;
    for (const one of this.listed) {
      const isNow = one.step === at;
      one.button.toggleAttribute("aria-current", isNow);
      if (isNow) one.button.setAttribute("aria-current", "step");
      one.button.classList.toggle("later", one.step > at);
      now ??= isNow ? one.item : null;
    }
    const list = byId("frames");
    if (!now || list.scrollHeight <= list.clientHeight) return;
    const above = now.getBoundingClientRect().top - list.getBoundingClientRect().top;
    if (above < 0 || above > list.clientHeight - 40) list.scrollTop += above - 8;
  }

  sayWhatIsLeftOut() {
    const {data, chunks, bytes} = this.walk;
    byId("left-out").hidden = !data.cut;
    byId("left-out").textContent =
        `This page shows the first ${counted(bytes.length, "byte")} of ${data.size}, in the ` +
        `first ${counted(chunks.length, "chunk")} of ${data.chunks}. The rest is left out.`;
  }

  makeStages() {
    byId("stages").replaceChildren(
        ...this.walk.stages.map(stage => make("li", stage === "failed" ? stage : "", stage)));
    const seen = new Set(["waiting", ...this.walk.parts(this.walk.last)]);
    for (const item of byId("legend").children) item.hidden = !seen.has(item.className);
  }

  // A list item for each run of bytes of one part that came in one chunk: screen readers
  // read it as a whole, everyone else sees its cells.
  makeStream() {
    const {walk} = this;
    const parts = walk.parts(walk.last);
    this.inHex = walk.binary();
    const signs = walk.signs();
    const list = byId("bytes");
    list.replaceChildren();
    walk.chunks.forEach((step, index) => {
      let begin = step.at;
      for (let at = step.at + 1; at <= step.at + step.size; ++at) {
        if (at < step.at + step.size && parts[at] === parts[begin] &&
            this.inHex[at] === this.inHex[begin]) continue;
        list.append(this.makeRun(index, begin, at, parts[begin], begin === step.at));
        begin = at;
      }
    });
    if (signs.size > 0) this.addSigns(signs);
    const error = walk.data.error;
    this.end = make("li", "ended", `✕ ${error?.name}`);
    this.endsWrong = error?.at >= walk.bytes.length;
    list.append(this.end);
  }

  makeRun(index, begin, end, part, first) {
    const run = make("li");
    const inHex = this.inHex[begin];
    const text = [...this.walk.bytes.slice(begin, end)].map(inHex ? hex : glyph).join(" ");
    run.append(make("span", "hidden", `chunk ${index + 1}, ${part}, ${
        end - begin === 1 ? "byte" : "bytes"} ${range(begin, end)}: ${text}. `));
    const seen = make("span");
    seen.setAttribute("aria-hidden", "true");
    for (let at = begin; at < end; ++at) {
      const cell = makeCell(this.walk.bytes[at], at, inHex);
      cell.append(make("u"));
      this.cells[at] = cell;
      const bordered = first && at === begin && this.walk.chunks.length > 1;
      seen.append(bordered ? this.addBorder(index, cell) : cell);
    }
    run.append(seen);
    return run;
  }

  // A chunk's border and number, which stay with the chunk's first byte.
  addBorder(index, cell) {
    this.runs[index] = make("span", "cut", `${index + 1}`);
    this.runs[index].title = `chunk ${index + 1}`;
    const both = make("span", "bordered");
    both.append(this.runs[index], cell);
    return both;
  }

  addSigns(signs) {
    for (const cell of this.cells) cell.append(make("s"));
    for (const [at, {size, text}] of signs) {
      this.cells[at].lastChild.textContent = text;
      for (const cell of this.cells.slice(at, at + size)) cell.lastChild.className = "of";
    }
  }

  show(at) {
    this.showStream(at);
    this.showStep(at);
    this.showFrames(at);
    this.showReceiver(at);
    this.showEvents(at);
  }

  showStream(at) {
    const parts = this.walk.parts(at);
    const step = this.walk.step(at);
    const chunk = step?.what === "chunk" ? step : null;
    const from = chunk ? chunk.at : -1;
    const to = chunk ? chunk.at + chunk.size : -1;
    this.cells.forEach((cell, position) => {
      const now = position >= from && position < to;
      setPart(cell, parts[position], now);
    });
    this.runs.forEach((cut, index) => cut.classList.toggle("now", index + 1 === chunk?.number));
    this.end.hidden = !(this.endsWrong && this.walk.failed(at));
    this.scrollTo(this.focus(at, chunk));
    if (at === 0) byId("bytes").scrollTop = 0;
  }

  // What of the stream a step is about: what failed, else the chunk, else the latest byte.
  focus(at, chunk) {
    const {walk} = this;
    const wrong = chunk?.frames.find(frame => frame.error)?.error ?? walk.data.error;
    if (wrong && !walk.isReply(at) && walk.failed(at) && (at === walk.failsAt || !chunk)) {
      return wrong.at >= walk.bytes.length ? this.end : this.cells[wrong.at];
    }
    if (chunk) return this.runs[chunk.number - 1] ?? this.cells[chunk.at];
    return this.cells[walk.arrived(at) - 1];
  }

  scrollTo(element) {
    const list = byId("bytes");
    if (list.scrollHeight <= list.clientHeight || !element) return;
    const above = element.getBoundingClientRect().top - list.getBoundingClientRect().top;
    if (above < 0 || above > list.clientHeight / 2) list.scrollTop += above - 8;
  }

  title(at) {
    const step = this.walk.step(at);
    const stamp = step?.stamp ? ` @ ${step.stamp}` : "";
    return this.nameStep(step) + stamp;
  }

  nameStep(step) {
    if (!step) return "Nothing has arrived";
    const who = step.server ? "The server" : "The peer";
    if (step.what === "eof") return `${who} ends its stream`;
    if (step.what === "reset") return `${who} resets the connection`;
    if (step.what === "gap") {
      const side = step.server ? "server" : "peer";
      return `${step.line.match(/\d+/)[0]} bytes of the ${side} are missing`;
    }
    if (step.what === "pause") return `${step.line.split("\n")[0].slice(2)} pass`;
    const size = `${counted(step.size, "byte")}, ${range(step.at, step.at + step.size)}`;
    if (step.what === "reply") return `Reply: ${size}`;
    return `Chunk ${step.number} of ${this.walk.data.chunks}: ${size}`;
  }

  showStep(at) {
    const step = this.walk.step(at);
    byId("step-title").textContent = this.title(at);
    byId("line").textContent = step ? step.line.trimEnd() : "";
    byId("findings").replaceChildren(
        ...(step?.notes ?? []).map(note => make("p", "note", note)),
        ...(!step ? [make("p", "", "The receiver waits for a new message.")]
            : step.frames ? this.explain(step)
            : [make("p", "", END_WORDS[step.what])]));
  }

  explain(step) {
    const blocks = step.frames.slice(0, FRAMES_TOLD_MAX).map(frame => this.makeFrame(frame));
    const more = step.frames.length - FRAMES_TOLD_MAX;
    if (more > 0) blocks.push(make("p", "note", `and ${counted(more, "message")} more`));
    if (step.what === "reply") return [this.makeReply(step), ...blocks];
    if (step.frames.length === 0) {
      blocks.push(make("p", "", "Not read, because the stream had already failed."));
    }
    return blocks;
  }

  makeReply(step) {
    const bytes = bytesOf(step.hex);
    const parts = new Array(bytes.length).fill("unread");
    const inHex = new Array(bytes.length).fill(false);
    for (const frame of step.frames) {
      fillParts(parts, frame, step.at);
      markWrong(parts, frame, step.at);
      const begin = Math.max(0, frame.at - step.at);
      const end = Math.max(begin, frame.at + frame.header - step.at);
      if (frame.binary) inHex.fill(true, begin, end);
    }
    const cells = [...bytes].map((byte, index) => {
      const cell = makeCell(byte, step.at + index, inHex[index]);
      cell.append(make("u"));
      setPart(cell, parts[index], false);
      return cell;
    });
    const list = make("div", "bytes");
    list.setAttribute("aria-hidden", "true");
    list.append(...cells);
    return list;
  }

  makeFrame(frame) {
    const block = make("div", "frame");
    const list = make("dl");
    for (const [label, words] of frame.findings) {
      if (label === "check") continue;
      list.append(make("dt", label, label), make("dd", "mono", words));
    }
    const over = frame.stage === "skipped" ? "complete" : frame.stage;
    const check = make("p", `check ${over}`);
    const sign = {complete: "✓ ", failed: "✕ "}[over] ?? "… ";
    const words = frame.findings.filter(([label]) => label === "check").map(pair => pair[1]).join();
    check.append(make("span", "hidden", "Check: "), sign + words);
    block.append(list, check);
    return block;
  }

  showReceiver(at) {
    const frame = this.walk.frame(at);
    const failed = this.walk.failed(at);
    const stage = failed ? "failed" : frame ? frame.stage : "";
    byId("stages").querySelectorAll("li").forEach(item => {
      const here = item.textContent === (stage === "skipped" ? "complete" : stage);
      item.toggleAttribute("aria-current", here);
      if (here) item.setAttribute("aria-current", "step");
    });
    byId("receiver-title").textContent = this.walk.isReply(at) ? "What the client has now"
        : "What the receiver has now";
    this.showCount(frame, failed);
    this.showAssembled(frame, this.walk.isReply(at) ? this.walk.replyBytes : this.walk.bytes);
    byId("state").textContent = this.state(at);
  }

  state(at) {
    const step = this.walk.step(at);
    const what = step?.what;
    if (what === "gap") return "Waiting for a new message.";
    if (what === "eof") return "The stream has ended.";
    if (what === "reset") return "The connection is gone.";
    const latest = what === "reply" ? step : this.walk.latest[at];
    const words = latest?.after ?? BETWEEN_MESSAGES;
    if (words === BETWEEN_MESSAGES) return "Waiting for a new message.";
    return words[0].toUpperCase() + words.slice(1);
  }

  showCount(frame, failed) {
    const [number, rest] = this.count(frame);
    byId("count").replaceChildren(make("strong", "", number), rest + (failed ? ", failed" : ""));
    const over = frame?.stage === "complete" || frame?.stage === "skipped";
    const part = over ? 1 : frame?.announced ? frame.counted / Number(frame.announced) : 0;
    const percent = Math.floor(100 * part);
    byId("bar").classList.toggle("failed", failed);
    byId("bar").classList.toggle("unknown", !over && frame?.announced === null);
    byId("bar").setAttribute("aria-valuenow", percent);
    byId("bar").firstChild.style.width = `${percent}%`;
  }

  // How much of a message has arrived: a number and its unit.
  count(frame) {
    if (!frame) return ["", "No bytes yet"];
    const thing = number => counted(number, this.walk.data.counts.slice(0, -1));
    const over = ["complete", "skipped"].includes(frame.stage) ? `, ${frame.stage}` : "";
    if (frame.announced !== null) {
      const unit = thing(frame.announced === "1" ? 1 : 2).slice(1);
      return [frame.counted, ` of ${frame.announced}${unit}${over}`];
    }
    const inHeader = frame.stage === "header" || (frame.stage === "failed" && frame.header > 0);
    if (inHeader) return [frame.header, ` ${frame.header === 1 ? "byte" : "bytes"} of a header`];
    return [frame.counted, `${thing(frame.counted).replace(/^\d+/, "")}${over || " so far"}`];
  }

  // The payload so far, and, if the length counts bytes, space for the rest.
  showAssembled(frame, stream) {
    const cells = [];
    if (frame) {
      const begin = frame.at + frame.header;
      for (const byte of stream.slice(begin, begin + Math.min(frame.payload, 256))) {
        if (byte === undefined) break;
        const cell = makeCell(byte, null);
        cell.classList.add("payload");
        cells.push(cell);
      }
      const rest = this.walk.data.counts === "bytes" && frame.announced !== null
          ? Number(frame.announced) - frame.payload : 0;
      for (let slot = 0; slot < Math.min(rest, SLOTS_MAX); ++slot) {
        const cell = make("span", "cell waiting");
        cell.append(make("b", "", "\u00A0"));
        cells.push(cell);
      }
    }
    byId("assembled").replaceChildren(...cells);
  }

  showEvents(at) {
    const items = this.walk.events(at).map(
        event => make("li", event.step === at ? "new" : "", event.words));
    byId("events").replaceChildren(...items);
    byId("events").scrollTop = byId("events").scrollHeight;
  }

  // The step in one sentence, for screen readers.
  tell(at) {
    const step = this.walk.step(at);
    const findings = (step?.frames ?? []).slice(0, 5).flatMap(frame => frame.findings)
        .map(([label, words]) => `${label}: ${words}`);
    const events = this.walk.events(at).filter(event => event.step === at)
        .map(event => event.words);
    return [this.title(at), ...findings, ...events, this.state(at)].join(". ");
  }
}
