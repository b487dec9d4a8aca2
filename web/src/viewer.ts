// The moving body: one scene, two panes side by side, drawn only when something changed.

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { makeSkeleton } from "./bones";
import { reached } from "./fit";
import { Orbit, type View } from "./orbit";
import type { Body } from "./payload";
import { makeTubes, type Panes, type Which } from "./tubes";

/** What is given up, step by step, where drawing is slow. */
const LADDER = [
  { antialias: true, ratio: 2, sides: 12 },
  { antialias: false, ratio: 1, sides: 8 },
  { antialias: false, ratio: 0.75, sides: 6 },
  { antialias: false, ratio: 0.6, sides: 5 },
] as const;
const TRIAL_FRAMES = 20;
// where a single frame takes long, this much time is trial enough
const TRIAL_MS = 1200;
const PAUSE_MS = 1000;
const SLOW_MS = 50;
// kept free for the name of the pane above, and for the letters below and beside the legs, px
const FREE = { top: 44, bottom: 30, side: 16 };
// where the letters stand, from the hip joint outwards; never over the edge of their own pane
const BESIDE_HIP_M = 0.16;
const LETTER_PX = 12;
const BACKGROUND = "#14181d";

export interface Viewer {
  show(phase: number): void;
  look(view: View): void;
  showTorso(on: boolean): void;
  /** What the right pane shows beside the measured one. */
  beside(which: Which): void;
  step(): number;
}

export function makeViewer(host: HTMLElement, body: Body): Viewer {
  const scene = new Scene();
  scene.background = new Color(BACKGROUND);
  const sky = new HemisphereLight("#ffffff", "#4a4640", 1.9);
  const sun = new DirectionalLight("#ffffff", 1.7);
  scene.add(sky, sun, floorLines(body.floor));
  const camera = new PerspectiveCamera(22, 1, 0.1, 30);
  const skeleton = makeSkeleton(body);
  scene.add(skeleton.group);

  let rung = 0;
  let renderer = makeRenderer(host, LADDER[rung].antialias);
  let muscles = makeMuscles(scene, body, LADDER[rung].sides);
  let phase = 0;
  let panes: Panes = ["measured", "required"];
  let asked = false;
  let sized = "";
  let times: number[] = [];
  let lastDraw = 0;

  const ask = (): void => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  };
  let aimed = false;
  const orbit = new Orbit(() => {
    aimed = false;
    ask();
  });
  let shown = reached(body, false);
  const aim = (): void => {
    const [width, height] = [host.clientWidth, Math.max(1, host.clientHeight)];
    camera.aspect = width / 2 / height;
    orbit.place(camera, shown, { top: FREE.top / height, bottom: FREE.bottom / height, side: (2 * FREE.side) / width });
    aimed = true;
  };

  const draw = (now: number): void => {
    asked = false;
    resize();
    watchSpeed(now);
    skeleton.pose(phase);
    muscles.tubes.pose(phase, panes);
    if (!aimed) aim();
    const [width, height] = [host.clientWidth, host.clientHeight];
    sun.position.copy(camera.position).add(new Vector3(0.6, 1.6, 0.4));
    renderer.setScissorTest(true);
    for (const pane of [0, 1]) {
      const x = pane * Math.floor(width / 2);
      renderer.setViewport(x, 0, Math.floor(width / 2), height);
      renderer.setScissor(x, 0, Math.floor(width / 2) - (pane === 0 ? 1 : 0), height);
      muscles.mesh.forEach((mesh, i) => (mesh.visible = i === pane));
      renderer.render(scene, camera);
    }
    placeSideLetters(host, body, camera, phase, orbit.fromSide());
    host.dataset["drawn"] = String(Number(host.dataset["drawn"] ?? 0) + 1);
  };

  const resize = (): void => {
    const wanted = `${host.clientWidth} ${host.clientHeight} ${rung} ${devicePixelRatio}`;
    if (wanted === sized) return; // setting the size empties the buffers, even to the same
    sized = wanted;
    aimed = false;
    renderer.setPixelRatio(Math.min(LADDER[rung].ratio, rung === 0 ? Math.max(1, devicePixelRatio) : LADDER[rung].ratio));
    renderer.setSize(host.clientWidth, host.clientHeight, false);
  };
  const watchSpeed = (now: number): void => {
    const gap = now - lastDraw;
    lastDraw = now;
    if (gap > PAUSE_MS) return; // nothing was asked for in between
    times.push(gap);
    const spent = times.reduce((a, b) => a + b, 0);
    if (times.length < TRIAL_FRAMES && (spent < TRIAL_MS || times.length < 3)) return;
    const mean = spent / times.length;
    times = [];
    if (mean > SLOW_MS && rung < LADDER.length - 1) stepDown();
  };
  const stepDown = (): void => {
    rung += 1;
    if (LADDER[rung].antialias !== LADDER[rung - 1].antialias) {
      renderer.dispose();
      renderer.domElement.remove();
      renderer = makeRenderer(host, LADDER[rung].antialias);
    }
    scene.remove(...muscles.mesh);
    for (const mesh of muscles.mesh) mesh.geometry.dispose();
    muscles = makeMuscles(scene, body, LADDER[rung].sides);
    resize();
  };

  skeleton.showTorso(false);
  orbit.follow(host);
  new ResizeObserver(ask).observe(host);
  ask();
  return {
    show(next) {
      phase = next;
      ask();
    },
    look: (view) => orbit.look(view),
    showTorso(on) {
      skeleton.showTorso(on);
      shown = reached(body, on);
      aimed = false;
      ask();
    },
    beside(which) {
      panes = ["measured", which];
      ask();
    },
    step: () => rung,
  };
}

function makeRenderer(host: HTMLElement, antialias: boolean): WebGLRenderer {
  const renderer = new WebGLRenderer({ antialias, powerPreference: "low-power" });
  renderer.domElement.setAttribute("aria-hidden", "true");
  host.prepend(renderer.domElement);
  return renderer;
}

function makeMuscles(scene: Scene, body: Body, sides: number) {
  const tubes = makeTubes(body, sides);
  const material = new MeshLambertMaterial({ vertexColors: true });
  const mesh = tubes.geometry.map((geometry) => new Mesh(geometry, material));
  for (const one of mesh) one.frustumCulled = false; // bounds are those of the first pose
  scene.add(...mesh);
  return { tubes, mesh };
}

/** Lines on the floor, half a metre apart. */
function floorLines(height: number): LineSegments {
  const ends: number[] = [];
  for (let k = -4; k <= 4; k++) {
    ends.push(-2, height, k / 2, 2, height, k / 2, k / 2, height, -2, k / 2, height, 2);
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(ends), 3));
  return new LineSegments(geometry, new LineBasicMaterial({ color: "#333c46" }));
}

/** The letters L and R: beside the hips, or below the feet where one hip hides the other. */
function placeSideLetters(host: HTMLElement, body: Body, camera: PerspectiveCamera, phase: number, fromSide: boolean): void {
  const segments = body.position.length / (body.frames * 3);
  const frame = Math.round((phase / 100) * (body.frames - 1));
  const place = new Vector3();
  for (const label of host.querySelectorAll<HTMLElement>("[data-leg]")) {
    const leg = label.dataset["leg"];
    const bone = body.bones.find((b) => b.name === `${fromSide ? "toes" : "femur"}_${leg}`);
    if (!bone) continue;
    place.fromArray(body.position, (frame * segments + bone.segment) * 3);
    if (fromSide) place.y = body.floor - 0.03;
    else place.z += leg === "l" ? -BESIDE_HIP_M : BESIDE_HIP_M;
    place.project(camera);
    const pane = Number(label.dataset["pane"]);
    const half = host.clientWidth / 2;
    const inPane = Math.min(half - LETTER_PX, Math.max(LETTER_PX, ((place.x + 1) / 2) * half));
    const x = pane * half + inPane;
    const y = ((1 - place.y) / 2) * host.clientHeight;
    label.style.transform = `translate(${x.toFixed(0)}px, ${Math.min(y, host.clientHeight - 22).toFixed(0)}px)`;
  }
}
