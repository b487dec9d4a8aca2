// Where the eye stands: presets, dragging, wheel and pinch.

import type { PerspectiveCamera } from "three";

export type View = "three-quarter" | "front" | "left" | "right" | "back";

// azimuth from the direction of walking towards the person's right; degrees
const AZIMUTH: Record<View, number> = { "three-quarter": 38, front: 0, right: 90, back: 180, left: 270 };

// how far a foot stands from the middle line, m
const FOOT_ASIDE = 0.13;

export class Orbit {
  private azimuth = AZIMUTH["three-quarter"];
  private elevation = 6;
  private zoom = 1;
  /** Middle of what is shown and its half height, m. */
  centre: [number, number, number] = [0, 0.5, 0];
  halfHeight = 0.6;
  /** Half of what is shown along the walk, and across it, m. */
  halfLength = 0.5;
  halfWidth = 0.3;

  constructor(private readonly changed: () => void) {}

  look(view: View): void {
    this.azimuth = AZIMUTH[view];
    this.elevation = view === "three-quarter" ? 6 : 0;
    this.zoom = 1;
    this.changed();
  }

  turn(azimuth: number, elevation: number): void {
    this.azimuth += azimuth;
    this.elevation = Math.min(80, Math.max(-20, this.elevation + elevation));
    this.changed();
  }

  /** Whether one leg stands before the other to the eye. */
  fromSide(): boolean {
    return Math.abs(Math.sin((this.azimuth * Math.PI) / 180)) > 0.85;
  }

  place(camera: PerspectiveCamera): void {
    const [a, e] = [(this.azimuth * Math.PI) / 180, (this.elevation * Math.PI) / 180];
    const tangent = Math.tan((camera.fov * Math.PI) / 360);
    const [sine, cosine] = [Math.abs(Math.sin(a)), Math.abs(Math.cos(a))];
    const wide = Math.max(this.halfWidth, sine * this.halfLength + cosine * FOOT_ASIDE);
    const deep = cosine * this.halfLength + sine * FOOT_ASIDE;
    const fit = Math.max(this.halfHeight / tangent, wide / (tangent * camera.aspect));
    const distance = (fit * 1.02 + deep * 0.6) / this.zoom;
    const [x, y, z] = this.centre;
    camera.position.set(
      x + distance * Math.cos(e) * Math.cos(a),
      y + distance * Math.sin(e),
      z + distance * Math.cos(e) * Math.sin(a),
    );
    camera.lookAt(x, y, z);
  }

  follow(host: HTMLElement): void {
    host.addEventListener("pointerdown", (down) => {
      if (!(down.target instanceof HTMLCanvasElement)) return;
      host.setPointerCapture(down.pointerId);
    });
    host.addEventListener("pointermove", (move) => {
      if (host.hasPointerCapture(move.pointerId)) this.turn(-move.movementX * 0.4, move.movementY * 0.3);
    });
    host.addEventListener(
      "wheel",
      (wheel) => {
        if (!wheel.ctrlKey) return; // a plain wheel scrolls the page
        wheel.preventDefault();
        this.zoom = Math.min(4, Math.max(0.6, this.zoom * Math.exp(-wheel.deltaY / 400)));
        this.changed();
      },
      { passive: false },
    );
  }
}
