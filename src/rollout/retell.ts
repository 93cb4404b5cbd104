import type { Served } from '../core/Model.ts';

/** Which of the two models a step's variant is. */
const roles: Readonly<Record<string, 'current' | 'candidate'>> = {
  primary: 'current',
  champion: 'current',
  baseline: 'current',
  challenger: 'candidate',
  canary: 'candidate',
};

/** The story of a step in the words of the rollout: its variants are the current model and the candidate. */
export function retell(story: Served<unknown>): Served<unknown> {
  const [, ...path] = story.path;
  const head = path[0] ?? '';
  const failed = head.endsWith('!');
  const chosen = roles[failed ? head.slice(0, -1) : head]!;
  path[0] = failed ? `${chosen}!` : chosen;
  const answeredBy = failed ? roles[path[1]!]! : chosen;
  if (failed) path[1] = answeredBy;
  return { ...story, variant: chosen, answeredBy, path };
}
