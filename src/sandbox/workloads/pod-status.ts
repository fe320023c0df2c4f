/** The status of a pod as a function of what becomes of it and of the time: what the kubelet would report now. */
import { createHash } from 'node:crypto';
import { timestamp } from '../flux/conditions.ts';
import type { Outcome } from './outcome.ts';
import type { ContainerStatus, Pod, WorkloadCondition } from './types.ts';

export interface PodPlan {
  readonly status: NonNullable<Pod['status']>;
  /** When it changes by itself; absent: never. */
  readonly next?: Temporal.Instant;
}

/** Seconds since the first start at which a crashing container is started again: back-off 10 s, doubled each time. */
const restarts = [10, 30, 70, 150, 310];
/** Seconds since the pod's start at which a missing image is looked for again; then every 5 minutes. */
const pulls = [10, 30, 70, 150];
const longestPull = 300;
/** While the first pull has just failed the reason is ErrImagePull, later ImagePullBackOff. */
const backOffAfter = 10;

/** What a container that fails has in its log. */
const LOG = 'sandbox.kuberik.com/log';

/** True when the containers began to run; its transition time is the start that delays count from. */
const STARTED = 'PodReadyToStartContainers';

type Moment = { readonly pod: Pod; readonly now: Temporal.Instant; readonly since: Temporal.Instant };

/** Undefined when the pod has ended: nothing changes any more. */
export function planPod(pod: Pod, outcome: Outcome, now: Temporal.Instant): PodPlan | undefined {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const created = pod.status?.startTime === undefined ? now : Temporal.Instant.from(pod.status.startTime);
  const started = conditionOf(pod, STARTED);
  const since =
    started?.status === 'True' && started.lastTransitionTime !== undefined
      ? Temporal.Instant.from(started.lastTransitionTime)
      : now;
  const moment = { pod, now, since };
  switch (outcome.kind) {
    case 'blocked':
      return blocked({ ...moment, since: created }, outcome);
    case 'hang':
      return { status: running(moment, false) };
    case 'ready':
      if (isBefore(moment, outcome.after)) return { status: running(moment, false), next: since.add(outcome.after) };
      return { status: runsToCompletion(pod) ? ended(moment, 0) : running(moment, true) };
    case 'degrade':
      if (runsToCompletion(pod)) return { status: ended(moment, 0) };
      if (isBefore(moment, outcome.after)) return { status: running(moment, true), next: since.add(outcome.after) };
      return { status: running(moment, false) };
    case 'crash':
      if (isBefore(moment, outcome.after)) return { status: running(moment, true), next: since.add(outcome.after) };
      return runsToCompletion(pod) ? { status: ended(moment, 1) } : crashing(moment, outcome.after);
  }
}

function isBefore({ now, since }: Moment, after: Temporal.Duration): boolean {
  return Temporal.Instant.compare(now, since.add(after)) < 0;
}

/** Pods of a Job, and pods that are never restarted. */
function runsToCompletion(pod: Pod): boolean {
  return (pod.spec.restartPolicy ?? 'Always') !== 'Always';
}

function secondsSince({ now, since }: Moment): number {
  return Math.floor(since.until(now).total('seconds'));
}

function running(moment: Moment, ready: boolean): PodPlan['status'] {
  const startedAt = timestamp(moment.since);
  return build(moment, 'Running', ready, { ready, started: true, restartCount: 0, state: { running: { startedAt } } });
}

function ended(moment: Moment, exitCode: number): PodPlan['status'] {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const terminated = { exitCode, reason, startedAt: timestamp(moment.since), finishedAt: timestamp(moment.now) };
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  return build(moment, phase, false, { ready: false, started: false, restartCount: 0, state: { terminated } });
}

function crashing(moment: Moment, after: Temporal.Duration): PodPlan {
  const first = moment.since.add(after);
  const elapsed = secondsSince({ ...moment, since: first });
  const passed = restarts.filter((at) => at <= elapsed).length;
  const last = timestamp(first.add({ seconds: restarts[passed - 1] ?? 0 }));
  const terminated = { exitCode: 1, reason: 'Error', startedAt: last, finishedAt: last };
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' };
  const status = build(moment, 'Running', false, {
    ready: false,
    started: false,
    restartCount: passed + 1,
    state: { waiting },
    lastState: { terminated },
  });
  const next = restarts[passed];
  return next === undefined ? { status } : { status, next: first.add({ seconds: next }) };
}

function blocked(moment: Moment, { reason, message }: Extract<Outcome, { kind: 'blocked' }>): PodPlan {
  const elapsed = secondsSince(moment);
  const backedOff = reason === 'ErrImagePull' && elapsed >= backOffAfter;
  const waiting = { reason: backedOff ? 'ImagePullBackOff' : reason, message };
  const status = build(moment, 'Pending', false, { ready: false, started: false, restartCount: 0, state: { waiting } });
  const next = pulls.find((at) => at > elapsed) ?? elapsed + longestPull;
  return { status, next: moment.since.add({ seconds: next }) };
}

function build(
  { pod, now }: Moment,
  phase: string,
  ready: boolean,
  container: Omit<ContainerStatus, 'name' | 'image' | 'imageID'>,
): PodPlan['status'] {
  const started = phase !== 'Pending';
  const condition = (type: string, holds: boolean, reason?: string): WorkloadCondition => {
    const status = holds ? 'True' : 'False';
    const existing = conditionOf(pod, type);
    const since = existing?.status === status ? existing.lastTransitionTime : undefined;
    const explained = !holds && reason !== undefined ? { reason } : {};
    return { type, status, lastTransitionTime: since ?? timestamp(now), ...explained };
  };
  const unready = phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady';
  return {
    phase,
    startTime: pod.status?.startTime ?? timestamp(now),
    hostIP: '10.0.0.1',
    ...(started ? { podIP: addressOf(pod) } : {}),
    conditions: [
      condition(STARTED, started),
      condition('Initialized', true),
      condition('Ready', ready, unready),
      condition('ContainersReady', ready, unready),
      condition('PodScheduled', true),
    ],
    containerStatuses: pod.spec.containers.map(({ name, image = '', terminationMessagePolicy }) => ({
      name,
      image,
      imageID: image,
      ...container,
      ...(terminationMessagePolicy === 'FallbackToLogsOnError' && { state: withLog(container.state, pod) }),
    })),
  };
}

/** What the kubelet takes from the end of the log of a container that failed and asks for it. */
function withLog(state: ContainerStatus['state'], { metadata }: Pod): ContainerStatus['state'] {
  const message = metadata.annotations?.[LOG];
  const terminated = state?.terminated;
  if (terminated === undefined || terminated.exitCode === 0 || message === undefined) return state;
  return { terminated: { ...terminated, message } };
}

function conditionOf(pod: Pod, type: string): WorkloadCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

/** Nothing listens there; two pods have the same address about never. */
function addressOf({ metadata }: Pod): string {
  const [a = 0, b = 0, c = 0] = createHash('sha256')
    .update(metadata.uid ?? metadata.name)
    .digest();
  return `10.${128 + (a % 64)}.${b}.${1 + (c % 254)}`;
}
