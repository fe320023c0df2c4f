/** All oracles together, told of each change as it is seen. */
import type { Application } from '../fleet.ts';
import { type Change, Ledger } from '../history.ts';
import { DecisionOracle } from './decisions.ts';
import { entryText, historyOf, placeOf, rolloutOf } from './entries.ts';
import { EventOracle } from './events.ts';
import { RecordOracle } from './record.ts';
import { TargetOracle } from './targets.ts';
import type { Violation } from './violation.ts';

/** What comes after these says nothing new. */
const mostOfEach = 20;
/** Lines about each Rollout. */
const longestStory = 40;

export class Oracles {
  readonly ledger = new Ledger();
  readonly violations: Violation[] = [];
  readonly record: RecordOracle;
  readonly events: EventOracle;
  readonly targets: TargetOracle;
  readonly #decisions: DecisionOracle;
  readonly #stories = new Map<string, string[]>();
  readonly #told = new Map<string, string>();
  readonly #found: (violation: Violation) => void;

  /** @param found told of each violation at once */
  constructor(fleet: readonly Application[], found: (violation: Violation) => void = () => undefined) {
    this.#found = found;
    this.record = new RecordOracle(this.report);
    this.targets = new TargetOracle(fleet, this.ledger, this.report);
    this.events = new EventOracle(this.record.deployedAs, this.report);
    this.#decisions = new DecisionOracle(fleet, this.ledger, this.report);
  }

  readonly report = (invariant: string, rollout: string, message: string): void => {
    this.note(rollout, `VIOLATION ${invariant}: ${message}`);
    if (this.violations.filter((one) => one.invariant === invariant).length >= mostOfEach) return;
    const violation = { invariant, at: Date.now(), rollout, message };
    this.violations.push(violation);
    this.#found(violation);
  };

  /** What our controllers have written by now: deployments, versions of targets, Events. */
  get written(): number {
    return this.record.count + this.targets.writes + this.events.told;
  }

  readonly see = (change: Change): void => {
    this.ledger.add(change);
    this.#tell(change);
    for (const oracle of [this.record, this.#decisions, this.targets, this.events]) oracle.see(change);
  };

  /** What a person should know who asks how it came about. */
  note(rollout: string, what: string, at = Date.now()): void {
    const story = this.#stories.get(rollout) ?? [];
    this.#stories.set(rollout, story);
    story.push(`${new Date(at).toISOString().slice(11, 23)} ${what}`);
    if (story.length > longestStory) story.shift();
  }

  storyOf(rollout: string): readonly string[] {
    return this.#stories.get(rollout) ?? [];
  }

  #tell({ resource, namespace, name, object, at, revision }: Change): void {
    if (resource !== 'rollouts') return;
    const place = `${namespace}/${name}`;
    const [newest] = object === undefined ? [] : historyOf(rolloutOf(object));
    const text = object === undefined ? 'deleted' : newest === undefined ? 'no deployment' : entryText(newest);
    if (this.#told.get(place) === text) return;
    this.#told.set(place, text);
    this.note(object === undefined ? place : placeOf(rolloutOf(object)), `@${revision} ${text}`, at);
  }
}
