import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { RolloutGate } from '../api/rollout-gate.ts';
import { createObjectPrinter, type OutputFormat, parseOutput } from './output.ts';
import { createPaint } from './paint.ts';

const gate = (name: string): RolloutGate =>
  RolloutGate.parse({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'RolloutGate',
    metadata: { name, namespace: 'shop', managedFields: [{ manager: 'kubectl' }] },
    spec: { rolloutRef: { name: 'app' } },
  });

const printer = (format: OutputFormat, single = false) =>
  createObjectPrinter({
    type: RolloutGate,
    format,
    columns: [{ heading: 'NAME', cell: ({ metadata }) => metadata.name }],
    paint: createPaint(false),
    single,
  });

describe('createObjectPrinter', () => {
  it('prints names as kubectl does', () => {
    expect(printer('name').print([gate('a'), gate('b')])).toBe(
      'rolloutgate.kuberik.com/a\nrolloutgate.kuberik.com/b\n',
    );
  });

  it('prints a List, without bookkeeping', () => {
    const list = JSON.parse(printer('json').print([gate('a')])) as { kind: string; items: { metadata: object }[] };
    expect(list.kind).toBe('List');
    expect(list.items[0]?.metadata).toEqual({ name: 'a', namespace: 'shop' });
  });

  it('prints a single object as itself', () => {
    expect(JSON.parse(printer('json', true).print([gate('a')]))).toMatchObject({ kind: 'RolloutGate' });
  });

  it('prints changes of a watch as further documents', () => {
    const yaml = printer('yaml');
    const text = yaml.print([gate('a'), gate('b')]) + yaml.print([gate('b')]);
    expect(parseAllDocuments(text).map((document) => document.toJS() as unknown)).toMatchObject([
      { kind: 'List' },
      { kind: 'RolloutGate', metadata: { name: 'b' } },
    ]);
  });

  it('prints a table', () => {
    expect(printer('table').print([gate('a')])).toBe('NAME\na\n');
  });
});

describe('parseOutput', () => {
  it('names what there is when it does not know the format', () => {
    expect(parseOutput('wide')).toBe('wide');
    expect(() => parseOutput('xml')).toThrow('there is no output format "xml"');
  });
});
