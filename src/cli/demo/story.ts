/** Plays the story: pushes a release, waits until the Rollout is at rest, pushes the next; and checks how it ended. */
import { HealthCheck } from '../../api/health-check.ts';
import type { KubeObject } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { pushArtifact, pushImage } from '../../oci/push.ts';
import type { Transport } from '../../oci/transport.ts';
import { CliError, ExitCode } from '../errors.ts';
import {
  APPROVER,
  BOARD,
  changeBoard,
  changeWindow,
  expectedHistory,
  HELD_SECONDS,
  manifests,
  NAME,
  NAMESPACE,
  objects,
  type Release,
  releases,
} from './application.ts';
import { approve, whyHeld } from './gates.ts';
import { describeNow, narrateHealth, narrateRollout } from './narrate.ts';
import type { Screen } from './screen.ts';

export interface StoryOptions {
  readonly client: KubeClient;
  /** Of `APPROVER`, by her own credentials. */
  readonly approver: KubeClient;
  /** For pushing. */
  readonly transport: Transport;
  /** `host:port` of the registry. */
  readonly registry: string;
  readonly clock: Clock;
  readonly screen: Screen;
  /** Applies an object as a person's kubectl would. */
  readonly apply: (object: KubeObject) => Promise<void>;
  readonly signal: AbortSignal;
}

const key = { namespace: NAMESPACE, name: NAME };
const lookEvery = 100;
/** The longest act takes about 20 seconds; a machine may be slow. */
const longestAct = Temporal.Duration.from({ seconds: 60 });

/** @throws CliError when the story does not go as it must. */
export async function playStory(options: StoryOptions): Promise<Rollout> {
  const { screen, transport, registry, signal } = options;
  const image = `${registry}/shop/web`;
  await pushArtifact(
    transport,
    { repository: `${registry}/shop/manifests`, tag: 'latest', files: manifests(image) },
    signal,
  );
  for (const object of objects(registry)) await options.apply(object);
  const watcher = new Watcher(options);
  for (const release of releases) {
    screen.title(release.title);
    await playAct(options, watcher, release, image);
  }
  const rollout = await watcher.look();
  checkEnding(rollout);
  return rollout;
}

async function playAct(options: StoryOptions, watcher: Watcher, release: Release, image: string): Promise<void> {
  const { screen, transport, signal } = options;
  const { tag, outcome } = release;
  const before = watcher.deployments;
  await closeGate(options, release);
  const annotations = {
    'org.opencontainers.image.version': tag.slice(1),
    'org.opencontainers.image.title': 'web shop',
    ...(outcome !== undefined && { 'sandbox.kuberik.com/outcome': outcome }),
  };
  await pushImage(transport, { repository: image, tag, files: { 'srv/version.txt': `${tag}\n` }, annotations }, signal);
  screen.tell({ what: 'push', tone: 'plain', text: `${image}:${tag}` });
  if (release.gate !== undefined) await passGate(options, watcher, release);
  await watcher.lookUntil(release, () => watcher.isOver(release, before));
  // One release was to be looked at, not every one from now on.
  if (release.gate === 'approved') await options.client.remove(RolloutGate, { ...key, name: BOARD }, { signal });
}

async function closeGate({ apply, screen }: StoryOptions, release: Release): Promise<void> {
  if (release.gate === 'opened') await apply(changeWindow(false));
  if (release.gate !== 'approved') return;
  await apply(changeBoard());
  screen.tell({ what: 'gate', tone: 'plain', text: `${BOARD} waits for an approval of each version (class manual)` });
}

/** Lets the gate hold the release for a while, says why it does, and then does what it waits for. */
async function passGate(options: StoryOptions, watcher: Watcher, release: Release): Promise<void> {
  const { screen, apply, approver } = options;
  const { tag } = release;
  await watcher.lookUntil(release, () => watcher.holds(tag));
  for (const { message, remedy } of await whyHeld(options, tag)) {
    screen.tell({ what: 'because', tone: 'waiting', text: message });
    if (remedy !== undefined) screen.tell({ what: 'lifted by', tone: 'faint', text: remedy });
  }
  await watcher.lookFor(Temporal.Duration.from({ seconds: HELD_SECONDS }));
  if (release.gate === 'opened') {
    screen.tell({ what: 'gate', tone: 'plain', text: 'somebody opens it' });
    await apply(changeWindow(true));
    return;
  }
  const reason = 'tried it on staging';
  const command = `kuberik approve ${BOARD} ${tag} -m "${reason}"`;
  screen.tell({ what: APPROVER, tone: 'strong', text: command });
  const sentence = await approve({ ...options, client: approver }, tag, reason);
  screen.tell({ what: 'approval', tone: 'plain', text: sentence });
}

/** Looks at the Rollout and its check, and tells what has changed since the last look. */
class Watcher {
  readonly #options: StoryOptions;
  #rollout: Rollout | undefined;
  #check: HealthCheck | undefined;

  constructor(options: StoryOptions) {
    this.#options = options;
  }

  get deployments(): number {
    return this.#rollout?.status?.history?.[0]?.id ?? 0;
  }

  get state(): string {
    return this.#rollout === undefined ? 'nothing seen' : describeNow(this.#rollout, this.#options.clock.now());
  }

  async look(): Promise<Rollout> {
    const { client, screen, clock, signal } = this.#options;
    const rollout = await client.get(Rollout, key, { signal });
    const check = await client.get(HealthCheck, key, { signal });
    for (const happening of narrateRollout(this.#rollout, rollout)) screen.tell(happening);
    for (const happening of narrateHealth(this.#check, check)) screen.tell(happening);
    this.#rollout = rollout;
    this.#check = check;
    screen.draw(describeNow(rollout, clock.now()));
    return rollout;
  }

  /** @throws CliError when the act takes too long */
  async lookUntil(release: Release, isSo: () => boolean): Promise<void> {
    const { clock, signal } = this.#options;
    const deadline = clock.now().add(longestAct);
    while (!isSo()) {
      if (Temporal.Instant.compare(clock.now(), deadline) > 0) throw tooLong(release, this);
      await clock.sleep(lookEvery, signal);
      await this.look();
    }
  }

  async lookFor(duration: Temporal.Duration): Promise<void> {
    const { clock, signal } = this.#options;
    const end = clock.now().add(duration);
    while (Temporal.Instant.compare(clock.now(), end) < 0) {
      await this.look();
      await clock.sleep(lookEvery, signal);
    }
  }

  /** A gate keeps the version, and the Rollout says so. */
  holds(tag: string): boolean {
    const { conditions = [], releaseCandidates = [] } = this.#rollout?.status ?? {};
    const isClosed = conditions.some(({ type, status }) => type === 'GatesPassing' && status === 'False');
    return isClosed && releaseCandidates.some((candidate) => candidate.tag === tag);
  }

  /** At rest with the expected version, which came after the act began. */
  isOver({ expected }: Release, before: number): boolean {
    const newest = this.#rollout?.status?.history?.[0];
    return newest?.version.tag === expected && newest.bakeStatus === 'Succeeded' && (newest.id ?? 0) > before;
  }
}

/** @throws CliError unless the history is the one that the story must leave. */
export function checkEnding(rollout: Rollout): void {
  const history = (rollout.status?.history ?? []).map(({ version, bakeStatus, trigger, approvals = [] }) =>
    [version.tag, bakeStatus ?? '', trigger ?? '', ...approvals.map(({ by }) => by)].join(' '),
  );
  if (history.join('\n') === expectedHistory.join('\n')) return;
  const message = `the history is not the expected one: ${history.join(', ')} instead of ${expectedHistory.join(', ')}`;
  throw new CliError(ExitCode.Failure, message, 'run it again with --keep and look around with kubectl');
}

function tooLong(release: Release, watcher: Watcher): CliError {
  const message = `${release.tag} did not end with ${release.expected} within ${longestAct.total('seconds')} s: ${watcher.state}`;
  return new CliError(ExitCode.Failure, message, 'run it again with --keep and look around with kubectl');
}
