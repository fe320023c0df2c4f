import { describe, expect, it } from 'vitest';
import { sameJson } from '../api/json.ts';
import { applyFields, rolloutFieldManager } from './apply.ts';
import type { KubeClient } from './client.ts';
import { writeStatus } from './status.ts';
import { Widget, widget } from './testing/widget.ts';

/** Keeps the arguments of the writes. */
function recordingClient(log: unknown[]): KubeClient {
  const write = async (_type: unknown, object: unknown, options: unknown): Promise<unknown> => {
    log.push([object, options]);
    return object;
  };
  return { apply: write, replace: write } as unknown as KubeClient;
}

describe('field manager', () => {
  it('is the name of the Rollout, within 128 characters, different for different names', () => {
    expect(rolloutFieldManager('web')).toBe('kuberik-rollout/web');
    const names = ['x'.repeat(253), `${'x'.repeat(252)}y`].map(rolloutFieldManager);
    expect(names.map((name) => name.length)).toEqual([128, 128]);
    expect(new Set(names).size).toBe(2);
  });

  it('applies just its fields', async () => {
    const log: unknown[] = [];
    const key = { namespace: 'default', name: 'a' };
    await applyFields(recordingClient(log), Widget, key, {
      fields: { spec: { size: 1 } },
      fieldManager: 'm',
      uid: 'u',
    });
    const metadata = { name: 'a', namespace: 'default', uid: 'u' };
    expect(log).toEqual([
      [{ apiVersion: 'example.com/v1', kind: 'Widget', metadata, spec: { size: 1 } }, { fieldManager: 'm' }],
    ]);
  });
});

describe('status write', () => {
  it('sends the version that was read, and every field that it does not know', async () => {
    const log: unknown[] = [];
    const object = { ...widget('a', '7', { status: { seen: 1, later: 'x' } }), extra: { kept: true } };
    await writeStatus(recordingClient(log), Widget, object, { seen: 2, later: 'x' });
    expect(log).toEqual([[{ ...object, status: { seen: 2, later: 'x' } }, { subresource: 'status' }]]);
  });

  it('sends nothing when nothing changes', async () => {
    const log: unknown[] = [];
    const object = widget('a', '7', { status: { seen: 1 } });
    expect(await writeStatus(recordingClient(log), Widget, object, { seen: 1, gone: undefined })).toBe(object);
    expect(log).toEqual([]);
  });

  it.each([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { b: 1 }, false],
    [[1], [1, 2], false],
    [[], {}, false],
    [null, {}, false],
    [undefined, {}, false],
  ])('%j and %j: %s', (a, b, same) => {
    expect([sameJson(a, b), sameJson(b, a)]).toEqual([same, same]);
  });
});
