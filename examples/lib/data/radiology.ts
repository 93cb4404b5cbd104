// Project 8: chest X-rays, reduced to six features each. A radiologist reads them; may a model do as well?
import type { Rng } from 'coronate/random';
import { sigmoid } from '../features.ts';
import type { Row } from '../models.ts';
import { normals } from './counts.ts';

/** The share of patients with the disease. */
export const DISEASE_RATE = 0.2;

/**
 * The direction and length in which disease moves the image features on a fixed scanner, in standard deviations:
 * length 2.78.
 */
const DISEASE_SHIFT: readonly number[] = [1.6, 1.3, 1.1, 1.0, 0.8, 0.8];

/** The scanners, how clearly they show disease, and how well the reader reads them. */
export const SCANNERS = {
  fixed: { contrast: 1, sensitivity: 0.84, specificity: 0.92 },
  portable: { contrast: 0.8, sensitivity: 0.78, specificity: 0.9 },
} as const;
/** A scanner. */
export type Scanner = keyof typeof SCANNERS;

/** A patient's case. */
export interface RadiologyCase {
  readonly id: string;
  readonly age: number;
  readonly sex: 'female' | 'male';
  readonly scanner: Scanner;
  /** Six image features, then (age − 55) / 20, female (1 or 0), portable (1 or 0). */
  readonly row: Row;
  /** What the radiologist said (1: diseased). */
  readonly reader: 0 | 1;
  /** What follow-up found. */
  readonly diseased: 0 | 1;
}

/** Subgroups of a case, for the analysis of bias. */
export function subgroupsOf({ age, sex, scanner }: RadiologyCase): Readonly<Record<'age' | 'sex' | 'scanner', string>> {
  return { age: age < 50 ? 'under 50' : age < 70 ? '50 to 69' : '70 and over', sex, scanner };
}

/** Age shows in the picture: it moves the first two features of healthy and diseased alike. */
function ageing(age: number, feature: number): number {
  return feature < 2 ? (0.8 * (age - 55)) / 20 : 0;
}

/**
 * Patients by the formula
 *
 *     age uniform on 20..89   P(female) = 0.5   P(portable scanner) = 0.3   P(diseased) = 0.2
 *     features = diseased × contrast × shift + (0.8 (age − 55) / 20 in the first two) + N(0, I)
 *     reader   = right with the scanner's sensitivity or specificity, independently of the picture
 *
 * The reader is right on 0.2 × 0.84 + 0.8 × 0.92 = 90.4 % of fixed and 87.6 % of portable scans, 89.6 % in all. The
 * best model (`diseaseProbability` at 0.5) is right on 94.0 % and 90.4 %, 93.0 % in all.
 */
export function makeCases(rng: Rng, n: number): readonly RadiologyCase[] {
  return Array.from({ length: n }, (_, i) => {
    const age = Math.floor(20 + 70 * rng.next());
    const sex = rng.next() < 0.5 ? 'female' : 'male';
    const scanner: Scanner = rng.next() < 0.3 ? 'portable' : 'fixed';
    const diseased = rng.next() < DISEASE_RATE ? 1 : 0;
    const { contrast, sensitivity, specificity } = SCANNERS[scanner];
    const image = normals(rng, 6).map((z, j) => z + diseased * contrast * DISEASE_SHIFT[j]! + ageing(age, j));
    const right = rng.next() < (diseased ? sensitivity : specificity);
    const row = [...image, (age - 55) / 20, sex === 'female' ? 1 : 0, scanner === 'portable' ? 1 : 0];
    return { id: `case-${i}`, age, sex, scanner, row, reader: right === (diseased === 1) ? 1 : 0, diseased };
  });
}

/** The exact probability of disease given the row (Bayes' theorem on the formula above). No model can rank better. */
export function diseaseProbability(row: Row): number {
  const age = 55 + 20 * row[6]!;
  const contrast = row[8] === 1 ? SCANNERS.portable.contrast : SCANNERS.fixed.contrast;
  const evidence = DISEASE_SHIFT.reduce((sum, shift, j) => {
    const moved = contrast * shift;
    return sum + moved * (row[j]! - ageing(age, j)) - moved ** 2 / 2;
  }, 0);
  return sigmoid(Math.log(DISEASE_RATE / (1 - DISEASE_RATE)) + evidence);
}
