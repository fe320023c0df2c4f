import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pagePath, permissionsPage, unexplained } from './page.ts';

test('the page about permissions is what the roles say: node test/permissions/page.ts writes it', () => {
  expect(readFileSync(pagePath, 'utf8')).toBe(permissionsPage());
});

test('every rule says what it is for', () => {
  expect(unexplained()).toEqual([]);
});
