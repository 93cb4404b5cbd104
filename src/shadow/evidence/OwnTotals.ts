import type { Json } from '../../core/json.ts';
import type { DropsRecord, GroupDrops } from '../ShadowRecord.ts';
import { type DropReason, type Drops, noDrops, readDrops } from './drops.ts';
import { GroupTable } from './GroupTable.ts';
import { ShadowTally } from './ShadowTally.ts';

/** Offers and drops of one shadow in this process alone, as its log counts them. */
export class OwnTotals {
  readonly #tally: ShadowTally = new ShadowTally();
  readonly #groups: GroupTable<Drops> = new GroupTable(noDrops);

  /** A request was picked, at this time. */
  offer(at: number): void {
    this.#tally.offer(at);
  }

  /** A request of these groups that was offered at this time was left out. */
  drop(reason: DropReason, at: number, subgroups: Readonly<Record<string, string>>): void {
    this.#tally.drop(reason, at);
    for (const drops of this.#groups.of(subgroups)) drops[reason] += 1;
  }

  /** What a record tells of them. */
  totals(): Pick<DropsRecord, 'offered' | 'dropped' | 'hours' | 'groups'> {
    const { counts, dropped, hours } = this.#tally;
    const groups = [...this.#groups.attributes].flatMap(([attribute, names]) =>
      [...names].map(([group, drops]): GroupDrops => ({ attribute, group, dropped: present(drops) })),
    );
    return {
      offered: counts.offered,
      dropped: { ...dropped },
      hours: { offered: [...hours.offered], dropped: [...hours.dropped] },
      ...(groups.length === 0 ? {} : { groups }),
    };
  }

  toJSON(): Json {
    return { tally: this.#tally.toJSON(), groups: this.#groups.toJSON((drops) => ({ ...drops })) };
  }

  /** @throws SnapshotError where counts are none */
  load(json: Json): void {
    const { tally, groups } = json as { readonly tally: Json; readonly groups: Json };
    this.#tally.load(tally);
    this.#groups.load(groups, readDrops);
  }
}

/** The reasons that there were: a record of many groups is to stay short. */
function present(drops: Drops): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(drops).filter(([, n]) => n > 0));
}
