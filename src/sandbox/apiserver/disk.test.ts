import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widgetDefinition } from '../../../test/conformance/table/widget.ts';
import { type Durable, onDisk } from './disk.ts';
import { configMap, TestServer } from './testing.fixture.ts';

const maps = '/api/v1/namespaces/default/configmaps';

describe('data directory', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'apiserver-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const withStore = async (use: (durable: Durable) => void): Promise<void> => {
    const durable = await onDisk(directory, 100);
    use(durable);
    await durable.close();
  };
  const put = (durable: Durable, name: string): void =>
    void durable.store.put('/things', '', name, { metadata: { name } });
  const names = async (): Promise<unknown[]> => {
    const found: unknown[] = [];
    await withStore(({ store }) =>
      found.push(...store.list('/things').map((object) => (object.metadata as { name: string }).name)),
    );
    return found;
  };

  it('keeps objects, deletions and custom resources between runs', async () => {
    {
      await using server = await TestServer.start({ dataDir: directory, crds: [widgetDefinition] });
      await server.ask('POST', maps, configMap('kept', { x: '1' }));
      await server.ask('POST', maps, configMap('gone'));
      await server.ask('DELETE', `${maps}/gone`);
      const widget = { apiVersion: 'table.example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1 } };
      await server.ask('POST', '/apis/table.example.com/v1/namespaces/default/widgets', widget);
    }
    await using server = await TestServer.start({ dataDir: directory });
    expect((await server.get(`${maps}/kept`)).body).toMatchObject({ data: { x: '1' } });
    expect((await server.get(`${maps}/gone`)).code).toBe(404);
    const widget = await server.get('/apis/table.example.com/v1/namespaces/default/widgets/w');
    expect(widget.body).toMatchObject({ spec: { size: 1, limit: 10 } });
  });

  it('drops a torn last line and goes on behind it', async () => {
    await withStore((durable) => {
      put(durable, 'a');
      put(durable, 'b');
    });
    const log = join(directory, 'log.jsonl');
    truncateSync(log, readFileSync(log).length - 7);
    expect(await names()).toEqual(['a']);
    await withStore((durable) => {
      put(durable, 'c');
    });
    appendFileSync(log, '{"revision":');
    expect(await names()).toEqual(['a', 'c']);
  });

  it('never uses a revision twice, even one that was lost', async () => {
    let before = 0;
    await withStore((durable) => {
      put(durable, 'a');
      before = durable.store.revision;
    });
    writeFileSync(join(directory, 'log.jsonl'), '');
    await withStore((durable) => {
      put(durable, 'a');
    });
    truncateSync(join(directory, 'log.jsonl'), 3);
    await withStore((durable) => {
      put(durable, 'b');
      before = durable.store.revision;
    });
    await withStore((durable) => {
      expect(durable.store.revision).toBeGreaterThan(before);
    });
  });

  it('folds a long log into a snapshot', async () => {
    await withStore((durable) => {
      for (let index = 0; index < 21_000; index += 1) put(durable, `n${index % 3}`);
    });
    expect(readFileSync(join(directory, 'log.jsonl')).length).toBe(0);
    expect(readFileSync(join(directory, 'snapshot.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);
    expect(await names()).toEqual(['n0', 'n1', 'n2']);
  });
});
