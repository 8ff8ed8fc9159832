"use strict";

const STEP_MILLISECONDS = 1600;
const ADDRESS_MILLISECONDS = 200;

// The step, and on a served page the form, are in the address, so that both can be shared: `#3`,
// or `#step=3&framing=u8&...`.
const place = {
  params: new URLSearchParams(location.hash.slice(1).replace(/^(?=\d+$)/, "step=")),
  waiting: null,

  set(values) {
    for (const [name, value] of Object.entries(values)) this.params.set(name, value);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => history.replaceState(null, "", `#${this.params}`),
                              ADDRESS_MILLISECONDS);
  },
};
addEventListener("hashchange", () => location.reload());

// Chooses the step to show, and times the next one.
class Player {
  constructor() {
    this.timer = null;
    byId("play").addEventListener("click", () => this.toggle());
    byId("step").addEventListener("click", () => this.stepBy(1));
    byId("back").addEventListener("click", () => this.stepBy(-1));
    byId("scrub").addEventListener("input", () => this.choose(Number(byId("scrub").value)));
    byId("speed").addEventListener("change", () => {
      if (this.timer !== null) this.start();
    });
    document.addEventListener("keydown", event => this.key(event));
  }

  // Plays another walkthrough, from its beginning.
  load(data, at = 0) {
    this.stop();
    this.walk = new Walk(data);
    this.view = new View(this.walk);
    byId("scrub").max = this.walk.last;
    this.go(at);
  }

  go(at) {
    this.at = Math.max(0, Math.min(at, this.walk.last));
    this.view.show(this.at);
    const where = this.at === 0 ? "start" : `step ${this.at} of ${this.walk.last}`;
    byId("scrub").value = this.at;
    byId("scrub").setAttribute("aria-valuetext", where);
    byId("where").textContent = where;
    byId("live").textContent = this.view.tell(this.at);
    byId("back").setAttribute("aria-disabled", this.at === 0);
    byId("step").setAttribute("aria-disabled", this.at === this.walk.last);
  }

  choose(at) {
    this.stop();
    this.go(at);
    place.set({step: this.at});
  }

  stepBy(by) { this.choose(this.at + by); }

  toggle() {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    if (this.at === this.walk.last) this.go(0);
    this.start();
  }

  start() {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.go(this.at + 1);
      if (this.at === this.walk.last) this.stop();
    }, STEP_MILLISECONDS / Number(byId("speed").value));
    this.name("❚❚", "Pause");
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.name("▶", "Play");
  }

  name(sign, word) {
    const [first, second] = byId("play").children;
    first.textContent = sign;
    second.textContent = word;
  }

  // Fields and buttons keep their own keys.
  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const inField = event.target.closest?.("input, select, textarea, summary");
    const onButton = event.target.closest?.("button");
    if (inField && !(inField.type === "range" && event.key === " ")) return;
    const act = {" ": onButton ? null : () => this.toggle(), ArrowRight: () => this.stepBy(1),
                 ArrowLeft: () => this.stepBy(-1), Home: () => this.choose(0),
                 End: () => this.choose(this.walk.last)}[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

const data = JSON.parse(byId("data").textContent);
const player = new Player();
player.load(data.walk);
if (place.params.has("step")) {
  player.go(Number(place.params.get("step")) || 0);
} else if (data.captured) {
  player.go(player.walk.failsAt);
}
