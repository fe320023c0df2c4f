/** When nothing goes wrong any more: every Rollout runs its newest good release, says so, and its target carries it. */
import type { Application } from '../fleet.ts';
import type { Ledger } from '../history.ts';
import { entryText, historyOf, rolloutOf } from './entries.ts';
import { carried } from './targets.ts';

/** @returns what is not yet as it must be; undefined when all is */
export function unsettled(app: Application, ledger: Ledger, release: string): string | undefined {
  const { namespace, name, kustomization, variable } = app;
  const object = ledger.now('rollouts', namespace, name);
  if (object === undefined) return 'is not there';
  const rollout = rolloutOf(object);
  const [newest] = historyOf(rollout);
  const progressing = rollout.status?.conditions?.find(({ type }) => type === 'Progressing');
  const says = `${progressing?.reason ?? 'nothing'}: ${progressing?.message ?? ''}`;
  if (newest?.version.tag !== release || newest.bakeStatus !== 'Succeeded')
    return `has ${newest === undefined ? 'no deployment' : entryText(newest)} instead of ${release}, and says ${says}`;
  if (progressing?.reason !== 'UpToDate') return `runs ${release}, and says ${says}`;
  const target = carried(ledger.now('kustomizations', namespace, kustomization), variable);
  if (target !== release)
    return `records ${release}, and Kustomization ${kustomization} carries ${target ?? 'nothing'}`;
  return undefined;
}

/** What the API server holds at the end, compared with what was seen: by resource version. @returns what differs */
export function differences(
  held: readonly { readonly metadata: { namespace?: string; name: string; resourceVersion?: string } }[],
  resource: string,
  ledger: Ledger,
): readonly string[] {
  const seen = ledger.all(resource).length;
  const counts = seen === held.length ? [] : [`${held.length} ${resource} are there, and ${seen} were seen`];
  const others = held.flatMap(({ metadata }) => {
    const { namespace = '', name, resourceVersion } = metadata;
    const last = ledger.of(resource, namespace, name).at(-1)?.revision;
    return String(last) === resourceVersion
      ? []
      : [`${namespace}/${name} is at ${resourceVersion ?? ''}, seen at ${last ?? 0}`];
  });
  return [...counts, ...others];
}
