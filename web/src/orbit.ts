// Where the eye stands: presets, dragging, wheel and pinch.

import type { PerspectiveCamera } from "three";
import { fit, type Margins } from "./fit";

export type View = "three-quarter" | "front" | "left" | "right" | "back";

// azimuth from the direction of walking towards the person's right; degrees
const AZIMUTH: Record<View, number> = { "three-quarter": 38, front: 0, right: 90, back: 180, left: 270 };

export class Orbit {
  private azimuth = AZIMUTH["three-quarter"];
  private elevation = 6;
  private zoom = 1;
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

  /** Turns the camera to the chosen side and brings it as near as the points allow. */
  place(camera: PerspectiveCamera, points: Float32Array, margins: Margins): void {
    const [a, e] = [(this.azimuth * Math.PI) / 180, (this.elevation * Math.PI) / 180];
    camera.position.set(Math.cos(e) * Math.cos(a), Math.sin(e), Math.cos(e) * Math.sin(a));
    camera.lookAt(0, 0, 0);
    fit(camera, points, margins);
    camera.zoom = this.zoom;
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
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
