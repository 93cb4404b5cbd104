/** Nodes and weights of a quadrature. @internal */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const ORDER = 20;

/** The rule on [-1, 1], by Newton's method on the Legendre polynomial. */
function rule(): Quadrature {
  const nodes = new Float64Array(ORDER);
  const weights = new Float64Array(ORDER);
  for (let i = 0; i < ORDER; i += 1) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (ORDER + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step += 1) {
      let [value, before] = [1, 0];
      for (let k = 1; k <= ORDER; k += 1) [value, before] = [((2 * k - 1) * x * value - (k - 1) * before) / k, value];
      slope = (ORDER * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

const RULE = /* @__PURE__ */ rule();
/** Twenty nodes integrate a normal density over two of its standard deviations to the last digit. */
const DEVIATIONS_PER_PANEL = 2;
const MOST_PANELS = 500;

/**
 * Composite Gauss-Legendre quadrature on [low, high] for integrands that vary on the scale of `spread`.
 * @internal
 */
export function gaussLegendre(low: number, high: number, spread: number): Quadrature {
  const panels = Math.min(MOST_PANELS, Math.max(1, Math.ceil((high - low) / (DEVIATIONS_PER_PANEL * spread))));
  const half = (high - low) / (2 * panels);
  const nodes = new Float64Array(panels * ORDER);
  const weights = new Float64Array(panels * ORDER);
  for (let panel = 0; panel < panels; panel += 1) {
    const centre = low + (2 * panel + 1) * half;
    for (let i = 0; i < ORDER; i += 1) {
      nodes[panel * ORDER + i] = centre + half * RULE.nodes[i]!;
      weights[panel * ORDER + i] = half * RULE.weights[i]!;
    }
  }
  return { nodes, weights };
}
