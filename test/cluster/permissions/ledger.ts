/** The ledger of a whole run: the audit logs of all control planes in it, each beside the flags of its API server. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Workers of the run find it by this variable. */
const variable = 'KUBERIK_LEDGER';

export const controllerUser = 'system:serviceaccount:kuberik-system:kuberik-controller';

export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly apiGroup?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestObject?: unknown;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One control plane of the run. */
export interface Volume {
  readonly plane: string;
  /** Of kube-apiserver. */
  readonly flags: readonly string[];
  readonly events: readonly AuditEvent[];
}

/** Who names Secrets: what anybody writes there is kept, to tell whose Secret the controller may ask for. */
const referring = [
  { group: 'image.toolkit.fluxcd.io', resources: ['imagerepositories'] },
  { group: 'kuberik.com', resources: ['rolloutgates', 'healthchecks'] },
];
const owned = [
  { group: 'kuberik.com', resources: ['rolloutgates', 'healthchecks'] },
  { group: 'batch', resources: ['jobs'] },
];
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  omitManagedFields: true,
  rules: [
    // With their owners.
    { level: 'Request', users: [controllerUser], verbs: ['create'], resources: owned },
    { level: 'Metadata', users: [controllerUser] },
    { level: 'Request', verbs: ['create', 'update', 'patch'], resources: referring },
    { level: 'None' },
  ],
};

/** From now on every control plane that this process and its workers start writes into the folder. */
export function openLedger(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'policy.yaml'), stringify(policy));
  process.env[variable] = folder;
}

/** For a kube-apiserver whose other flags are these: none without a ledger, or where a test has an audit of its own. */
export function auditFlags(plane: string, flags: readonly string[]): readonly string[] {
  const folder = process.env[variable];
  if (folder === undefined || flags.some((flag) => flag.startsWith('--audit-policy-file='))) return [];
  const name = `${plane}-${process.hrtime.bigint()}`;
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ plane, flags }));
  const log = join(folder, `${name}.log`);
  writeFileSync(log, '');
  // It is read as one file.
  return [
    `--audit-policy-file=${join(folder, 'policy.yaml')}`,
    `--audit-log-path=${log}`,
    '--audit-log-maxsize=100000',
  ];
}

/** Everything until now. Volumes of planes that were started by this name, or by any. */
export function readLedger(plane?: string): readonly Volume[] {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error('this run keeps no ledger: run it with make test-cluster');
  const volumes = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return volumes
    .map((file) => ({ file, about: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Volume, 'events'> }))
    .filter(({ about }) => plane === undefined || about.plane === plane)
    .map(({ file, about }) => ({ ...about, events: eventsIn(join(folder, file.replace(/json$/, 'log'))) }));
}

function eventsIn(log: string): AuditEvent[] {
  return (
    readFileSync(log, 'utf8')
      .split('\n')
      // The last line may be half written, and so may one where the API server was killed.
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as AuditEvent];
        } catch {
          return [];
        }
      })
  );
}
