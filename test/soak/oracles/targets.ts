/** I3 from the other side: a target carries what the record says, and the record was written first. */
import { type Application, MEDDLED } from '../fleet.ts';
import type { Change, Ledger, Stored } from '../history.ts';
import { historyOf, rolloutOf } from './entries.ts';
import type { Report } from './violation.ts';

/** Milliseconds in which a write for the Rollout's predecessor of the same name may still arrive. */
const takeover = 20_000;

interface Target {
  readonly spec: { readonly postBuild?: { readonly substitute?: Readonly<Record<string, string>> } };
}

export class TargetOracle {
  readonly #fleet: readonly Application[];
  readonly #ledger: Ledger;
  readonly #report: Report;
  /** Writes that changed a version. */
  writes = 0;

  /** @param ledger has each change before it is seen here */
  constructor(fleet: readonly Application[], ledger: Ledger, report: Report) {
    this.#fleet = fleet;
    this.#ledger = ledger;
    this.#report = report;
  }

  see({ resource, namespace, name, object, at }: Change): void {
    if (resource !== 'kustomizations' || object === undefined) return;
    const before = this.#ledger.of(resource, namespace, name).at(-2)?.object;
    for (const app of this.#fleet) {
      if (app.kustomization !== name || app.namespace !== namespace) continue;
      const tag = carried(object, app.variable);
      if (tag === undefined || tag === MEDDLED || tag === carried(before, app.variable)) continue;
      this.writes += 1;
      this.#inspect(app, tag, at);
    }
  }

  #inspect({ namespace, name, kustomization }: Application, tag: string, at: number): void {
    const object = this.#ledger.now('rollouts', namespace, name);
    if (object === undefined) return;
    const rollout = rolloutOf(object);
    if (at - Date.parse(rollout.metadata.creationTimestamp ?? '') < takeover) return;
    // The write for the one before may be on its way while the next one is recorded.
    const recorded = historyOf(rollout)
      .slice(0, 2)
      .map(({ version }) => version.tag);
    if (recorded.some((one) => one === tag)) return;
    const message = `Kustomization ${kustomization} was given ${tag}, and the record says ${recorded.join(' after ') || 'nothing'}`;
    this.#report('I3', `${namespace}/${name}`, message);
  }
}

export function carried(object: Stored | undefined, variable: string): string | undefined {
  return (object as Target | undefined)?.spec.postBuild?.substitute?.[variable];
}
