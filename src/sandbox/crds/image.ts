/** CustomResourceDefinitions of image.toolkit.fluxcd.io. */
import {
  anything,
  choice,
  definition,
  duration,
  flag,
  integer,
  list,
  namespacedReference,
  object,
  readyColumns,
  reference,
  status,
  text,
} from './definition.ts';

const group = 'image.toolkit.fluxcd.io';

const repositorySpec = object(
  'What to scan, and how often.',
  {
    image: text('Name of the image, without a tag.'),
    interval: duration('How long between two scans.'),
    timeout: duration('How long a scan may take. Default: the interval.'),
    suspend: flag('No more scans while true.'),
    insecure: flag('Plain HTTP.'),
    provider: choice('How to log in.', ['generic', 'aws', 'azure', 'gcp'], { default: 'generic' }),
    secretRef: reference('A Secret with credentials of the registry.'),
    certSecretRef: reference('A Secret with certificates for the registry.'),
    proxySecretRef: reference('A Secret with the address of a proxy.'),
    serviceAccountName: text('A ServiceAccount whose pull secrets are used.', { maxLength: 253 }),
    accessFrom: anything('Namespaces that may refer to it.'),
    exclusionList: list('Expressions of tags to leave out.', text('Regular expression.'), {
      default: ['^.*\\.sig$'],
      maxItems: 25,
    }),
  },
  { required: ['image', 'interval'] },
);

const repositoryStatus = status({
  canonicalImageName: text('The name with its registry.'),
  observedExclusionList: list('The exclusion list of the last scan.', text('Regular expression.')),
  lastScanResult: object(
    'What the last scan found.',
    {
      revision: text('Checksum of the tags.'),
      tagCount: integer('How many tags there are.'),
      scanTime: text('When.', { format: 'date-time' }),
      latestTags: list('The ten greatest tags by string order.', text('Tag.')),
    },
    { required: ['tagCount'] },
  ),
});

const order = (what: string) =>
  object(what, { order: choice('`asc`: the greatest is the newest.', ['asc', 'desc'], { default: 'asc' }) });

const policySpec = object(
  'Which tag is the newest.',
  {
    imageRepositoryRef: namespacedReference('The ImageRepository whose tags are looked at.'),
    policy: object('The order of the tags; one of them.', {
      semver: object(
        'By semantic version.',
        { range: text('Range of versions.'), prereleases: anything('Whether, and which, prereleases count.') },
        { required: ['range'] },
      ),
      numerical: order('By number.'),
      alphabetical: order('By alphabet.'),
    }),
    filterTags: object('Which tags count, and which part of them is compared.', {
      pattern: text('Regular expression.'),
      extract: text('Replacement with groups of the pattern.'),
    }),
    digestReflectionPolicy: choice('Whether the digest of the tag is looked up.', ['Always', 'IfNotPresent', 'Never'], {
      default: 'Never',
    }),
    interval: duration('How often the digest is looked up again.'),
    suspend: flag('Nothing happens while true.'),
  },
  {
    required: ['imageRepositoryRef', 'policy'],
    rules: [
      {
        rule: "!has(self.interval) || (has(self.digestReflectionPolicy) && self.digestReflectionPolicy == 'Always')",
        message: "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'",
      },
      {
        rule: "has(self.interval) || !has(self.digestReflectionPolicy) || self.digestReflectionPolicy != 'Always'",
        message: "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
      },
    ],
  },
);

const imageRef = (description: string) =>
  object(
    description,
    { name: text('Name of the image.'), tag: text('Tag.'), digest: text('Digest.') },
    { required: ['name', 'tag'] },
  );

const policyStatus = status({
  latestRef: imageRef('The newest tag.'),
  observedPreviousRef: imageRef('The one before.'),
});

const versions = ['v1', 'v1beta2'];

export const imageRepositoryDefinition = definition({
  group,
  kind: 'ImageRepository',
  plural: 'imagerepositories',
  shortNames: ['imgrepo', 'imagerepo'],
  columns: [
    { name: 'Image', type: 'string', jsonPath: '.spec.image' },
    { name: 'Tags', type: 'string', jsonPath: '.status.lastScanResult.tagCount' },
    { name: 'Last scan', type: 'string', jsonPath: '.status.lastScanResult.scanTime', priority: 1 },
    ...readyColumns,
  ],
  versions: versions.map((name) => ({ name, spec: repositorySpec, status: repositoryStatus })),
});

export const imagePolicyDefinition = definition({
  group,
  kind: 'ImagePolicy',
  plural: 'imagepolicies',
  shortNames: ['imgpol', 'imagepol'],
  columns: [
    { name: 'Image', type: 'string', jsonPath: '.status.latestRef.name' },
    { name: 'Tag', type: 'string', jsonPath: '.status.latestRef.tag' },
    ...readyColumns,
  ],
  versions: versions.map((name) => ({ name, spec: policySpec, status: policyStatus })),
});
