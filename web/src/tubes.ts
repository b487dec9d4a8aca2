// Muscles as tubes: thick where the belly is, thin and pale where the tendon is.

import { BufferAttribute, BufferGeometry, Color, DynamicDrawUsage } from "three";
import type { Body, OriginHeader, State } from "./payload";

export type Which = "measured" | "required" | "departs";
/** What the two panes show, left and right. */
export type Panes = readonly [Which, Which];

const TENDON = new Color("#cfc6b6");
const TENDON_RADIUS = 0.0017;

export interface Tubes {
  geometry: readonly [BufferGeometry, BufferGeometry];
  pose(phase: number, panes: Panes): void;
}

/** Two geometries that share positions, normals and faces and differ only in colour. */
export function makeTubes(body: Body, sides: number): Tubes {
  const { points, frames } = body;
  const count = body.muscles.length;
  const vertices = count * points * sides;
  const position = dynamic(vertices);
  const normal = dynamic(vertices);
  const index = tubeFaces(count, points, sides);
  const geometry = [new BufferGeometry(), new BufferGeometry()] as const;
  const colours = [dynamic(vertices), dynamic(vertices)] as const;
  for (const pane of [0, 1] as const) {
    geometry[pane].setAttribute("position", position);
    geometry[pane].setAttribute("normal", normal);
    geometry[pane].setAttribute("color", colours[pane]);
    geometry[pane].setIndex(index);
  }
  const ramp = body.ramp.map((hex) => new Color(hex));
  const notMeasured = new Color(body.notMeasured);
  const origin = body.origin ? makeOriginPaint(body.origin) : null;
  const path = new Float32Array(points * 3);
  const bellyColour = new Color();
  const mixed = new Color();

  const paint = (pane: 0 | 1, which: Which, phase: number): void => {
    const attribute = colours[pane];
    for (let m = 0; m < count; m++) {
      const a = activation(body, which, m, phase);
      const state = which === "departs" ? (body.origin?.states[m] ?? "") : null;
      if (state) origin?.(state, a, bellyColour);
      else if (state === "" || Number.isNaN(a)) bellyColour.copy(notMeasured);
      else onRamp(ramp, a, bellyColour);
      for (let p = 0; p < points; p++) {
        if (state === "unsure") bellyColour.set(p % 2 ? body.origin!.colours.unsure : body.origin!.colours.alike);
        const belly = Math.min(1, Math.max(0, (body.radius[m * points + p] - TENDON_RADIUS) / 0.004));
        mixed.copy(TENDON).lerp(bellyColour, belly);
        for (let s = 0; s < sides; s++) attribute.setXYZ((m * points + p) * sides + s, mixed.r, mixed.g, mixed.b);
      }
    }
    attribute.needsUpdate = true;
  };

  return {
    geometry,
    pose(phase, panes) {
      const frame = (phase / 100) * (frames - 1);
      for (let m = 0; m < count; m++) {
        pathAt(body, m, frame, path);
        sweep(path, body.radius.subarray(m * points, (m + 1) * points), sides, m * points * sides, position, normal);
      }
      position.needsUpdate = true;
      normal.needsUpdate = true;
      paint(0, panes[0], phase);
      paint(1, panes[1], phase);
    },
  };
}

/** Colours a belly by its state, the fuller the more departs; as in ``report/verdicts.py``. */
function makeOriginPaint(origin: OriginHeader): (state: State, value: number, out: Color) => void {
  const { full, faint, colours } = origin;
  const [alike, busier, quieter, explained] = [colours.alike, colours.busier, colours.quieter, colours.explained].map(
    (hex) => new Color(hex),
  );
  const above = (size: number): number => faint + (1 - faint) * Math.max(0, size);
  return (state, value, out) => {
    const size = Number.isNaN(value) ? 0 : Math.min(1, Math.max(-1, value / full));
    out.copy(alike);
    if (state === "busier") out.lerp(busier, above(size));
    else if (state === "quieter") out.lerp(quieter, above(-size));
    else if (state === "explained") out.lerp(explained, above(Math.abs(size)));
    else if (state === "shifted") out.lerp(size > 0 ? busier : quieter, Math.abs(size));
  };
}

/** Activation of a muscle at a phase, or what departs of it; NaN where not measured. */
export function activation(body: Body, which: Which, muscle: number, phase: number): number {
  const count = body.muscles.length;
  const low = Math.floor(phase);
  const high = Math.min(100, low + 1);
  const a = body[which][low * count + muscle];
  const b = body[which][high * count + muscle];
  return a + (b - a) * (phase - low);
}

function dynamic(vertices: number): BufferAttribute {
  return new BufferAttribute(new Float32Array(vertices * 3), 3).setUsage(DynamicDrawUsage);
}

function onRamp(ramp: Color[], value: number, out: Color): void {
  const x = Math.min(1, Math.max(0, value)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(x));
  out.copy(ramp[low]).lerp(ramp[low + 1], x - low);
}

function pathAt(body: Body, muscle: number, frame: number, out: Float32Array): void {
  const size = body.points * 3;
  const low = Math.min(body.frames - 1, Math.floor(frame));
  const high = Math.min(body.frames - 1, low + 1);
  const t = frame - low;
  const a = (low * body.muscles.length + muscle) * size;
  const b = (high * body.muscles.length + muscle) * size;
  for (let k = 0; k < size; k++) out[k] = body.paths[a + k] * (1 - t) + body.paths[b + k] * t;
}

/** Rings around a path; the frame is carried along without twist. */
function sweep(
  path: Float32Array,
  radius: Float32Array,
  sides: number,
  first: number,
  position: BufferAttribute,
  normal: BufferAttribute,
): void {
  const points = radius.length;
  let [ux, uy, uz] = [0, 0, 1];
  for (let p = 0; p < points; p++) {
    const before = Math.max(0, p - 1) * 3;
    const after = Math.min(points - 1, p + 1) * 3;
    let [tx, ty, tz] = [path[after] - path[before], path[after + 1] - path[before + 1], path[after + 2] - path[before + 2]];
    const length = Math.hypot(tx, ty, tz) || 1;
    [tx, ty, tz] = [tx / length, ty / length, tz / length];
    const along = ux * tx + uy * ty + uz * tz;
    [ux, uy, uz] = [ux - along * tx, uy - along * ty, uz - along * tz];
    const size = Math.hypot(ux, uy, uz);
    if (size < 1e-6) [ux, uy, uz] = Math.abs(tx) < 0.9 ? [1 - tx * tx, -tx * ty, -tx * tz] : [-ty * tx, 1 - ty * ty, -ty * tz];
    const scale = 1 / (Math.hypot(ux, uy, uz) || 1);
    [ux, uy, uz] = [ux * scale, uy * scale, uz * scale];
    const [vx, vy, vz] = [ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux];
    for (let s = 0; s < sides; s++) {
      const angle = (2 * Math.PI * s) / sides;
      const [c, d] = [Math.cos(angle), Math.sin(angle)];
      const [nx, ny, nz] = [c * ux + d * vx, c * uy + d * vy, c * uz + d * vz];
      const at = first + p * sides + s;
      const r = radius[p];
      position.setXYZ(at, path[p * 3] + r * nx, path[p * 3 + 1] + r * ny, path[p * 3 + 2] + r * nz);
      normal.setXYZ(at, nx, ny, nz);
    }
  }
}

function tubeFaces(count: number, points: number, sides: number): BufferAttribute {
  const index = new Uint32Array(count * (points - 1) * sides * 6);
  let i = 0;
  for (let m = 0; m < count; m++) {
    for (let p = 0; p < points - 1; p++) {
      for (let s = 0; s < sides; s++) {
        const a = (m * points + p) * sides + s;
        const b = (m * points + p) * sides + ((s + 1) % sides);
        const [c, d] = [a + sides, b + sides];
        index.set([a, b, d, a, d, c], i);
        i += 6;
      }
    }
  }
  return new BufferAttribute(index, 1);
}
