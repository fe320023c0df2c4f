import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configMap, TestServer } from '../testing.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';

describe('what follows a write', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await TestServer.start();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const owned = async (name: string, ...owners: readonly string[]): Promise<void> => {
    const ownerReferences = [];
    for (const owner of owners) {
      const { body } = await server.get(`${maps}/${owner}`);
      const uid = (body.metadata as { uid: string }).uid;
      ownerReferences.push({ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid, blockOwnerDeletion: true });
    }
    await server.ask('POST', maps, configMap(name, {}, { ownerReferences }));
  };
  const names = async (): Promise<string[]> => {
    const { body } = await server.get(maps);
    return (body.items as { metadata: { name: string } }[]).map((item) => item.metadata.name);
  };

  it('deletes dependents in the background, and theirs', async () => {
    await server.ask('POST', maps, configMap('owner'));
    await owned('child', 'owner');
    await owned('grandchild', 'child');
    await server.ask('DELETE', `${maps}/owner`);
    expect(await names()).toEqual([]);
  });

  it('keeps a dependent while one of its owners lives', async () => {
    await server.ask('POST', maps, configMap('one'));
    await server.ask('POST', maps, configMap('two'));
    await owned('child', 'one', 'two');
    await server.ask('DELETE', `${maps}/one`);
    const { body } = await server.get(`${maps}/child`);
    expect(body.metadata).toMatchObject({ ownerReferences: [{ name: 'two' }] });
    await server.ask('DELETE', `${maps}/two`);
    expect(await names()).toEqual([]);
  });

  it('orphans dependents', async () => {
    await server.ask('POST', maps, configMap('owner'));
    await owned('child', 'owner');
    await server.ask('DELETE', `${maps}/owner?propagationPolicy=Orphan`);
    expect(await names()).toEqual(['child']);
    expect((await server.get(`${maps}/child`)).body.metadata).not.toHaveProperty('ownerReferences');
  });

  it('lets an owner that is deleted in the foreground go after its dependents', async () => {
    await server.ask('POST', maps, configMap('owner'));
    await owned('child', 'owner');
    await server.ask('PATCH', `${maps}/child`, { metadata: { finalizers: ['example.com/hold'] } });
    await server.ask('DELETE', `${maps}/owner?propagationPolicy=Foreground`);
    expect(await names()).toEqual(['child', 'owner']);
    await server.ask('PATCH', `${maps}/child`, { metadata: { finalizers: null } });
    expect(await names()).toEqual([]);
  });

  it('collects an object whose owner never was', async () => {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: 'none' }];
    await server.ask('POST', maps, configMap('child', {}, { ownerReferences }));
    expect(await names()).toEqual([]);
  });

  it('empties a namespace before it goes, and waits for finalizers', async () => {
    const inside = '/api/v1/namespaces/team/configmaps';
    await server.ask('POST', '/api/v1/namespaces', { metadata: { name: 'team' } });
    await server.ask('POST', inside, configMap('a'));
    await server.ask('POST', inside, configMap('held', {}, { finalizers: ['example.com/hold'] }));
    await server.ask('DELETE', '/api/v1/namespaces/team');
    expect((await server.get(`${inside}/a`)).code).toBe(404);
    expect((await server.get('/api/v1/namespaces/team')).body.status).toEqual({ phase: 'Terminating' });
    const refused = await server.ask('POST', inside, configMap('b'));
    expect(refused).toMatchObject({ code: 403, body: { details: { causes: [{ reason: 'NamespaceTerminating' }] } } });
    await server.ask('PATCH', `${inside}/held`, { metadata: { finalizers: null } });
    expect((await server.get('/api/v1/namespaces/team')).code).toBe(404);
  });

  it('gives each namespace its default service account, again when it is deleted, and lets it go with the namespace', async () => {
    const account = (namespace: string): string => `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    for (const namespace of ['default', 'kube-system']) expect((await server.get(account(namespace))).code).toBe(200);
    await server.ask('POST', '/api/v1/namespaces', { metadata: { name: 'team' } });
    const { body } = await server.get(account('team'));
    await server.ask('DELETE', account('team'));
    const again = await server.get(account('team'));
    expect(again.body.metadata).not.toMatchObject({ uid: (body.metadata as { uid: string }).uid });
    await server.ask('DELETE', '/api/v1/namespaces/team');
    expect((await server.get('/api/v1/namespaces/team')).code).toBe(404);
  });

  it('serves a definition at once, in all its versions, and drops it with its objects', async () => {
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
    const versions = ['v1', 'v1beta2'].map((name) => ({ name, served: true, storage: name === 'v1', schema }));
    const names = { plural: 'things', kind: 'Thing' };
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await server.ask('POST', crds, {
      metadata: { name: 'things.example.com' },
      spec: { group: 'example.com', scope: 'Cluster', names, versions },
    });
    const { body } = await server.get(`${crds}/things.example.com`);
    expect(body.status).toMatchObject({
      storedVersions: ['v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
    });
    const thing = { apiVersion: 'example.com/v1beta2', kind: 'Thing', metadata: { name: 't' }, spec: {} };
    expect((await server.ask('POST', '/apis/example.com/v1beta2/things', thing)).code).toBe(201);
    expect((await server.get('/apis/example.com/v1/things/t')).body.apiVersion).toBe('example.com/v1');
    using watch = await server.watch('/apis/example.com/v1/things?watch=1');
    await server.ask('DELETE', `${crds}/things.example.com`);
    expect(await watch.take(2)).toEqual(['ADDED t', 'DELETED t']);
    expect((await server.get('/apis/example.com/v1/things')).code).toBe(404);
  });
});
