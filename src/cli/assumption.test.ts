import { describe, expect, it } from 'vitest';
import { parseTag } from '../api/tag.ts';
import { parseAssumption, parseSpan } from './assumption.ts';

describe('--if', () => {
  it.each([
    ['approve prod', { if: 'approve', gate: 'prod' }],
    ['  open   prod ', { if: 'open', gate: 'prod' }],
    ['unfreeze xmas', { if: 'unfreeze', name: 'xmas' }],
    ['push v1.4.0', { if: 'push', tag: parseTag('v1.4.0') }],
    ['pin v1.4.0', { if: 'pin', tag: parseTag('v1.4.0') }],
    ['deploy v1.4.0', { if: 'deploy', tag: parseTag('v1.4.0') }],
    ['force v1.4.0', { if: 'force', tag: parseTag('v1.4.0') }],
    ['rollback v1.4.0', { if: 'rollback', tag: parseTag('v1.4.0') }],
    ['rollback', { if: 'rollback', tag: undefined }],
    ['unpin', { if: 'unpin' }],
  ])('reads "%s"', (text, assumption) => {
    expect(parseAssumption(text)).toEqual(assumption);
  });

  it.each(['', 'approve', 'push', 'unpin v1', 'approve prod v1.4.0', 'dance', 'push -x-'])('refuses "%s"', (text) => {
    expect(() => parseAssumption(text)).toThrow();
  });
});

describe('--for', () => {
  it.each([
    ['90m', 1.5],
    ['36h', 36],
    ['7d', 168],
    ['4w', 672],
    ['366d', 8784],
  ])('reads %s', (text, hours) => {
    expect(parseSpan(text).total('hours')).toBe(hours);
  });

  it.each(['', '0h', '-1h', '367d', '53w', '9000h', 'soon', '1y'])('refuses "%s"', (text) => {
    expect(() => parseSpan(text)).toThrow(/--for is/);
  });
});
