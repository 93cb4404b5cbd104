/**
 * Replicas that share one state, and state that outlives a process. Guide: docs/guides/scale.md.
 *
 * @packageDocumentation
 */

export type {
  Claimed,
  Flush,
  HeldControl,
  Hub,
  Joined,
  ProposalResult,
  Round,
  RoundResult,
  WaitingOutcome,
} from '../core/Hub.ts';
export type { HubOptions } from './hubOptions.ts';
export type { Keeper, KeeperStatus } from './Keeper.ts';
export { MemoryHub } from './MemoryHub.ts';
export { MemoryStore, type MemoryStoreOptions } from './MemoryStore.ts';
export type { ConflictEvent, PersistEvent, RestoredEvent, SavedEvent, SaveFailedEvent } from './PersistEvent.ts';
export type { PersistOptions, PersistSettings } from './PersistOptions.ts';
export { persist } from './persist.ts';
export type { Replica, ReplicaStatus } from './Replica.ts';
export type { SharedTruthCounts } from './SharedTruths.ts';
export type {
  FlushedEvent,
  FollowedEvent,
  FreshEvent,
  JoinedEvent,
  LostFlushesEvent,
  ProposedEvent,
  RefusedEvent,
  RoundFailedEvent,
  ShareEvent,
  StaleEvent,
} from './ShareEvent.ts';
export type { ShareOptions, ShareSettings } from './ShareOptions.ts';
export { share } from './share.ts';
