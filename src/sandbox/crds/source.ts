/** CustomResourceDefinition of source.toolkit.fluxcd.io OCIRepository. */
import {
  anything,
  choice,
  definition,
  duration,
  flag,
  integer,
  map,
  object,
  readyColumns,
  reference,
  status,
  text,
} from './definition.ts';

const spec = object(
  'Where the artifact is.',
  {
    url: text('Repository of the artifact.', { pattern: '^oci://.*$' }),
    ref: object('Which artifact of it; digest before semver before tag. Default: the tag `latest`.', {
      digest: text('Digest.'),
      semver: text('The newest tag of this range.'),
      semverFilter: text('Expression of the tags that count for `semver`.'),
      tag: text('Tag.'),
    }),
    interval: duration('How long between two looks.'),
    timeout: duration('How long fetching may take.', { default: '60s' }),
    suspend: flag('Nothing happens while true.'),
    insecure: flag('Plain HTTP.'),
    ignore: text('What to leave out, as in .gitignore.'),
    provider: choice('How to log in.', ['generic', 'aws', 'azure', 'gcp'], { default: 'generic' }),
    secretRef: reference('A Secret with credentials of the registry.'),
    certSecretRef: reference('A Secret with certificates for the registry.'),
    proxySecretRef: reference('A Secret with the address of a proxy.'),
    serviceAccountName: text('A ServiceAccount whose pull secrets are used.'),
    layerSelector: anything('Which layer, and what to do with it.'),
    verify: anything('How its signature is verified.'),
  },
  { required: ['url', 'interval'] },
);

const artifact = object(
  'What was fetched last.',
  {
    revision: text('`tag@digest`.'),
    digest: text('Digest of the content.', { pattern: '^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$' }),
    path: text('Where it is stored.'),
    url: text('Where it is served.'),
    lastUpdateTime: text('When it was fetched.', { format: 'date-time' }),
    size: integer('Bytes.'),
    metadata: map('Annotations of the artifact.'),
  },
  { required: ['revision', 'path', 'url', 'lastUpdateTime'] },
);

export const ociRepositoryDefinition = definition({
  group: 'source.toolkit.fluxcd.io',
  kind: 'OCIRepository',
  plural: 'ocirepositories',
  shortNames: ['ocirepo'],
  columns: [{ name: 'URL', type: 'string', jsonPath: '.spec.url' }, ...readyColumns],
  versions: ['v1', 'v1beta2'].map((name) => ({
    name,
    spec,
    status: status({
      artifact,
      url: text('Where the newest artifact is served.'),
      observedIgnore: text('`ignore` of the artifact.'),
      observedLayerSelector: anything('`layerSelector` of the artifact.'),
    }),
  })),
});
