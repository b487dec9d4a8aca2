// Where in the stride the page stands: one number that every part follows.

import type { Side } from "./payload";

export interface Position {
  /** Percent of the leading leg's stride, 0..100. */
  phase: number;
  /** The leg whose stride the position counts. */
  leading: Side;
}

export type Listener = (position: Position) => void;

export class Positions {
  private listeners: Listener[] = [];
  /** While it plays, what is out of sight need not follow; at rest everything does. */
  playing = false;
  private now: Position;

  constructor(
    leading: Side,
    private readonly followed: Side,
    private readonly otherStart: number | null,
  ) {
    this.now = { phase: 0, leading };
  }

  get phase(): number {
    return this.now.phase;
  }

  get leading(): Side {
    return this.now.leading;
  }

  /** Percent of a leg's own stride at this instant; null where it is not known. */
  of(side: Side): number | null {
    const shown = this.bodyPhase();
    if (side === this.now.leading) return this.now.phase;
    if (shown === null || this.otherStart === null) return null;
    return side === this.followed ? shown : wrapped(shown - this.otherStart);
  }

  /** Percent of the stride that the body shows. */
  bodyPhase(): number | null {
    if (this.now.leading === this.followed) return this.now.phase;
    return this.otherStart === null ? null : wrapped(this.now.phase + this.otherStart);
  }

  set(change: Partial<Position>): void {
    this.now = { ...this.now, ...change };
    for (const listener of this.listeners) listener(this.now);
  }

  /** Steps stop at the ends, so that 0 and 100 % can both be read. */
  step(percent: number): void {
    this.set({ phase: Math.min(100, Math.max(0, Math.round(this.now.phase + percent))) });
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
    listener(this.now);
  }
}

export function wrapped(phase: number): number {
  return phase === 100 ? 100 : ((phase % 100) + 100) % 100;
}
