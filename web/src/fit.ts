// As near as the whole stride allows: every shown point stays inside the picture, at every phase.

import { type PerspectiveCamera, Quaternion, Vector3 } from "three";
import type { Body } from "./payload";

/** Free space to the edges of a pane, as shares of its width and height. */
export interface Margins {
  side: number;
  top: number;
  bottom: number;
}

// every so manieth frame and vertex: the picture needs the outline, not the surface
const FRAMES = 4;
const VERTICES = 12;

/** Where the shown parts come during the stride, m, three numbers a point. */
export function reached(body: Body, torso: boolean): Float32Array {
  const points: number[] = [];
  const segments = body.position.length / (body.frames * 3);
  const [place, turn, vertex] = [new Vector3(), new Quaternion(), new Vector3()];
  for (let frame = 0; frame < body.frames; frame += FRAMES) {
    for (const bone of body.bones) {
      if (bone.part === "torso" && !torso) continue;
      const segment = frame * segments + bone.segment;
      place.fromArray(body.position, segment * 3);
      turn.fromArray(body.quaternion, segment * 4).normalize();
      const [first, count] = bone.vertices;
      for (let v = first; v < first + count; v += VERTICES) {
        vertex.fromArray(body.vertices, v * 3).applyQuaternion(turn).add(place);
        points.push(vertex.x, vertex.y, vertex.z);
      }
    }
    const paths = body.muscles.length * body.points * 3;
    for (let k = frame * paths; k < (frame + 1) * paths; k += 3) {
      points.push(body.paths[k], body.paths[k + 1], body.paths[k + 2]);
    }
  }
  return new Float32Array(points);
}

/**
 * Moves the camera, which looks along its own axis already, to the nearest place from which all points are seen.
 *
 * Each edge of the picture is a plane through the eye. Along the picture's width, all points lie inside both planes if
 * max(x - kz) + kZ <= X <= min(x + kz) - kZ, for an eye at (X, Z) with z along its view and k the slope of the edge;
 * that bounds Z, and the same holds for the height.
 */
export function fit(camera: PerspectiveCamera, points: Float32Array, margins: Margins): void {
  const slope = Math.tan((camera.fov * Math.PI) / 360);
  const aside = slope * camera.aspect * (1 - 2 * margins.side);
  const [above, below] = [slope * (1 - 2 * margins.top), slope * (1 - 2 * margins.bottom)];
  const right = new Vector3(1, 0, 0).applyQuaternion(camera.quaternion);
  const up = new Vector3(0, 1, 0).applyQuaternion(camera.quaternion);
  const ahead = new Vector3(0, 0, -1).applyQuaternion(camera.quaternion);
  const edge = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  const point = new Vector3();
  for (let i = 0; i < points.length; i += 3) {
    point.fromArray(points, i);
    const [x, y, z] = [point.dot(right), point.dot(up), point.dot(ahead)];
    edge.right = Math.max(edge.right, x - aside * z);
    edge.left = Math.min(edge.left, x + aside * z);
    edge.top = Math.max(edge.top, y - above * z);
    edge.bottom = Math.min(edge.bottom, y + below * z);
  }
  const z = Math.min((edge.left - edge.right) / (2 * aside), (edge.bottom - edge.top) / (above + below));
  const x = (edge.left + edge.right) / 2;
  const y = (edge.top + above * z + edge.bottom - below * z) / 2;
  camera.position.set(0, 0, 0).addScaledVector(right, x).addScaledVector(up, y).addScaledVector(ahead, z);
}
