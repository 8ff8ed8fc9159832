"use strict";
(() => {
  const KEPT = 1000;
  const EVERY = 500;
  const LATER = 2000;
  const element = id => document.getElementById(id);
  const data = JSON.parse(element("data").textContent);
  const rows = [];
  const conversations = new Map();
  let next = 0, leftOut = 0, paused = false;

  const two = number => String(number).padStart(2, "0");
  function clock(milliseconds) {
    const at = new Date(milliseconds);
    return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.` +
      String(at.getMilliseconds()).padStart(3, "0");
  }
  function duration(microseconds) {
    if (microseconds < 1000) return `${microseconds} µs`;
    if (microseconds < 1e6) return `${(microseconds / 1000).toFixed(microseconds < 1e4 ? 2 : 1)} ms`;
    return `${(microseconds / 1e6).toFixed(2)} s`;
  }
  // Nothing of a payload is ever markup.
  function row(kind, cells) {
    const made = document.createElement("tr");
    made.className = kind;
    for (const [text, style] of cells) {
      const cell = made.insertCell();
      cell.textContent = text;
      if (style) cell.className = style;
    }
    return made;
  }

  const WAYS = {
    request: ["from client", "to server"], reply: ["to client", "from server"],
    fault: ["fault", "fault"], error: ["error", "error"],
    opened: ["opened", "opened"], closed: ["closed", "closed"],
  };
  function messageRow(one) {
    const server = one.side === "server";
    return row(server ? `${one.what} server` : one.what, [
      [clock(one.time)], [one.connection], [WAYS[one.what][server ? 1 : 0]],
      [one.size === undefined ? "" : one.size, "number"], [one.text],
      [one.latency_us === undefined ? "" : duration(one.latency_us), "number"]]);
  }
  function isShown(one) {
    const only = element("only").value;
    if (only !== "" && String(one.connection) !== only) return false;
    const isMessage = one.what === "request" || one.what === "reply";
    if (one.side === "server" && isMessage && !element("sides").checked) return false;
    const wanted = element("search").value.toLowerCase();
    return wanted === "" || one.text.toLowerCase().includes(wanted);
  }

  function showCounts() {
    const shown = element("messages").rows.length;
    const times = rows.filter(one => isShown(one) && one.latency_us !== undefined)
      .map(one => one.latency_us).sort((a, b) => a - b);
    const at = share => duration(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
    const parts = [`${shown} of ${rows.length} shown`];
    if (leftOut > 0) parts.push(`${leftOut} older ones are left out`);
    if (times.length > 0) {
      parts.push(`latency of ${times.length} ${times.length === 1 ? "reply" : "replies"}: half within ${at(0.5)}, ` +
        `99 % within ${at(0.99)}, the longest ${at(1)}`);
    }
    element("counts").textContent = parts.join("; ");
    element("empty").hidden = rows.length > 0;
    element("both").hidden = !rows.some(one => one.side === "server" && one.size !== undefined);
  }
  function showAll() {
    element("messages").replaceChildren(...rows.filter(isShown).map(messageRow));
    showCounts();
  }
  function showConversations(all, older) {
    element("conversations").replaceChildren(...all.map(one => row(one.errors ? "wrong" : "", [
      [one.connection], [one.client], [clock(one.opened)],
      [one.closed === undefined ? "" : clock(one.closed)], [one.requests, "number"],
      [one.replies, "number"], [one.faults, "number"], [one.errors, "number"]])));
    const select = element("only");
    const names = new Map(all.map(one => [String(one.connection), one.client]));
    for (const option of [...select.options]) {
      if (option.value !== "" && option.value !== select.value && !names.has(option.value)) {
        option.remove();
      }
    }
    const there = new Set([...select.options].map(option => option.value));
    for (const [number, client] of names) {
      if (!there.has(number)) select.add(new Option(`${number}: ${client}`, number));
    }
    element("older").hidden = older === 0;
    element("older").textContent = `${older} older conversations are left out`;
  }
  function showFacts(facts) {
    const framings = facts.to === facts.framing ? facts.framing : `${facts.framing} → ${facts.to}`;
    element("route").textContent = `${facts.listens} → ${facts.server}, ${framings}`;
    element("faults").hidden = facts.faults.length === 0;
    element("faults").textContent = `Faults with seed ${facts.seed}: ${facts.faults.join("; ")}`;
  }

  function take(answer) {
    showFacts(answer.facts);
    const { recent } = answer;
    next = recent.next;
    leftOut = recent.left_out;
    const box = element("rows");
    const follows = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    rows.push(...recent.messages);
    const gone = Math.max(0, rows.length - KEPT);
    rows.splice(0, gone);
    if (gone > 0) {
      element("messages").replaceChildren(...rows.filter(isShown).map(messageRow));
    } else {
      element("messages").append(...recent.messages.filter(isShown).map(messageRow));
    }
    showConversations(recent.conversations, recent.conversations_left_out);
    showCounts();
    if (follows) box.scrollTop = box.scrollHeight;
  }
  function say(words, isLost) {
    element("state").textContent = words;
    element("state").className = isLost ? "sum lost" : "sum";
  }

  async function poll() {
    let wait = EVERY;
    try {
      if (!paused) {
        const answer = await fetch(`messages?after=${next}`, { cache: "no-store" });
        if (!answer.ok) throw new Error(await answer.text());
        take(await answer.json());
        say("Live", false);
      }
    } catch {
      say("The proxy does not answer any more. What it said last is below.", true);
      wait = LATER;
    }
    setTimeout(poll, wait);
  }

  for (const id of ["search", "only", "sides"]) element(id).addEventListener("input", showAll);
  element("pause").addEventListener("click", () => {
    paused = !paused;
    element("pause").setAttribute("aria-pressed", String(paused));
    element("pause").textContent = paused ? "Continue" : "Pause";
    if (paused) say("Paused: what passes meanwhile is shown later", false);
  });
  take(data);
  if (data.live) {
    say("Live", false);
    poll();
  } else {
    element("pause").hidden = true;
    say(`Until ${new Date(data.ended).toLocaleString()}`, false);
  }
})();
