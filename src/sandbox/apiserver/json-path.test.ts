import { expect, it } from 'vitest';
import { compileJsonPath } from './json-path.ts';

const object = {
  spec: { image: 'web:1', 'a.b/c': 'dotted', ports: [80, 443] },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', n: 1 },
      { type: 'Synced', status: 'False', n: 2 },
    ],
  },
};

it.each([
  ['.spec.image', ['web:1']],
  ['$.spec.image', ['web:1']],
  ['.spec.ports[0]', [80]],
  ['.spec.ports[-1]', [443]],
  ['.spec.ports[*]', [80, 443]],
  [".spec['a.b/c']", ['dotted']],
  ['.spec.a\\.b/c', ['dotted']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [".status.conditions[?(@.type=='Synced')].status", ['False']],
  ['.status.conditions[?(@.type!="Ready")].n', [2]],
  ['.status.conditions[?(@.n==1)].type', ['Ready']],
  ['.status.conditions[*].type', ['Ready', 'Synced']],
  ['..status', [object.status, 'True', 'False']],
  ['.none.at.all', []],
])('%s', (path, expected) => {
  expect(compileJsonPath(path)(object)).toEqual(expected);
});

it('refuses what it does not understand', () => {
  expect(() => compileJsonPath('.a[?(')).toThrow(SyntaxError);
});
