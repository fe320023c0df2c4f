import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configMap, TestServer } from '../testing.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

describe('server-side apply of what kubectl applied by itself', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await TestServer.start();
    const written = JSON.stringify(configMap('a', { x: '1' }));
    const object = configMap('a', { x: '1', other: '1' }, { annotations: { [annotation]: written } });
    await server.ask('POST', `${maps}?fieldManager=kubectl-client-side-apply`, object);
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const apply = (manager: string, data: Record<string, string>) =>
    server.ask('APPLY', `${maps}/a?fieldManager=${manager}`, configMap('a', data));

  it('takes over its fields, and keeps the record', async () => {
    const { code, body } = await apply('kubectl', { x: '2' });
    expect(code).toBe(200);
    expect(body).toMatchObject({ data: { x: '2', other: '1' } });
    const { annotations } = body.metadata as { annotations: Record<string, string> };
    expect(JSON.parse(annotations[annotation] ?? '')).toMatchObject({ data: { x: '2' } });
  });

  it('conflicts over what it had not applied', async () => {
    const { code, body } = await apply('kubectl', { x: '2', other: '2' });
    expect(code).toBe(409);
    expect(body).toMatchObject({ details: { causes: [{ field: '.data.other' }] } });
  });

  it('is for kubectl alone', async () => {
    expect((await apply('another', { x: '2' })).code).toBe(409);
  });
});
