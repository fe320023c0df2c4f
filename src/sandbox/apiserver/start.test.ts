import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Fault } from './faults.ts';
import { configMap, TestServer } from './testing.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';

describe('server', () => {
  it('has the namespaces of every cluster, and says that it is ready', async () => {
    await using server = await TestServer.start();
    const { body } = await server.get('/api/v1/namespaces');
    expect((body.items as { metadata: { name: string } }[]).map((item) => item.metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    for (const path of ['/healthz', '/livez', '/readyz']) expect((await server.get(path)).body).toEqual({ text: 'ok' });
  });

  it('lets in only who has a token, when there are any', async () => {
    const users = { secret: { username: 'jane', groups: ['system:masters'] } };
    await using server = await TestServer.start({ tokens: users });
    expect((await server.get(maps)).code).toBe(401);
    const headers = { authorization: 'Bearer secret' };
    expect((await server.ask('GET', maps, undefined, headers)).code).toBe(200);
    const review = await server.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, headers);
    const groups = ['system:masters', 'system:authenticated'];
    expect(review.body.status).toEqual({ userInfo: { username: 'jane', groups } });
    expect(parse(server.server.kubeconfig('secret'))).toMatchObject({ users: [{ user: { token: 'secret' } }] });
  });

  it.each(['/api/v1/%', '/api/v1/namespaces/%E2/pods', '//'])('refuses %s, which is no path', async (path) => {
    await using server = await TestServer.start();
    expect((await server.get(path)).code).toBe(400);
  });

  it('fails as it is told to', async () => {
    const faults: (Fault | undefined)[] = [
      { answer: { status: 429, headers: { 'retry-after': '1' }, body: '{}' } },
      { drop: 'before' },
      { drop: 'after' },
    ];
    await using server = await TestServer.start({ intercept: () => faults.shift() });
    expect(await server.get(maps)).toMatchObject({ code: 429, headers: { 'retry-after': '1' } });
    await expect(server.ask('POST', maps, configMap('before'))).rejects.toThrow();
    await expect(server.ask('POST', maps, configMap('after'))).rejects.toThrow();
    expect((await server.get(`${maps}/before`)).code).toBe(404);
    expect((await server.get(`${maps}/after`)).code).toBe(200);
  });

  it('counts and logs requests', async () => {
    const log: string[] = [];
    await using server = await TestServer.start({
      requestLog: ({ method, url, status }) => log.push(`${method} ${url} ${status}`),
    });
    await server.get(maps);
    await server.ask('POST', maps, configMap('a'));
    {
      using watch = await server.watch(`${maps}?watch=1`);
      await watch.take(1);
    }
    expect(Object.fromEntries(server.server.requests)).toEqual({ GET: 1, POST: 1, WATCH: 1 });
    expect(log.slice(0, 2)).toEqual([`GET ${maps} 200`, `POST ${maps} 201`]);
  });

  it('refuses a definition that is none when it starts', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
    };
    await expect(TestServer.start({ crds: [definition] })).rejects.toThrow(/is invalid/);
    await expect(TestServer.start({ crds: [{ metadata: { name: 'x' } }] })).rejects.toThrow(/nothing serves/);
  });

  it('gives generated names and uids that can be foretold', async () => {
    await using server = await TestServer.start({ random: () => 0, uid: () => 'fixed' });
    const create = (): Promise<unknown> =>
      server.ask('POST', maps, { metadata: { generateName: 'made-' } }).then(({ code, body }) => [code, body.metadata]);
    expect(await create()).toMatchObject([201, { name: 'made-bbbbb', uid: 'fixed' }]);
    expect(await create()).toMatchObject([409, {}]);
  });

  it('reads and writes YAML', async () => {
    await using server = await TestServer.start();
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\ndata:\n  a: "1"\n';
    const created = await server.ask('POST', maps, body, { 'content-type': 'application/yaml' });
    expect(created.code).toBe(201);
    const read = await server.ask('GET', `${maps}/y`, undefined, { accept: 'application/yaml' });
    expect(parse(String(read.body.text))).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
    const applied = await server.ask('APPLY', `${maps}/z?fieldManager=t`, body.replace('name: y', 'name: z'));
    expect(applied.code).toBe(201);
  });
});
