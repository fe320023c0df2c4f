/** Writes down everything that a Rollout says and does in a story, look after look, as text that a person can review. */
import { stringify } from 'yaml';
import type { RolloutStatus } from '../../api/rollout.ts';
import type { Reason, RolloutPlan } from '../plan.ts';
import { Scenario } from './scenario.ts';

/** Acts on a world of its own, and hands it back. */
export type Story = () => Teller;
/** Stories by their titles. */
export type Stories = Readonly<Record<string, Story>>;

export class Teller extends Scenario {
  readonly told: string[] = [];

  override look(options?: { crashBeforeConsuming?: boolean }): RolloutPlan {
    const before = this.rollout.status;
    const plan = super.look(options);
    const happens = whatHappens(before, this.rollout.status, plan, this.now);
    const text = stringify(plain(happens), { lineWidth: 0, defaultStringType: 'PLAIN' });
    this.told.push(`at ${this.now.toString()}\n${text}`);
    return plan;
  }
}

/** Without what is undefined, with instants as text, and with long texts as their beginning and their length. */
function plain(value: object): unknown {
  const short = (_: string, one: unknown): unknown =>
    typeof one === 'string' && one.length > 400 ? `${one.slice(0, 100)}… (${one.length} characters)` : one;
  return JSON.parse(JSON.stringify(value, short)) as unknown;
}

function whatHappens(
  before: RolloutStatus | undefined,
  after: RolloutStatus | undefined,
  plan: RolloutPlan,
  now: Temporal.Instant,
): object {
  const { requeueAt, desired } = plan;
  const reasons = plan.reasons.map(sentence);
  const known = (text: string): string => (reasons.includes(text) ? `reason ${reasons.indexOf(text) + 1}` : text);
  const some = <T>(items: readonly T[]): readonly T[] | undefined => (items.length === 0 ? undefined : items);
  return {
    status: changes(before, after, now),
    desired,
    consume: some(plan.consume.map(({ key, value }) => `${key}=${value}`)),
    events: some(plan.events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)),
    requeueAt,
    reasons,
    candidates: some(
      plan.candidates.map(({ version, reasons: held }) => ({ ...version, held: held.map(sentence).map(known) })),
    ),
  };
}

/** What is not there afterwards is `none`. */
function changes(
  before: RolloutStatus | undefined,
  after: RolloutStatus | undefined,
  now: Temporal.Instant,
): object | undefined {
  const flat = (status: RolloutStatus | undefined): Record<string, unknown> => {
    const { conditions = [], history = [], ...rest } = status ?? {};
    const said = conditions.map(({ type, status: is, reason, message, lastTransitionTime: since }) => [
      type,
      `${is} ${reason}: ${message}${since === now.toString() ? '' : ` (since ${since})`}`,
    ]);
    const deployed = history.map((entry, index) => [`deployment ${entry.id ?? index}`, entry]);
    return { ...Object.fromEntries(said), ...Object.fromEntries(deployed), ...rest };
  };
  const [old, present] = [flat(before), flat(after)];
  const keys = [...new Set([...Object.keys(present), ...Object.keys(old)])];
  const changed = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(present[key]));
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((key) => [key, present[key] ?? 'none']));
}

function sentence({ code, message, details = [], since, until, remedy }: Reason): string {
  const times = [since && ` since ${since.toString()}`, until && ` until ${until.toString()}`];
  const more = details.map((detail) => ` [${detail}]`);
  return `${code}: ${message}${times.filter(Boolean).join('')}${more.join('')}${remedy === undefined ? '' : ` -> ${remedy}`}`;
}

/** The whole text of a story. */
export function tell(title: string, story: Story): string {
  return [`# ${title}`, ...story().told].join('\n');
}
