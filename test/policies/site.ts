/**
 * `policies` is who may do what, tried from outside by people with credentials of their own. The stories are told of a
 * site, and of two: the sandbox here, a real API server in the cluster tier (`test/cluster/policies`).
 */
import { expect } from 'vitest';
import { isObject, objectOf, text } from '../../src/sandbox/apiserver/json.ts';
import { eventually } from '../support/eventually.ts';

export const people = ['alice', 'bob'] as const;
/** `administrator` may everything. */
export type Person = (typeof people)[number] | 'administrator';

export interface Said {
  readonly code: number;
  readonly body: unknown;
}

/** An API server with Kuberik's definitions, policies and roles, and people who can prove who they are. */
export interface Site {
  ask(person: Person, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Said>;
}

const rbac = 'rbac.authorization.k8s.io';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export const mergePatch = { 'content-type': 'application/merge-patch+json' };
export const applyPatch = { 'content-type': 'application/apply-patch+yaml' };

/** A namespace on a site, and what is done there. */
export class Room {
  readonly site: Site;
  readonly namespace: string;

  private constructor(site: Site, namespace: string) {
    this.site = site;
    this.namespace = namespace;
  }

  static async open(site: Site, name: string): Promise<Room> {
    const namespace = `${name.replaceAll(/[^a-z]+/g, '-')}-${Math.random().toString(36).slice(2, 7)}`;
    const room = new Room(site, namespace);
    await room.done('administrator', 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    return room;
  }

  path(plural: string, group = 'kuberik.com', version = 'v1alpha1'): string {
    return `/apis/${group}/${version}/namespaces/${this.namespace}/${plural}`;
  }

  get rollout(): string {
    return this.path('rollouts/app');
  }

  /** @throws when it is refused */
  async done(...request: Parameters<Site['ask']>): Promise<unknown> {
    const { code, body } = await this.site.ask(...request);
    expect(code, JSON.stringify(body)).toBeLessThan(300);
    return body;
  }

  /** @returns what the API server says to it: the message of a refusal, or nothing */
  async said(...request: Parameters<Site['ask']>): Promise<string> {
    const { code, body } = await this.site.ask(...request);
    return code < 300 ? '' : `${code} ${text(objectOf(body).message)}`;
  }

  patch(person: Person, patch: object, path = this.rollout): Promise<string> {
    return this.said(person, 'PATCH', path, patch, mergePatch);
  }

  annotate(person: Person, annotations: Record<string, string | null>): Promise<string> {
    const entries = Object.entries(annotations).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]);
    return this.patch(person, { metadata: { annotations: Object.fromEntries(entries) } });
  }

  async create(person: Person, plural: string, object: object): Promise<string> {
    return this.said(person, 'POST', this.path(plural), { apiVersion: 'kuberik.com/v1alpha1', ...object });
  }

  /** The Rollout `app`, of the administrator. */
  async deliver(spec: object = {}, annotations: Record<string, string> = {}): Promise<void> {
    expect(await this.create('administrator', 'rollouts', rollout(spec, annotations))).toBe('');
  }

  /** Gives a person these rights here, and waits until they hold. */
  async allow(person: Person, ...rules: readonly Rule[]): Promise<void> {
    const name = `may-${person}`;
    await this.done('administrator', 'POST', this.path('roles', rbac, 'v1'), { metadata: { name }, rules });
    await this.bind(person, 'Role', name);
  }

  /** Gives a person a role here, and waits until it holds: each of them may read Rollouts. */
  async bind(person: Person, kind: 'Role' | 'ClusterRole', name: string): Promise<void> {
    await this.done('administrator', 'POST', this.path('rolebindings', rbac, 'v1'), {
      metadata: { name },
      roleRef: { apiGroup: rbac, kind, name },
      subjects: [{ apiGroup: rbac, kind: 'User', name: person }],
    });
    await eventually(async () => {
      expect(await this.may(person, { verb: 'list', group: 'kuberik.com', resource: 'rollouts' })).toBe(true);
    });
  }

  async may(person: Person, attributes: object): Promise<boolean> {
    const resourceAttributes = { namespace: this.namespace, ...attributes };
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    };
    const answer = await this.done(person, 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body);
    return isObject(answer) && objectOf(answer.status).allowed === true;
  }
}

export function rollout(spec: object = {}, annotations: Record<string, string> = {}): object {
  const entries = Object.entries(annotations).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]);
  return {
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'app', annotations: Object.fromEntries(entries) },
    spec: { releasesImagePolicy: { name: 'app' }, ...spec },
  };
}

/** Reading and editing Rollouts, with further verbs. */
export function editing(...verbs: readonly string[]): Rule {
  const plain = ['get', 'list', 'create', 'update', 'patch', 'delete'];
  return { apiGroups: ['kuberik.com'], resources: ['rollouts'], verbs: [...plain, ...verbs] };
}
