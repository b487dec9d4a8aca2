// The page's data: curves as JSON, the body as deflated 16-bit arrays.

export type Side = "left" | "right";

export interface PanelData {
  /** Decimals to show. */
  digits: number;
  unit: string;
  /** Values at 0..100 %, null where not measured. */
  series: Record<string, (number | null)[]>;
}

export interface BoneRow {
  name: string;
  part: "legs" | "torso";
  segment: number;
  vertices: [start: number, count: number];
  faces: [start: number, count: number];
}

export interface ArrayRow {
  name: string;
  shape: number[];
  quantum: number;
  order: 0 | 1 | 2;
}

/** What one muscle does against the other leg; "": not compared. */
export type State = "busier" | "quieter" | "shifted" | "explained" | "unsure" | "alike" | "";

export interface OriginHeader {
  /** One per muscle. */
  states: State[];
  /** From this share of the reference on, the colour is full; a marked muscle is never fainter than `faint`. */
  full: number;
  faint: number;
  colours: Record<"busier" | "quieter" | "explained" | "unsure" | "alike", string>;
}

export interface BodyHeader {
  bones: BoneRow[];
  muscles: string[];
  arrays: ArrayRow[];
  floor: number;
  ramp: string[];
  notMeasured: string;
  origin: OriginHeader | null;
  blob: string;
}

export interface PageData {
  /** The leg whose stride the body shows. */
  followed: Side;
  /** Percent of the followed stride at which the other leg's stride begins; null: not known. */
  otherStart: number | null;
  strideSeconds: number;
  panels: Record<string, PanelData>;
  body: BodyHeader | null;
}

export interface Body extends BodyHeader {
  frames: number;
  points: number;
  vertices: Float32Array;
  faces: Uint16Array;
  position: Float32Array;
  quaternion: Float32Array;
  paths: Float32Array;
  radius: Float32Array;
  /** Activation (phase 0..100, muscle), NaN where not measured. */
  measured: Float32Array;
  required: Float32Array;
  /** More than in the other leg, in shares of the reference; all NaN where no origin was sought. */
  departs: Float32Array;
}

const MISSING = -32768;

export function readPage(): PageData {
  const text = document.getElementById("page-data")?.textContent;
  if (!text) throw new Error("the page carries no data");
  return JSON.parse(text) as PageData;
}

export async function readBody(header: BodyHeader): Promise<Body> {
  const packed = Uint8Array.from(atob(header.blob), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const arrays = new Map<string, Float32Array>();
  let offset = 0;
  for (const row of header.arrays) {
    const size = row.shape.reduce((a, b) => a * b, 1);
    arrays.set(row.name, decoded(bytes.subarray(offset, offset + 2 * size), row, size));
    offset += 2 * size;
  }
  const array = (name: string): Float32Array => {
    const found = arrays.get(name);
    if (!found) throw new Error(`the body carries no ${name}`);
    return found;
  };
  const paths = header.arrays.find((row) => row.name === "paths");
  return {
    ...header,
    frames: paths?.shape[0] ?? 0,
    points: paths?.shape[2] ?? 0,
    vertices: array("vertices"),
    faces: corners(array("corner"), array("others")),
    position: array("position"),
    quaternion: array("quaternion"),
    paths: array("paths"),
    radius: array("radius"),
    measured: array("measured"),
    required: array("required"),
    departs: header.origin ? array("departs") : new Float32Array(101 * header.muscles.length).fill(NaN),
  };
}

/** Faces are sent as their first corner and the way from it to the other two. */
function corners(first: Float32Array, others: Float32Array): Uint16Array {
  const faces = new Uint16Array(first.length * 3);
  for (let f = 0; f < first.length; f++) {
    faces.set([first[f], first[f] + others[2 * f], first[f] + others[2 * f + 1]], 3 * f);
  }
  return faces;
}

/** Undoes the byte planes and the differences along the first axis, in 16-bit arithmetic. */
function decoded(bytes: Uint8Array, row: ArrayRow, size: number): Float32Array {
  const values = new Int16Array(size);
  for (let i = 0; i < size; i++) values[i] = bytes[i] | (bytes[size + i] << 8);
  const stride = size / row.shape[0];
  for (let pass = 0; pass < row.order; pass++) {
    const first = (row.order - pass) * stride; // the rows before were stored as they are
    for (let i = first; i < size; i++) values[i] = values[i] + values[i - stride];
  }
  const out = new Float32Array(size);
  for (let i = 0; i < size; i++) out[i] = values[i] === MISSING ? NaN : values[i] * row.quantum;
  return out;
}
