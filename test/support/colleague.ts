/** Somebody with a name and a role that ships with Kuberik, in one namespace of either world. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Approval, type ApprovalSpec } from '../../src/api/approval.ts';
import { Rollout } from '../../src/api/rollout.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { mayI } from '../../src/kube/reviews.ts';
import { type Run, start, wordsOf } from '../cli/command.ts';
import { eventually } from './eventually.ts';
import type { Space } from './space.ts';

const rbac = 'rbac.authorization.k8s.io';
const group = 'kuberik.com';

export type Role = 'kuberik-viewer' | 'kuberik-approver' | 'kuberik-deployer' | 'kuberik-operator';

export class Colleague {
  readonly #space: Space;
  readonly #name: string;

  private constructor(space: Space, name: string) {
    this.#space = space;
    this.#name = name;
  }

  /** Binds the role, and resolves once it holds. */
  static async of(space: Space, name: string, role: Role): Promise<Colleague> {
    await space.put({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: `${name}-${role}` },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: rbac, kind: 'User', name }],
    });
    const colleague = new Colleague(space, name);
    const access = { verb: 'list', group, resource: 'rollouts', namespace: space.namespace };
    await colleague.act((client) =>
      eventually(async () => {
        expect(await mayI(client, access)).toBe(true);
      }),
    );
    return colleague;
  }

  /** What the API server does for this person, and refuses to this person. */
  async act<T>(what: (client: KubeClient) => Promise<T>): Promise<T> {
    const { cluster, clock } = this.#space.world;
    const impersonate = { user: this.#name, groups: [] };
    const client = createKubeClient({ cluster: { ...cluster, impersonate }, clock, userAgent: 'tests' });
    try {
      return await what(client);
    } finally {
      await client.close();
    }
  }

  /** @param decision with a version, a digest or both @returns the name of the Approval */
  async decide(gate: string, decision: Partial<ApprovalSpec>): Promise<string> {
    const spec = { gateRef: { name: gate }, decision: 'Approve', by: this.#name, ...decision };
    const metadata = { namespace: this.#space.namespace, name: '', generateName: `${gate}-` };
    const { apiVersion, kind } = Approval;
    const made = await this.act((client) => client.create(Approval, { apiVersion, kind, metadata, spec }));
    return made.metadata.name;
  }

  /** As `kubectl annotate rollout app` would. */
  async annotate(annotations: Readonly<Record<string, string>>): Promise<void> {
    const keys = Object.entries(annotations).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]);
    const body = { metadata: { annotations: Object.fromEntries(keys) as object } };
    const key = { namespace: this.#space.namespace, name: 'app' };
    await this.act((client) => client.patch(Rollout, key, { type: 'merge', body }));
  }

  /** A command line of `kuberik`. */
  async say(line: string): Promise<Run> {
    const { cluster } = this.#space.world;
    const { authorization = '' } = await cluster.headers();
    const config = join(tmpdir(), `kuberik-${this.#space.namespace}-${this.#name}.json`);
    const ca = cluster.ca === undefined ? {} : { 'certificate-authority-data': encoded(cluster.ca) };
    const user = authorization === '' ? {} : { token: authorization.replace('Bearer ', '') };
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'it', cluster: { server: cluster.server, ...ca } }],
      users: [{ name: 'it', user }],
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'it', namespace: this.#space.namespace } }],
      'current-context': 'it',
    });
    writeFileSync(config, text, { mode: 0o600 });
    try {
      return await start(['--kubeconfig', config, '--as', this.#name, ...wordsOf(line)]).ended;
    } finally {
      rmSync(config);
    }
  }
}

const encoded = (pem: string | Buffer): string => Buffer.from(pem).toString('base64');
