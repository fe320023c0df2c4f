/** Who may do what: ServiceAccounts with roles, their tokens, client certificates. */
import { renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from '../../control-plane/command.ts';
import type { ControlPlane } from '../../control-plane/control-plane.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export const everything: Rule = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

/** A ServiceAccount of the namespace `default` that may do this everywhere. */
export async function serviceAccount({ admin }: ControlPlane, name: string, rules: readonly Rule[]): Promise<void> {
  const rbac = 'rbac.authorization.k8s.io';
  await admin.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'default' } });
  await admin.apply({ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
  await admin.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
  });
}

/** @param secret that the token ends with; made here */
export async function tokenOf(plane: ControlPlane, name: string, secret?: string): Promise<string> {
  const bound = secret === undefined ? [] : ['--bound-object-kind=Secret', `--bound-object-name=${secret}`];
  if (secret !== undefined)
    await plane.admin.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, namespace: 'default' } });
  const token = await run(plane.obtained.program('kubectl'), [
    `--kubeconfig=${plane.kubeconfig}`,
    ...['-n', 'default', 'create', 'token', name, '--duration=24h', ...bound],
  ]);
  return token.trim();
}

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Signs a certificate for a member of `system:masters`, good for so many seconds, and puts it where it is looked for. */
export async function signCertificate(plane: ControlPlane, files: CertificateFiles, seconds: number): Promise<void> {
  const { clientCa, clientCaKey } = plane.keys;
  const folder = plane.run.folder(`signing/${basename(files.certificate)}`);
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('index'), '');
  writeFileSync(file('config'), authority(folder));
  await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file('key')]);
  const subject = ['-subj', '/O=system:masters/CN=somebody'];
  await run('openssl', ['req', '-new', '-key', file('key'), ...subject, '-out', file('request')]);
  const now = Temporal.Now.instant();
  await run('openssl', [
    ...['ca', '-batch', '-notext', '-config', file('config'), '-cert', clientCa, '-keyfile', clientCaKey],
    ...['-startdate', asn1(now.subtract({ minutes: 1 })), '-enddate', asn1(now.add({ seconds }))],
    ...['-in', file('request'), '-out', file('certificate')],
  ]);
  renameSync(file('key'), files.key);
  renameSync(file('certificate'), files.certificate);
}

function authority(folder: string): string {
  return `[ca]
default_ca = it
[it]
new_certs_dir = ${folder}
database = ${folder}/index
unique_subject = no
rand_serial = yes
default_md = sha256
policy = any
[any]
organizationName = supplied
commonName = supplied
`;
}

/** As certificates write it: YYYYMMDDHHMMSSZ. */
function asn1(instant: Temporal.Instant): string {
  return instant.round({ smallestUnit: 'second' }).toString().replaceAll(/[-:T]/g, '');
}
