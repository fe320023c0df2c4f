/**
 * The least that a controller can do in this language: it watches ImagePolicies, and for each release it sends one status
 * patch and one apply, from 16 workers over connections that stay open. It decides nothing and remembers only the last tag.
 * Names are those of `work.ts`: policy, Rollout and Kustomization share one.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent } from 'undici';

interface Settings {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
  /** `host:port` that answers when the first list is complete. */
  readonly health: string;
}

interface Policy {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly resourceVersion: string };
  readonly status?: { readonly latestRef?: { readonly tag: string; readonly digest?: string } };
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Settings;
const ca = readFileSync(settings.caFile, 'utf8');
const workers = 16;
const agent = new Agent({ connections: workers + 1, connect: { ca }, headersTimeout: 0, bodyTimeout: 0 });
const headers = { authorization: `Bearer ${settings.token}`, 'user-agent': 'floor', accept: 'application/json' };

const policies = '/apis/image.toolkit.fluxcd.io/v1/imagepolicies';
const seen = new Map<string, string>();
const queue: Policy[] = [];
const idle: (() => void)[] = [];

async function get(path: string): Promise<AsyncIterable<Uint8Array> & { json(): Promise<unknown> }> {
  const { body, statusCode } = await agent.request({ origin: settings.server, path, method: 'GET', headers });
  if (statusCode !== 200) throw new Error(`GET ${path}: ${statusCode} ${await body.text()}`);
  return body;
}

async function patch(path: string, type: string, content: unknown): Promise<void> {
  const answer = await agent.request({
    origin: settings.server,
    path,
    method: 'PATCH',
    headers: { ...headers, 'content-type': type },
    body: JSON.stringify(content),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`PATCH ${path}: ${answer.statusCode} ${text}`);
}

function notice(policy: Policy): void {
  const { namespace, name } = policy.metadata;
  const tag = policy.status?.latestRef?.tag;
  const key = `${namespace}/${name}`;
  if (tag === undefined || seen.get(key) === tag) return;
  seen.set(key, tag);
  queue.push(policy);
  idle.pop()?.();
}

async function deploy({ metadata, status }: Policy): Promise<void> {
  const { namespace, name } = metadata;
  const { tag = '', digest } = status?.latestRef ?? {};
  const entry = {
    id: 1,
    version: { tag, digest },
    timestamp: new Date().toISOString(),
    message: 'Automatic deployment',
  };
  await patch(
    `/apis/kuberik.com/v1alpha1/namespaces/${namespace}/rollouts/${name}/status`,
    'application/merge-patch+json',
    { status: { history: [entry] } },
  );
  await patch(
    `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/${name}?fieldManager=floor&force=true`,
    'application/apply-patch+yaml',
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { namespace, name },
      spec: { postBuild: { substitute: { VERSION: tag } } },
    },
  );
}

async function work(): Promise<never> {
  for (;;) {
    const policy = queue.shift();
    if (policy !== undefined) await deploy(policy);
    else await new Promise<void>((resolve) => idle.push(resolve));
  }
}

async function watch(resourceVersion: string): Promise<void> {
  const body = await get(`${policies}?watch=true&resourceVersion=${resourceVersion}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) notice((JSON.parse(line) as { object: Policy }).object);
  }
}

const list = (await (await get(policies)).json()) as { items: Policy[]; metadata: { resourceVersion: string } };
for (const policy of list.items) notice(policy);
const [host = '', port] = settings.health.split(':');
createServer((_asked, answer) => answer.end()).listen(Number(port), host);
await Promise.all([watch(list.metadata.resourceVersion), ...Array.from({ length: workers }, work)]);
