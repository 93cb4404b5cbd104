import type { RuntimeOwner } from './RuntimeOwner.ts';

/** What a strategy tells its other replicas, and takes from them: the part of a `RuntimeOwner` that is about sharing. */
export type SharingPart = Required<
  Pick<RuntimeOwner, 'takeDelta' | 'readDelta' | 'control' | 'readControl' | 'contest'>
>;

/**
 * The sharing part of an owner, done by another object.
 * @param part asked at every call: an owner is described before what it is made of exists
 */
export function sharedBy(part: () => SharingPart): SharingPart {
  return {
    takeDelta: () => part().takeDelta(),
    readDelta: (state) => part().readDelta(state),
    control: () => part().control(),
    readControl: (state, revision) => part().readControl(state, revision),
    contest: (state, revision) => part().contest(state, revision),
  };
}
