"use strict";

const FIELDS = ["framing", "service", "kind", "text", "cut", "at"];
const TYPING_MILLISECONDS = 250;
const PLACES = {chunk: "whole stream", chunks: "e.g. 4,1,30", splits: "e.g. 3,5"};

// The form in which a served page requests other walkthroughs, and real conversations.
class Form {
  constructor(given) {
    this.protocols = given.protocols;
    this.newest = 0;
    this.waiting = null;
    const shared = FIELDS.some(name => place.params.has(name));
    for (const name of FIELDS) this.field(name).value = place.params.get(name) ?? given[name];
    const options = [...given.protocols.map(one => [one.name, one.framing]),
                     ...given.framings.map(spec => [spec, ""])];
    byId("framings").append(...options.map(([value, label]) => {
      const option = make("option", "", label);
      option.value = value;
      return option;
    }));
    byId("form").addEventListener("input", () => this.askSoon());
    byId("form").addEventListener("submit", event => {
      event.preventDefault();
      this.send();
    });
    this.suggest();
    if (shared) this.ask("/walk", Number(place.params.get("step")) || 0);
  }

  field(name) { return byId(`${name}-field`); }

  suggest() {
    const named = this.protocols.find(one => one.name === this.field("framing").value);
    this.field("service").placeholder = named ? named.service : "echo";
    this.field("at").placeholder = PLACES[this.field("cut").value] ?? "";
    this.field("text").rows = Math.min(8, Math.max(2, this.field("text").value.split("\n").length));
  }

  askSoon() {
    this.suggest();
    this.forget();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask("/walk"), TYPING_MILLISECONDS);
  }

  async send() {
    clearTimeout(this.waiting);
    this.forget();
    byId("remark").textContent = "Sending …";
    const answer = await this.ask("/send");
    byId("remark").textContent = answer?.remark ?? "";
    if (!answer?.client) return;
    byId("client").textContent = answer.client;
    byId("server").textContent = answer.server;
    byId("ends").hidden = false;
  }

  // Hides a conversation for an earlier form.
  forget() {
    byId("ends").hidden = true;
    byId("remark").textContent = "";
  }

  // Only the answer to the latest request counts.
  async ask(where, step = 0) {
    const number = ++this.newest;
    const form = Object.fromEntries(FIELDS.map(name => [name, this.field(name).value]));
    const answer = await fetch(where, {
      method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(form),
    }).then(async response => {
      const isJson = response.headers.get("Content-Type") === "application/json";
      return isJson ? response.json() : {message: (await response.text()).trim()};
    }).catch(() => ({message: "no answer from framewire trace: is it still running?"}));
    if (number !== this.newest) return null;
    this.showFault(answer.walk ? {} : answer);
    if (answer.walk) player.load(answer.walk, step);
    if (answer.walk) place.set({...form, step: player.at});
    document.body.dataset.answers = number;
    return answer;
  }

  showFault({field = "", message = "", hint = ""}) {
    for (const name of ["framing", "service", "text", "at"]) {
      const here = message !== "" && field === name;
      byId(`${name}-error`).textContent = here ? message : "";
      this.field(name).setAttribute("aria-invalid", here);
    }
    const known = ["framing", "service", "text", "at"].includes(field);
    byId("error").textContent = known ? "" : [message, hint].filter(Boolean).join(". ");
  }
}

if (data.form) new Form(data.form);
