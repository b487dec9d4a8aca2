// The skeleton: one mesh per rigid piece, posed per frame.

import { BufferAttribute, BufferGeometry, Group, Mesh, MeshLambertMaterial, Quaternion, Vector3 } from "three";
import type { Body } from "./payload";

export interface Skeleton {
  group: Group;
  pose(phase: number): void;
  showTorso(on: boolean): void;
}

export function makeSkeleton(body: Body): Skeleton {
  const group = new Group();
  const material = new MeshLambertMaterial({ color: "#d8d2c4" });
  const meshes = body.bones.map((bone) => {
    const mesh = new Mesh(boneGeometry(body, bone.vertices, bone.faces), material);
    mesh.name = bone.name;
    group.add(mesh);
    return mesh;
  });
  const segments = body.position.length / (body.frames * 3);
  const from = { place: new Vector3(), turn: new Quaternion() };
  const to = { place: new Vector3(), turn: new Quaternion() };
  return {
    group,
    pose(phase) {
      const frame = (phase / 100) * (body.frames - 1);
      const low = Math.min(body.frames - 1, Math.floor(frame));
      const high = Math.min(body.frames - 1, low + 1);
      body.bones.forEach((bone, i) => {
        const [a, b] = [low * segments + bone.segment, high * segments + bone.segment];
        from.place.fromArray(body.position, a * 3);
        to.place.fromArray(body.position, b * 3);
        from.turn.fromArray(body.quaternion, a * 4).normalize();
        to.turn.fromArray(body.quaternion, b * 4).normalize();
        meshes[i].position.lerpVectors(from.place, to.place, frame - low);
        meshes[i].quaternion.slerpQuaternions(from.turn, to.turn, frame - low);
      });
    },
    showTorso(on) {
      body.bones.forEach((bone, i) => (meshes[i].visible = on || bone.part === "legs"));
    },
  };
}

function boneGeometry(body: Body, [v, vertices]: [number, number], [f, faces]: [number, number]): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(body.vertices.slice(v * 3, (v + vertices) * 3), 3));
  const index = body.faces.slice(f * 3, (f + faces) * 3).map((i) => i - v);
  geometry.setIndex(new BufferAttribute(index, 1));
  geometry.computeVertexNormals();
  return geometry;
}
