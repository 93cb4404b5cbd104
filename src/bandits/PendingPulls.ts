/** Pulls in flight by arm: chosen, no reward yet. Counted by the segment of their context where the policy has segments. */
export class PendingPulls {
  readonly #segments: Map<string, Map<string, number>> = new Map();

  /** One more, or one less; never below none. */
  add(segment: string, arm: string, by: 1 | -1): void {
    const counts = this.#segments.get(segment) ?? new Map<string, number>();
    const count = Math.max(0, (counts.get(arm) ?? 0) + by);
    if (count > 0) counts.set(arm, count);
    else counts.delete(arm);
    // A segment without pulls in flight is forgotten: nothing grows with the number of segments seen.
    if (counts.size > 0) this.#segments.set(segment, counts);
    else this.#segments.delete(segment);
  }

  /** The counts of a segment in the order of the arms; undefined where there are none. */
  of(segment: string, arms: readonly string[]): readonly number[] | undefined {
    const counts = this.#segments.get(segment);
    return counts === undefined ? undefined : arms.map((arm) => counts.get(arm) ?? 0);
  }

  /** Pulls in flight of one arm, over all segments. */
  total(arm: string): number {
    let sum = 0;
    for (const counts of this.#segments.values()) sum += counts.get(arm) ?? 0;
    return sum;
  }

  /** Lets go of an arm. */
  forget(arm: string): void {
    for (const [segment, counts] of this.#segments) {
      counts.delete(arm);
      if (counts.size === 0) this.#segments.delete(segment);
    }
  }

  clear(): void {
    this.#segments.clear();
  }
}
