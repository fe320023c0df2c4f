import { expect, it } from 'vitest';
import { withFields } from './fields.ts';

const url = new URL('http://changes.example.com/check?team=a');
const fields = { rollout: 'app', version: 'v1.3.0+build 7' };

it.each(['POST', 'PUT'] as const)('are the JSON of a %s', (method) => {
  expect(withFields(url, method, fields)).toEqual({ url, method, body: JSON.stringify(fields) });
});

it('are in the query of a GET, beside what is there', () => {
  const asked = withFields(url, 'GET', fields);
  expect(asked).not.toHaveProperty('body');
  expect(asked.url.search).toBe('?team=a&rollout=app&version=v1.3.0%2Bbuild+7');
  expect(url.search).toBe('?team=a');
});
