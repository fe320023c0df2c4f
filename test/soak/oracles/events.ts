/** I7: a deployment is told of once, however often the process was killed in between. */
import type { Change } from '../history.ts';
import type { Report } from './violation.ts';

interface CoreEvent {
  readonly involvedObject: {
    readonly kind: string;
    readonly uid?: string;
    readonly namespace?: string;
    readonly name: string;
  };
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
}

export class EventOracle {
  readonly #deployedAs: (uid: string, tag: string) => number;
  readonly #report: Report;
  /** By object and version, how often each Event says it. */
  readonly #told = new Map<string, Map<string, number>>();

  constructor(deployedAs: (uid: string, tag: string) => number, report: Report) {
    this.#deployedAs = deployedAs;
    this.#report = report;
  }

  /** Deployments that were told of. */
  get told(): number {
    return [...this.#told.values()].flatMap((events) => [...events.values()]).reduce((sum, each) => sum + each, 0);
  }

  see({ resource, name, object }: Change): void {
    if (resource !== 'events' || object === undefined) return;
    const { involvedObject, reason, message = '', count = 1 } = object as unknown as CoreEvent;
    const tag = /version (\S+)/.exec(message)?.[1];
    if (involvedObject.kind !== 'Rollout' || reason !== 'DeploymentSucceeded' || tag === undefined) return;
    const { uid = '', namespace = '' } = involvedObject;
    const fact = `${uid} ${tag}`;
    const told = this.#told.get(fact) ?? new Map<string, number>();
    this.#told.set(fact, told.set(name, Math.max(count, told.get(name) ?? 0)));
    const times = [...told.values()].reduce((sum, each) => sum + each, 0);
    const most = this.#deployedAs(uid, tag);
    if (times > most)
      this.#report(
        'I7',
        `${namespace}/${involvedObject.name}`,
        `told ${times} times, deployed ${most} times: ${message}`,
      );
  }
}
