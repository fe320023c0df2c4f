/** How the command ends: exit codes, and errors that say what to do. The table is part of the interface: docs/cli.md. */
import { InvalidObjectError, InvalidValueError } from '../api/errors.ts';
import type { ObjectKey } from '../api/meta.ts';
import { ApiStatusError, KubeError } from '../kube/errors.ts';
import { oneLine } from './paint.ts';

/** Exit codes; they never change their meaning. */
export const ExitCode = {
  Ok: 0,
  /** Anything that has no code of its own. */
  Failure: 1,
  /** The command line cannot be understood. */
  Usage: 2,
  /** The object, or the version, is not there. */
  NotFound: 3,
  /** No answer from the API server, or no usable kubeconfig. */
  NoConnection: 4,
  /** The API server does not allow it. */
  Forbidden: 5,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error of the command itself. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** What the person can do about it. */
  readonly remedy: string | undefined;

  constructor(exitCode: ExitCode, message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }
}

export function usageError(message: string, remedy: string): CliError {
  return new CliError(ExitCode.Usage, message, remedy);
}

export interface Report {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly remedy: string | undefined;
}

/** What an error means for a person at a terminal. */
export function describeError(error: unknown): Report {
  if (error instanceof CliError) return report(error.exitCode, error.message, error.remedy);
  if (error instanceof ApiStatusError) return describeStatus(error);
  if (error instanceof KubeError) return describeKube(error);
  if (error instanceof InvalidObjectError) {
    return report(ExitCode.Failure, error.message, 'correct the object, or bring its CRD up to date: kuberik crds');
  }
  if (error instanceof InvalidValueError) return report(ExitCode.Usage, error.message);
  if (error instanceof Error) return report(ExitCode.Failure, error.message);
  return report(ExitCode.Failure, String(error));
}

// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
const policyRefusal =
  /ValidatingAdmissionPolicy '([^']*)' with binding '[^']*' denied request: (.*?)(?: \(\d{3} \w+\))?$/s;

function describeStatus(error: ApiStatusError): Report {
  const [, policy, said] = policyRefusal.exec(error.message) ?? [];
  if (policy !== undefined && said !== undefined) {
    const remedy = `it is the ValidatingAdmissionPolicy ${policy} that says so`;
    return report(ExitCode.Forbidden, `the API server refuses: ${said}`, remedy);
  }
  const { verb, kind, key } = error.target;
  const place = key.namespace === '' ? 'in the cluster' : `in namespace ${key.namespace}`;
  switch (error.status) {
    case 401:
      return report(ExitCode.Forbidden, 'the API server does not know who you are', 'log in to the cluster again');
    case 403: {
      const remedy = `ask for the verb "${verb}" on ${kind} ${place}`;
      return report(ExitCode.Forbidden, `the API server refuses: ${error.message}`, remedy);
    }
    case 404: {
      if (key.name !== '') return notFound(kind, key);
      const remedy = 'install the resource definitions: kuberik crds | kubectl apply --server-side -f -';
      return report(ExitCode.NotFound, `this cluster does not know the kind ${kind}`, remedy);
    }
    // It is starting, or about to stop.
    case 503:
      return report(ExitCode.NoConnection, error.message, 'try again in a moment');
    default:
      return report(ExitCode.Failure, error.message);
  }
}

/** An object that was asked for by name and is not there. */
function notFound(kind: string, key: ObjectKey): Report {
  if (key.namespace === '') return report(ExitCode.NotFound, `there is no ${kind} ${key.name}`);
  const place = ` in namespace ${key.namespace}`;
  return report(ExitCode.NotFound, `there is no ${kind} ${key.name}${place}`, 'look in every namespace: -A');
}

function describeKube(error: KubeError): Report {
  switch (error.code) {
    case 'KBK_KUBE_CONFIG':
      return report(ExitCode.NoConnection, error.message);
    case 'KBK_KUBE_CONNECTION':
    case 'KBK_KUBE_RESPONSE':
      return report(ExitCode.NoConnection, error.message, 'check the cluster and the context: kubectl version');
    case 'KBK_KUBE_LEASE_LOST':
    case 'KBK_KUBE_STATUS':
      return report(ExitCode.Failure, error.message);
  }
}

function report(exitCode: ExitCode, message: string, remedy?: string): Report {
  return { exitCode, message: oneLine(message), remedy };
}
