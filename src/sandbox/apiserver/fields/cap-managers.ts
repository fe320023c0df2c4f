/**
 * A bound on the books: beyond ten updaters the oldest are put together.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/capmanagers.go
 */
import { type Manager, type Managers, managerKey } from './managers.ts';

const maxUpdaters = 10;
const bucketName = 'ancient-changes';

/** Updaters beyond the bound, the oldest first, become one entry `ancient-changes` for each version. */
export function capUpdateManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update' && !manager.fields.isEmpty);
  let excess = updaters.length - maxUpdaters;
  if (excess <= 0) return managers;
  const result = new Map(managers);
  const firstOfVersion = new Map<string, [string, Manager]>();
  for (const [key, manager] of updaters.sort(([, a], [, b]) => compareTimes(a, b))) {
    if (excess <= 0) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, [key, manager]);
      continue;
    }
    const bucket = { ...manager, name: bucketName, subresource: '' };
    const bucketKey = managerKey(bucket);
    if (key === bucketKey) continue;
    if (!result.has(bucketKey)) result.delete(first[0]);
    const before = result.get(bucketKey) ?? first[1];
    result.delete(key);
    result.set(bucketKey, { ...bucket, fields: before.fields.union(manager.fields) });
    excess -= 1;
  }
  return result;
}

function compareTimes(a: Manager, b: Manager): number {
  const [first, second] = [`${a.time ?? ''} ${a.name}`, `${b.time ?? ''} ${b.name}`];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
