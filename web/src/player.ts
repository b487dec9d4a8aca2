// Play, pause, speed, scrubber and keys.

import type { PageData, Side } from "./payload";
import type { Positions } from "./position";
import { instant } from "./cursor";

export interface Player {
  playing(): boolean;
}

export function linkPlayer(page: PageData, positions: Positions): Player {
  const bar = document.getElementById("player");
  const button = bar?.querySelector<HTMLButtonElement>("button.play");
  const scrubber = bar?.querySelector<HTMLInputElement>("input[type=range]");
  if (!bar || !button || !scrubber) return { playing: () => false };
  bar.hidden = false;
  const readout = bar.querySelector<HTMLOutputElement>("output");
  const speed = bar.querySelector<HTMLSelectElement>("select[name=speed]");
  const leading = bar.querySelector<HTMLSelectElement>("select[name=leading]");
  let running = false;
  let last = 0;

  const run = (on: boolean): void => {
    if (on && !running) requestAnimationFrame(begin);
    const stopped = running && !on;
    running = on;
    positions.playing = on;
    if (stopped) positions.set({}); // what was out of sight catches up
    button.textContent = on ? "Pause" : "Play";
    button.setAttribute("aria-pressed", String(on));
  };
  const begin = (now: number): void => {
    last = now;
    requestAnimationFrame(tick);
  };
  const tick = (now: number): void => {
    if (!running) return;
    const seconds = Math.min(0.2, (now - last) / 1000) * Number(speed?.value ?? 0.25);
    last = now;
    positions.set({ phase: (positions.phase + (100 * seconds) / page.strideSeconds) % 100 });
    requestAnimationFrame(tick);
  };

  button.addEventListener("click", () => run(!running));
  scrubber.addEventListener("input", () => {
    run(false);
    positions.set({ phase: Number(scrubber.value) });
  });
  leading?.addEventListener("change", () => {
    const side = leading.value as Side;
    positions.set({ phase: positions.of(side) ?? positions.phase, leading: side });
  });
  document.addEventListener("restride-hold", () => run(false));
  document.addEventListener("keydown", (event) => stepByKey(event, positions, () => run(!running), () => run(false)));
  positions.listen(() => {
    scrubber.value = String(Math.round(positions.phase));
    const words = `${Math.round(positions.phase)} % of the ${positions.leading} stride`;
    scrubber.setAttribute("aria-valuetext", words);
    if (readout) readout.textContent = instant(positions);
  });
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) playWhileSeen(run);
  return { playing: () => running };
}

function stepByKey(event: KeyboardEvent, positions: Positions, toggle: () => void, hold: () => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const target = event.target as HTMLElement;
  if (target.closest("select, textarea, input:not([type=range]), .scroll")) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    hold();
    positions.step((event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? 10 : 1));
  } else if (event.key === " " && target.closest(".stage, input[type=range]")) {
    if (target.closest("button")) return;
    event.preventDefault();
    toggle();
  }
}

/** Plays once the body is first in sight; never again by itself. */
function playWhileSeen(run: (on: boolean) => void): void {
  const stage = document.querySelector(".stage");
  if (!stage) return;
  const watch = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      watch.disconnect();
      run(true);
    }
  });
  watch.observe(stage);
}
