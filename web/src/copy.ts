// Tables and curves as text for a spreadsheet.

import type { PageData } from "./payload";

export function linkCopyButtons(page: PageData): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const target = button.dataset["copy"] ?? "";
      const text = page.panels[target] ? curvesAsText(page, target) : tableAsText(target);
      void copied(text).then((done) => {
        const before = button.textContent;
        button.textContent = done ? "Copied" : "Copy is not allowed here";
        setTimeout(() => (button.textContent = before), 1500);
      });
    });
  }
}

function curvesAsText(page: PageData, panel: string): string {
  const { series, unit } = page.panels[panel];
  const names = Object.keys(series);
  const head = ["percent of stride", ...names.map((name) => `${name} (${unit})`)];
  const rows = Array.from({ length: 101 }, (_, p) => [p, ...names.map((name) => series[name][p] ?? "")]);
  return [head, ...rows].map(csvRow).join("\n");
}

function tableAsText(id: string): string {
  const rows = document.getElementById(id)?.querySelectorAll("tr") ?? [];
  return [...rows]
    .map((row) => csvRow([...row.querySelectorAll("th, td")].map((cell) => cell.textContent?.trim() ?? "")))
    .join("\n");
}

function csvRow(cells: (string | number)[]): string {
  return cells
    .map((cell) => String(cell).replace(/\s+/g, " ").replace(/−/g, "-"))
    .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(",");
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy"); // pages opened from disk may have no clipboard
    area.remove();
    return done;
  }
}

/** Long tables show their first rows; the rest on demand. Without a script all are there. */
export function linkMoreButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-more]")) {
    const more = document.getElementById(button.dataset["more"] ?? "");
    const rows = more?.querySelectorAll("tr").length ?? 0;
    const fewer = button.textContent;
    const show = (on: boolean): void => {
      more?.classList.toggle("folded", !on);
      button.setAttribute("aria-expanded", String(on));
      button.textContent = on ? fewer : `Show ${rows} more`;
    };
    button.hidden = false;
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    show(false);
  }
}
