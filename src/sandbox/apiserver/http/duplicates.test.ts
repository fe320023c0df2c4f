import { describe, expect, it } from 'vitest';
import { duplicateKeys } from './duplicates.ts';

describe('keys that are there twice', () => {
  it.each([
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":2,"b":3}}', ['a.b', 'a.b']],
    ['{"l":[{"n":1},{"n":1,"n":2}]}', ['l[1].n']],
    ['{"a":"{\\"x\\":1,\\"x\\":2}","b":"a"}', []],
    ['[[1,{"a":"}","a":"\\""}]]', ['[0][1].a']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{}', []],
    ['3', []],
  ])('in %s', (body, expected) => {
    expect(duplicateKeys(body)).toEqual(expected);
  });
});
