/** What becomes of a pod: told by an annotation of its template, or by the image, so that a *version* can be bad. */
import { parseDuration } from '../../api/duration.ts';
import { InvalidValueError } from '../../api/errors.ts';
import { OciError } from '../../oci/errors.ts';
import type { Pod } from './types.ts';

/** `ready`, `crash`, `hang` or `degrade`. Default `ready`. */
export const OUTCOME = 'sandbox.kuberik.com/outcome';
/** How long until then, for example `30s`. Default 0, for `degrade` one minute. */
export const AFTER = 'sandbox.kuberik.com/after';

/** A regular expression: of a Job that is told by its environment of such a version, the pods crash. */
const CRASH_VERSIONS = 'sandbox.kuberik.com/crash-versions';
const VERSION_VARIABLE = 'KUBERIK_VERSION';

export type Outcome =
  /** Becomes ready, or the Job's pod succeeds, `after` its start. */
  | { readonly kind: 'ready'; readonly after: Temporal.Duration }
  /** Exits with an error `after` its start, and again after each restart. */
  | { readonly kind: 'crash'; readonly after: Temporal.Duration }
  /** Runs, and never becomes ready. */
  | { readonly kind: 'hang' }
  /** Ready at once, no longer ready `after` its start. */
  | { readonly kind: 'degrade'; readonly after: Temporal.Duration }
  /** Does not start: no such image, or an outcome that is none. */
  | {
      readonly kind: 'blocked';
      readonly reason: 'ErrImagePull' | 'CreateContainerConfigError';
      readonly message: string;
    };

/** What becomes of a container of this image. */
export type OutcomeOf = (image: string, signal: AbortSignal) => Promise<Outcome>;

/**
 * The annotations of the image's manifest, with the labels of its config where there are any.
 * Rejects with an `OciError`, `KBK_OCI_NOT_FOUND` when there is no such image.
 */
export type ImageAnnotations = (image: string, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;

const none = new Temporal.Duration();
const aMinute = Temporal.Duration.from({ minutes: 1 });
const ready: Outcome = { kind: 'ready', after: none };

/** Undefined when the annotations say nothing about it. */
function parseOutcome(annotations: Readonly<Record<string, string>>): Outcome | undefined {
  const kind = annotations[OUTCOME];
  const after = annotations[AFTER];
  if (kind === undefined && after === undefined) return undefined;
  try {
    const delay = after === undefined ? undefined : parseDuration(after);
    switch (kind) {
      case undefined:
      case 'ready':
        return { kind: 'ready', after: delay ?? none };
      case 'crash':
        return { kind, after: delay ?? none };
      case 'degrade':
        return { kind, after: delay ?? aMinute };
      case 'hang':
        return { kind };
      default:
        return invalid(`${OUTCOME} is "${kind}": write ready, crash, hang or degrade`);
    }
  } catch (error) {
    if (error instanceof InvalidValueError) return invalid(`${AFTER}: ${error.message}`);
    throw error;
  }
}

function invalid(message: string): Outcome {
  return { kind: 'blocked', reason: 'CreateContainerConfigError', message };
}

/**
 * Asks the registry about images that `isLocal` says are its own; every other image is taken to exist and to be well.
 */
export function imageOutcomes(annotationsOf: ImageAnnotations, isLocal: (image: string) => boolean): OutcomeOf {
  return async (image, signal) => {
    if (!isLocal(image)) return ready;
    try {
      return parseOutcome(await annotationsOf(image, signal)) ?? ready;
    } catch (error) {
      if (!(error instanceof OciError)) throw error;
      const message = `Failed to pull image "${image}": ${error.message}`;
      return { kind: 'blocked', reason: 'ErrImagePull', message };
    }
  };
}

/** The annotations of the pod, else the first container whose image has something to say. */
export async function podOutcome(pod: Pod, outcomeOf: OutcomeOf, signal: AbortSignal): Promise<Outcome> {
  const told = testedOutcome(pod) ?? parseOutcome(pod.metadata.annotations ?? {});
  let worst = told ?? ready;
  for (const { image } of pod.spec.containers) {
    const outcome = image === undefined ? ready : await outcomeOf(image, signal);
    if (outcome.kind === 'blocked') return outcome;
    if (told === undefined && worst === ready) worst = outcome;
  }
  return worst;
}

/** The image of a test is the same for all versions; which one it tests stands in its environment. */
function testedOutcome({ metadata, spec }: Pod): Outcome | undefined {
  const pattern = metadata.annotations?.[CRASH_VERSIONS];
  if (pattern === undefined) return undefined;
  const versions = spec.containers.flatMap(({ env = [] }) =>
    env.flatMap(({ name, value }) => (name === VERSION_VARIABLE ? [value ?? ''] : [])),
  );
  try {
    const expression = new RegExp(pattern, 'u');
    return versions.some((version) => expression.test(version)) ? { kind: 'crash', after: none } : undefined;
  } catch {
    return invalid(`${CRASH_VERSIONS} is no regular expression: ${pattern}`);
  }
}
