import { describe, expect, it, test } from 'vitest';
import { ImagePolicy, type ImagePolicySpec, imagePolicyType } from './image-policy.ts';
import { admittedTags, rankedTags, withoutExcluded } from './policy-order.ts';

const digestTag = `sha256-${'a'.repeat(64)}`;

function order(policy: ImagePolicySpec['policy'], tags: readonly string[], filterTags?: ImagePolicySpec['filterTags']) {
  const spec = { imageRepositoryRef: { name: 'app' }, policy, ...(filterTags && { filterTags }) };
  const admitted = admittedTags(spec, tags);
  return 'message' in admitted ? admitted.message : admitted.join(' ');
}

describe('admittedTags, oldest first', () => {
  test.each([
    [
      'semver',
      { semver: { range: '>=1.0.0' } },
      ['1.10.0', '1.9.0', '0.9.0', '1.2', 'latest', 'v2.0.0', '2.1.0-rc.1'],
      undefined,
      '1.9.0 1.10.0 v2.0.0',
    ],
    ['attachments are no releases', { alphabetical: {} }, ['b', digestTag, `${digestTag}.sig`, 'a'], undefined, 'a b'],
    ['alphabetical', { alphabetical: { order: 'asc' } }, ['1.10.0', '1.9.0', 'a'], undefined, '1.10.0 1.9.0 a'],
    ['alphabetical, descending', { alphabetical: { order: 'desc' } }, ['1.10.0', '1.9.0'], undefined, '1.9.0 1.10.0'],
    ['alphabetical, as v1beta1 wrote it', { alphabetical: { order: 'ASC' } }, ['b', 'a'], undefined, 'a b'],
    ['numerical', { numerical: { order: 'asc' } }, ['10', '9', '1e2', '8.5'], undefined, '8.5 9 10 1e2'],
    ['numerical, descending', { numerical: { order: 'desc' } }, ['10', '9'], undefined, '10 9'],
    [
      'extract by name',
      { numerical: {} },
      ['main-abc-20', 'main-def-3', 'dev-1'],
      { pattern: '^main-[a-f0-9]+-(?P<ts>[0-9]+)', extract: '$ts' },
      'main-def-3 main-abc-20',
    ],
    [
      'extract by number and template',
      { semver: { range: '*' } },
      ['web-1-2-3', 'web-1-10-0'],
      { pattern: '^web-(\\d+)-(\\d+)-(\\d+)$', extract: '${1}.$2.$3' },
      'web-1-2-3 web-1-10-0',
    ],
    [
      'filter alone',
      { semver: { range: '>=0.0.0-0' } },
      ['1.0.0-rc.1', '1.0.0', '1.1.0-beta.1'],
      { pattern: '.*-rc.*' },
      '1.0.0-rc.1',
    ],
    [
      'flags in front and POSIX classes',
      { alphabetical: {} },
      ['Main-1', 'dev-1'],
      { pattern: '(?i)^[[:alpha:]]+-1$', extract: '' },
      'Main-1 dev-1',
    ],
    [
      'prereleases enabled',
      { semver: { range: '>=1.0.0', prereleases: { enabled: true, allow: ['rc'] } } },
      ['1.1.0', '1.2.0-rc.1', '1.2.0-rc2', '1.3.0-beta.1'],
      undefined,
      '1.1.0 1.2.0-rc.1 1.2.0-rc2',
    ],
    [
      'every prerelease',
      { semver: { range: '>=1.0.0', prereleases: { enabled: true } } },
      ['1.2.0-x.1', '1.1.0'],
      undefined,
      '1.1.0 1.2.0-x.1',
    ],
    [
      'prereleases disabled',
      { semver: { range: '>=1.0.0', prereleases: { enabled: false, allow: ['rc'] } } },
      ['1.2.0-rc.1', '1.1.0'],
      undefined,
      '1.1.0',
    ],
  ] as const)('%s', (_name, policy, tags, filterTags, expected) => {
    expect(order(policy as ImagePolicySpec['policy'], tags, filterTags)).toBe(expected);
  });

  test.each([
    [
      'a bad range',
      { semver: { range: 'newest' } },
      undefined,
      /^policy\.semver\.range "newest" is not a version range: write/,
    ],
    ['a bad order', { numerical: { order: 'up' } }, undefined, /write asc or desc/],
    [
      'a tag that is no number',
      { numerical: {} },
      undefined,
      /"a" of tag "a" is not a number: leave it out with filterTags/,
    ],
    ['no policy', {}, undefined, /give it one of semver, alphabetical or numerical/],
    ['a bad pattern', { alphabetical: {} }, { pattern: '(' }, /is not a regular expression/],
    ['what RE2 does not have', { alphabetical: {} }, { pattern: '(?=a)' }, /is not a regular expression: .*`\(\?=`/],
    ['a long pattern', { alphabetical: {} }, { pattern: 'a'.repeat(2000) }, /longer than/],
  ] as const)('%s is a message', (_name, policy, filterTags, expected) => {
    expect(order(policy, ['a'], filterTags)).toMatch(expected);
  });

  it('matches in linear time what backtracking would take for ever with', () => {
    const tags = [`${'a'.repeat(100)}!`];
    expect(order({ alphabetical: {} }, tags, { pattern: '^(a+)+$' })).toEqual('');
  });
});

it('leaves out what the scan leaves out', () => {
  const tags = ['1.0.0', 'x.sig', 'dev-1'];
  expect(withoutExcluded(tags, undefined)).toEqual(['1.0.0', 'dev-1']);
  expect(withoutExcluded(tags, ['^dev-', '('])).toEqual(['1.0.0', 'x.sig']);
});

it('reads image policies of either version, unknown fields included', () => {
  const object = {
    apiVersion: 'image.toolkit.fluxcd.io/v1beta2',
    kind: 'ImagePolicy',
    metadata: { name: 'app', namespace: 'team' },
    spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '*' } }, interval: '1m' },
    status: { latestImage: 'ghcr.io/team/app:1.0.0' },
  };
  expect(imagePolicyType('v1beta2').parse(object)).toEqual(object);
  expect(imagePolicyType('v1')).toBe(ImagePolicy);
  expect(() => ImagePolicy.parse({ ...object, spec: {} })).toThrow(/does not fit its schema/);
});

it('ranks tags that the policy does not admit any more', () => {
  const ranked = (policy: ImagePolicySpec['policy'], tags: readonly string[]) =>
    rankedTags({ imageRepositoryRef: { name: 'app' }, policy }, tags);
  expect(ranked({ semver: { range: '>=2.0.0' } }, ['2.0.0', '1.0.0', 'dev', '3.0.0-rc.1'])).toEqual([
    '1.0.0',
    '2.0.0',
    '3.0.0-rc.1',
  ]);
  expect(ranked({ numerical: {} }, ['3', 'dev', '20'])).toEqual(['3', '20']);
});
