/** For tests: a registry that is closed when the test ends, and what to push to it. */
import { createHash } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { isRecord } from '../../../api/json.ts';
import { systemClock } from '../../../kube/clock.ts';
import { type JsonObject, listAt, parseObject } from '../../../oci/json.ts';
import { mediaTypes } from '../../../oci/media-types.ts';
import { type RunningRegistry, type StartRegistryOptions, startRegistry } from '../start-registry.ts';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly json: () => JsonObject;
}

type Call = (method: string, path: string, init?: RequestInit) => Promise<Reply>;

interface Started {
  readonly registry: RunningRegistry;
  readonly call: Call;
  /** `<status> <error code>` of a refusal. */
  code(reply: Promise<Reply>): Promise<string>;
}

export async function start(options: Partial<StartRegistryOptions> = {}): Promise<Started> {
  const registry = await startRegistry({ clock: systemClock, ...options });
  onTestFinished(() => registry.close());
  return {
    registry,
    async call(method, path, init = {}) {
      const response = await fetch(new URL(path, registry.url), { method, ...init });
      const body = await response.text();
      return { status: response.status, headers: response.headers, body, json: () => parseObject(body) ?? {} };
    },
    async code(reply) {
      const { status, json } = await reply;
      const [error] = listAt(json(), 'errors');
      return `${status} ${isRecord(error) ? String(error.code) : 'without a code'}`;
    },
  };
}

export const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
export const absent = sha256('absent');

export async function putBlob(call: Call, repository: string, content: string): Promise<string> {
  const digest = sha256(content);
  const { status } = await call('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: content });
  expect(status).toBe(201);
  return digest;
}

export function manifestOf(more: object = {}): string {
  const config = { mediaType: mediaTypes.config, digest: sha256('{}'), size: 2 };
  return JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [], ...more });
}

const oci = { 'content-type': mediaTypes.manifest };
export async function putImage(
  call: Call,
  repository: string,
  reference: string,
  manifest = manifestOf(),
): Promise<Reply> {
  await putBlob(call, repository, '{}');
  return call('PUT', `/v2/${repository}/manifests/${reference}`, { body: manifest, headers: oci });
}
