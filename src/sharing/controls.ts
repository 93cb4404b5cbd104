import type { Control } from '../core/sharing.ts';

/** Whether a replica, or a strategy nested in it, has changed what all must agree on since `held` was put in force. */
export function isAhead(local: Control, held: Control | undefined): boolean {
  if (local.revision > (held?.revision ?? 0)) return true;
  return Object.entries(local.nested).some(([name, inner]) => {
    const other = held !== undefined && Object.hasOwn(held.nested, name) ? held.nested[name] : undefined;
    return isAhead(inner, other);
  });
}
