#pragma once

#include <string_view>

namespace framewire {

/// The style of the page of `bench`: light and dark, wide and narrow.
inline constexpr std::string_view page_style = R"(:root {
  color-scheme: light dark;
  --ground: #fff; --ink: #1c2430; --faint: #5b6675; --line: #dde3ea;
  --first: #0b62c4; --second: #b04a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181e; --ink: #e7ebf0; --faint: #9aa6b5; --line: #2d3540;
    --first: #6cb0ff; --second: #ffab66;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0; }
.sum { margin: 0.25rem 0 1.5rem; color: var(--faint); }
.note { border-left: 3px solid var(--second); padding-left: 0.75rem; }
.bar { fill: var(--first); opacity: 0.35; }
.sum strong { color: var(--ink); }
figure { margin: 0 0 1.5rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--faint); font-size: 12px; }
.x { text-anchor: middle; }
.y, .last { text-anchor: end; }
.grid { stroke: var(--line); }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.first { stroke: var(--first); }
polyline.second { stroke: var(--second); stroke-dasharray: 6 4; }
circle.first { fill: var(--first); }
circle.second { fill: var(--second); }
circle.chosen { stroke: var(--ink); stroke-width: 2; r: 5px; }
@media (max-width: 40rem) {
  svg text { font-size: 18px; }
  polyline { stroke-width: 3; }
}
.legend { margin: 0; font-size: 0.85rem; }
.legend span { display: inline-block; margin-right: 1.5rem; }
.legend span::before {
  content: ""; display: inline-block; width: 1.5rem; margin-right: 0.4rem;
  border-top: 3px solid; vertical-align: middle;
}
.legend .first::before { border-color: var(--first); }
.legend .second::before { border-color: var(--second); border-top-style: dashed; }
.readout { margin: 0; min-height: 1.5em; font-size: 0.9rem; color: var(--faint); }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.5rem; }
section { min-width: 0; }
.faults { grid-column: 1 / -1; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 0.25rem 0.5rem 0.25rem 0; border-bottom: 1px solid var(--line); }
th { text-align: left; font-weight: normal; color: var(--faint); }
thead th:not(:first-child), td { text-align: right; }
th:last-child, td:last-child { padding-right: 0; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.word { overflow-wrap: anywhere; }
)";

/// Describes in words the point of a diagram that is nearest to the pointer.
inline constexpr std::string_view page_script =
    R"(for (const svg of document.querySelectorAll("svg")) {
  const readout = svg.closest("figure").querySelector(".readout");
  const points = [...svg.querySelectorAll("circle")];
  let chosen = null;
  svg.addEventListener("pointermove", event => {
    let nearest = Infinity, found = null;
    for (const point of points) {
      const box = point.getBoundingClientRect();
      const far = Math.hypot(event.clientX - box.x - box.width / 2,
                             event.clientY - box.y - box.height / 2);
      if (far < nearest) { nearest = far; found = point; }
    }
    if (found === chosen || !found) return;
    if (chosen) chosen.classList.remove("chosen");
    found.classList.add("chosen");
    readout.textContent = found.dataset.words;
    chosen = found;
  });
}
)";

}  // namespace framewire
