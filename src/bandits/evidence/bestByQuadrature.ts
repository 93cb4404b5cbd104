/** Beliefs about the arms on a common coordinate, as the quadrature needs them. */
export interface Beliefs {
  readonly size: number;
  /** Where the density of an arm peaks, and its width there. */
  readonly center: Float64Array;
  readonly spread: Float64Array;
  /** Distances from the peak, in spreads, at which panels of the arm begin: increasing, from 0 outwards. */
  steps(k: number): readonly number[];
  /** Told the nodes of the next panel, before the densities of all arms there. */
  prepare?(nodes: Float64Array): void;
  /** Density of an arm at the nodes. */
  density(k: number, nodes: Float64Array, out: Float64Array): void;
  /** Probability of an arm below a point far out on the left. */
  lowerMass(k: number, at: number): number;
}

const NODES = 12;

interface Rule {
  readonly node: Float64Array;
  readonly weight: Float64Array;
  /** Row k: weights of the integral from the start of the panel to node k. */
  readonly cumulative: Float64Array;
}

/** Legendre polynomials of degree 0 to `degree` at x. */
function legendre(degree: number, x: number): number[] {
  const p = [1, x];
  for (let k = 2; k <= degree; k += 1) p.push(((2 * k - 1) * x * p[k - 1]! - (k - 1) * p[k - 2]!) / k);
  return p;
}

/** Gauss-Legendre nodes on [-1, 1] with the matrix that integrates their interpolant from -1 to each node. */
function gaussLegendre(): Rule {
  const node = new Float64Array(NODES);
  const weight = new Float64Array(NODES);
  const cumulative = new Float64Array(NODES * NODES);
  for (let i = 0; i < NODES; i += 1) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (NODES + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step += 1) {
      const p = legendre(NODES, x);
      slope = (NODES * (x * p[NODES]! - p[NODES - 1]!)) / (x * x - 1);
      x -= p[NODES]! / slope;
    }
    node[i] = x;
    weight[i] = 2 / ((1 - x * x) * slope * slope);
  }
  for (let k = 0; k < NODES; k += 1) {
    const to = legendre(NODES, node[k]!);
    for (let l = 0; l < NODES; l += 1) {
      const at = legendre(NODES, node[l]!);
      let sum = (node[k]! + 1) / 2;
      for (let p = 1; p < NODES; p += 1) sum += (at[p]! * (to[p + 1]! - to[p - 1]!)) / 2;
      cumulative[k * NODES + l] = weight[l]! * sum;
    }
  }
  return { node, weight, cumulative };
}

const RULE = /* @__PURE__ */ gaussLegendre();

/** Ends of the panels: the steps of all arms, without those much closer to the one before than either arm needs. */
function panelEnds(beliefs: Beliefs): number[] {
  const points: { readonly at: number; readonly width: number }[] = [];
  for (let k = 0; k < beliefs.size; k += 1) {
    const center = beliefs.center[k]!;
    const spread = beliefs.spread[k]!;
    const steps = beliefs.steps(k);
    steps.forEach((step, i) => {
      const width = spread * Math.max(1, step - (steps[i - 1] ?? step));
      points.push({ at: center + step * spread, width }, { at: center - step * spread, width });
    });
  }
  points.sort((a, b) => a.at - b.at);
  const ends: number[] = [];
  let last = { at: Number.NEGATIVE_INFINITY, width: 0 };
  for (const point of points) {
    if (point.at - last.at < 0.5 * Math.min(point.width, last.width) || point.at === last.at) continue;
    ends.push(point.at);
    last = point;
  }
  return ends;
}

/**
 * Probability of each arm to have the largest value, where the values are independent: the integral of one density times
 * the distribution functions of the others, all arms at once, by composite Gauss-Legendre quadrature. The distribution
 * functions are the running integrals of the densities on the same panels, so that a node costs one density an arm and the
 * lower tails keep their relative accuracy.
 */
export function bestByQuadrature(beliefs: Beliefs): Float64Array {
  const { size } = beliefs;
  const best = new Float64Array(size);
  if (size === 1) return best.fill(1);
  const ends = panelEnds(beliefs);
  const below = Float64Array.from({ length: size }, (_, k) => beliefs.lowerMass(k, ends[0]!));
  const nodes = new Float64Array(NODES);
  const density = Array.from({ length: size }, () => new Float64Array(NODES));
  const cumulated = Array.from({ length: size }, () => new Float64Array(NODES));
  for (let panel = 0; panel + 1 < ends.length; panel += 1) {
    const half = (ends[panel + 1]! - ends[panel]!) / 2;
    for (let j = 0; j < NODES; j += 1) nodes[j] = ends[panel]! + half * (RULE.node[j]! + 1);
    beliefs.prepare?.(nodes);
    for (let k = 0; k < size; k += 1) {
      beliefs.density(k, nodes, density[k]!);
      below[k] = cumulate(density[k]!, half, below[k]!, cumulated[k]!);
    }
    addPanel(density, cumulated, half, best);
  }
  const total = best.reduce((sum, p) => sum + p, 0);
  return best.map((p) => p / total);
}

/** Running integral at the nodes, from `start`; gives the integral to the end of the panel. */
function cumulate(density: Float64Array, half: number, start: number, out: Float64Array): number {
  let whole = 0;
  for (let j = 0; j < NODES; j += 1) {
    let sum = 0;
    for (let l = 0; l < NODES; l += 1) sum += RULE.cumulative[j * NODES + l]! * density[l]!;
    out[j] = start + half * Math.max(0, sum);
    whole += RULE.weight[j]! * density[j]!;
  }
  return start + half * whole;
}

/** Adds, for every arm, density times the product of the others' distribution functions over one panel. */
function addPanel(density: Float64Array[], cumulated: Float64Array[], half: number, best: Float64Array): void {
  const size = best.length;
  const after = new Float64Array(size + 1);
  for (let j = 0; j < NODES; j += 1) {
    after[size] = 1;
    for (let k = size - 1; k >= 0; k -= 1) after[k] = after[k + 1]! * cumulated[k]![j]!;
    let before = half * RULE.weight[j]!;
    for (let k = 0; k < size; k += 1) {
      best[k] = best[k]! + before * density[k]![j]! * after[k + 1]!;
      before *= cumulated[k]![j]!;
    }
  }
}
