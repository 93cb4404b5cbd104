import { checkFinite } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { type BetaShapes, betaLogits } from './betaLogits.ts';
import { integrateLogConcave } from './integrateLogConcave.ts';

/** Below this shape too much of a beta distribution lies nearer to 0 or 1 than a double can tell. */
const LEAST_SHAPE = 0.1;

/** Shapes that a beta distribution has. @throws InvalidOptionError */
export function checkShapes(option: string, shapes: BetaShapes): BetaShapes {
  checkFinite(`${option}.a`, shapes.a, { ge: LEAST_SHAPE });
  checkFinite(`${option}.b`, shapes.b, { ge: LEAST_SHAPE });
  return shapes;
}

/**
 * The probability that each of several rates is the greatest, where they have independent beta distributions: one
 * integral an arm, by quadrature, not by simulation. They sum to 1.
 *
 * @param arms the shapes of each arm's (posterior) distribution, two arms or more
 * @throws InvalidDataError for fewer than two arms
 * @throws InvalidOptionError for shapes that are not finite and at least 0.1
 * @example
 * probabilityBest([{ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }]); // 0.3, 0.6 and 0.1 to fifteen digits
 * @see Scott (2010), Appl. Stoch. Models Bus. Ind. 26(6), doi:10.1002/asmb.874, eq. 5
 */
export function probabilityBest(arms: readonly BetaShapes[]): readonly number[] {
  if (arms.length < 2) throw new InvalidDataError('arms.length', arms.length, 'at least 2');
  const logits = arms.map((arm, i) => betaLogits(checkShapes(`arms[${i}]`, arm)));
  const centres = logits.map(({ centre }) => centre);
  const turns = logits.flatMap((own) => own.turns);
  const [low, high] = [Math.min(...centres) - 1, Math.max(...centres) + 1];
  return logits.map((own) => {
    const others = logits.filter((other) => other !== own);
    const log = (u: number): number => others.reduce((sum, other) => sum + other.logCdf(u), own.logPdf(u));
    return Math.min(1, integrateLogConcave(log, low, high, turns));
  });
}
