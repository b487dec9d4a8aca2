// The page works without this script; with it, one cursor links curves, numbers and body.

import { linkCopyButtons, linkMoreButtons } from "./copy";
import { linkMuscleTable, linkPanels } from "./cursor";
import type { View } from "./orbit";
import { type PageData, readBody, readPage } from "./payload";
import { linkPlayer } from "./player";
import { Positions } from "./position";
import { activation, type Which } from "./tubes";
import { makeViewer, type Viewer } from "./viewer";

async function main(): Promise<void> {
  const page = readPage();
  const positions = new Positions(page.followed, page.followed, page.otherStart);
  document.documentElement.classList.add("scripted");
  linkPanels(page, positions);
  linkCopyButtons(page);
  linkMoreButtons();
  linkPlayer(page, positions);
  if (page.body) await showBody(page, positions);
}

async function showBody(page: PageData, positions: Positions): Promise<void> {
  const host = document.querySelector<HTMLElement>(".stage .view");
  if (!host || !page.body) return;
  try {
    const body = await readBody(page.body);
    linkMuscleTable(positions, (muscle, which, phase) => {
      const value = activation(body, which, body.muscles.indexOf(muscle), phase);
      return Number.isNaN(value) ? null : value;
    });
    const viewer = makeViewer(host, body);
    document.documentElement.classList.add("moving");
    linkControls(viewer);
    const seen = whetherSeen(host);
    positions.listen(() => {
      const phase = positions.bodyPhase();
      if (phase !== null && (seen() || !positions.playing)) viewer.show(phase);
    });
  } catch (error) {
    // no WebGL: the strip of stills stays in place and says so
    document.documentElement.classList.add("still");
    console.info("restride: the stills are shown instead of the moving body:", error);
  }
}

/** Whether an element is on the screen; while it plays, nothing is drawn out of sight. */
function whetherSeen(element: Element): () => boolean {
  let seen = true;
  new IntersectionObserver((entries) => entries.forEach((e) => (seen = e.isIntersecting))).observe(element);
  return () => seen;
}

function linkControls(viewer: Viewer): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-view]")) {
    button.addEventListener("click", () => {
      viewer.look(button.dataset["view"] as View);
      for (const other of document.querySelectorAll("button[data-view]"))
        other.setAttribute("aria-pressed", String(other === button));
    });
  }
  linkBeside(viewer);
  const torso = document.querySelector<HTMLInputElement>("input[name=legs-only]");
  torso?.addEventListener("change", () => viewer.showTorso(!torso.checked));
}

/** What stands beside the measured pane: what was required, or what departs; legend and list follow. */
function linkBeside(viewer: Viewer): void {
  const theatre = document.querySelector<HTMLElement>(".theatre");
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("button[data-beside]")];
  const show = (beside: string): void => {
    if (theatre) theatre.dataset["beside"] = beside;
    const which: Which = beside === "origin" ? "departs" : "required";
    viewer.beside(which);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset["beside"] === beside));
  };
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset["beside"] ?? "required"));
  show(theatre?.dataset["beside"] ?? "required");
}

void main();
