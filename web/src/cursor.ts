// The linked cursor: a line in every panel, and the values under it in words.

import type { PageData, PanelData, Side } from "./payload";
import type { Positions } from "./position";
import type { Which } from "./tubes";

const LETTER: Record<Side, string> = { left: "L", right: "R" };

export function linkPanels(page: PageData, positions: Positions): void {
  const panels = [...document.querySelectorAll<SVGSVGElement>("svg[data-panel]")];
  for (const svg of panels) followPointer(svg, positions);
  const seen = inSight(panels);
  positions.listen(() => {
    for (const svg of panels) {
      if (positions.playing && !seen.has(svg)) continue;
      moveLine(svg, "line.cursor", positions.phase);
      for (const side of ["left", "right"] as const) {
        const other = side === positions.leading ? null : positions.of(side);
        moveLine(svg, `line.elsewhere-${side}`, other);
      }
      const data = page.panels[svg.dataset["panel"] ?? ""];
      const out = svg.parentElement?.querySelector<HTMLElement>(".read");
      if (data && out) out.textContent = reading(data, positions.phase);
    }
  });
}

/** The panels on the screen or near it, kept up to date. */
function inSight(panels: Element[]): Set<Element> {
  const seen = new Set<Element>();
  const watch = new IntersectionObserver(
    (entries) => entries.forEach((e) => (e.isIntersecting ? seen.add(e.target) : seen.delete(e.target))),
    { rootMargin: "100px" },
  );
  panels.forEach((panel) => watch.observe(panel));
  return seen;
}

function moveLine(svg: SVGSVGElement, selector: string, phase: number | null): void {
  const line = svg.querySelector(selector);
  if (!line) return;
  if (phase === null) {
    line.setAttribute("visibility", "hidden");
    return;
  }
  const [x0, x1] = plotEnds(svg);
  line.setAttribute("visibility", "visible");
  line.setAttribute("transform", `translate(${(x0 + ((x1 - x0) * phase) / 100).toFixed(1)} 0)`);
}

function plotEnds(svg: SVGSVGElement): [number, number] {
  return [Number(svg.dataset["x0"]), Number(svg.dataset["x1"])];
}

function followPointer(svg: SVGSVGElement, positions: Positions): void {
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const [x0, x1] = plotEnds(svg);
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    if (x < x0 - 4 || x > x1 + 4) return;
    document.dispatchEvent(new Event("restride-hold"));
    positions.set({ phase: Math.min(100, Math.max(0, Math.round(((x - x0) / (x1 - x0)) * 100))) });
  });
}

/** "12 %: L 0.31, R 0.45, difference -0.14". */
function reading(data: PanelData, phase: number): string {
  const parts = Object.entries(data.series).map(([name, values]) => {
    const value = at(values, phase);
    return `${name} ${value === null ? "–" : fixed(value, data.digits)}`;
  });
  return `${Math.round(phase)} %: ${parts.join(" · ")} ${data.unit}`.replace(/-(?=\d)/g, "−");
}

/** A number without a minus before zero. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/** What departs, with its sign: "+0.31". */
function signed(value: number): string {
  const text = fixed(Math.abs(value), 2);
  return Number(text) === 0 ? text : (value > 0 ? "+" : "−") + text;
}

export function at(values: (number | null)[], phase: number): number | null {
  const low = Math.floor(phase);
  const high = Math.min(100, low + 1);
  const [a, b] = [values[low], values[high]];
  if (a == null || b == null) return a ?? null;
  return a + (b - a) * (phase - low);
}

/** The table beside the body: every muscle at this instant, in numbers. */
export function linkMuscleTable(
  positions: Positions,
  valueOf: (muscle: string, which: Which, phase: number) => number | null,
): void {
  const cells = [...document.querySelectorAll<HTMLElement>("#muscles [data-muscle]")];
  const clock = document.querySelector<HTMLElement>("[data-instant]");
  positions.listen(() => {
    const phase = positions.bodyPhase();
    if (clock) clock.textContent = instant(positions);
    for (const cell of cells) {
      const which = cell.dataset["which"] as Which;
      const value = phase === null ? null : valueOf(cell.dataset["muscle"] ?? "", which, phase);
      cell.textContent = value === null ? "–" : which === "departs" ? signed(value) : fixed(value, 2);
      if (value === null) cell.setAttribute("aria-label", "not measured");
      else cell.removeAttribute("aria-label");
    }
  });
}

export function instant(positions: Positions): string {
  const parts = (["left", "right"] as const).map((side) => {
    const own = positions.of(side);
    return `${LETTER[side]} ${own === null ? "–" : Math.round(own)} %`;
  });
  return parts.join(" · ");
}
