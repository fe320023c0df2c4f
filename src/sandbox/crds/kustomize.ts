/** CustomResourceDefinition of kustomize.toolkit.fluxcd.io Kustomization. */
import {
  anything,
  choice,
  definition,
  duration,
  flag,
  list,
  map,
  namespacedReference,
  object,
  readyColumns,
  reference,
  status,
  text,
} from './definition.ts';

const kindReference = object(
  'An object.',
  {
    apiVersion: text('Version of its API.'),
    kind: text('Its kind.'),
    name: text('Its name.'),
    namespace: text('Its namespace.'),
  },
  { required: ['kind', 'name'] },
);

const image = object(
  'A new name, tag or digest of an image.',
  {
    name: text('Name to look for.'),
    newName: text('New name.'),
    newTag: text('New tag.'),
    digest: text('New digest.'),
  },
  { required: ['name'] },
);

const substituteReference = object(
  'An object whose data are variables.',
  {
    kind: choice('Its kind.', ['Secret', 'ConfigMap']),
    name: text('Its name.', { minLength: 1, maxLength: 253 }),
    optional: flag('Whether it may be missing.', { default: false }),
  },
  { required: ['kind', 'name'] },
);

const spec = object(
  'What to build and how to apply it.',
  {
    sourceRef: object(
      'Where the manifests come from.',
      {
        apiVersion: text('Version of its API.'),
        kind: choice('Its kind.', ['OCIRepository', 'GitRepository', 'Bucket', 'ExternalArtifact']),
        name: text('Its name.'),
        namespace: text('Its namespace.'),
      },
      { required: ['kind', 'name'] },
    ),
    interval: duration('How long between two reconciles.'),
    retryInterval: duration('How long after a failure. Default: the interval.'),
    timeout: duration('How long applying and the health check may take. Default: the interval less 30 s.'),
    path: text('Directory of the artifact. Default: its root.'),
    prune: flag('Whether what is gone from the artifact is deleted.'),
    suspend: flag('Nothing happens while true.'),
    wait: flag('Whether everything applied must become healthy.'),
    force: flag('Whether objects with immutable changes are made anew.', { default: false }),
    targetNamespace: text('Namespace of everything.', { minLength: 1, maxLength: 63 }),
    namePrefix: text('In front of every name.', { minLength: 1, maxLength: 200 }),
    nameSuffix: text('Behind every name.', { minLength: 1, maxLength: 200 }),
    deletionPolicy: choice('What becomes of the objects when it is deleted.', [
      'MirrorPrune',
      'Delete',
      'WaitForTermination',
      'Orphan',
    ]),
    dependsOn: list('Kustomizations that must be ready first.', namespacedReference('A Kustomization.')),
    healthChecks: list('Objects that must become healthy.', kindReference),
    healthCheckExprs: list('How health is told of other kinds.', anything('Expressions of a kind.')),
    images: list('Images to replace.', image),
    patches: list('Patches to apply.', anything('A patch.')),
    components: list('Kustomize components.', text('Path.')),
    commonMetadata: object('On everything.', { labels: map('Labels.'), annotations: map('Annotations.') }),
    postBuild: object('After the build.', {
      substitute: map('Variables.'),
      substituteFrom: list('More variables.', substituteReference),
    }),
    serviceAccountName: text('Who applies.'),
    kubeConfig: anything('Another cluster.'),
    decryption: object('How Secrets are decrypted.', { provider: text('With what.'), secretRef: reference('Keys.') }),
  },
  { required: ['interval', 'prune', 'sourceRef'] },
);

const inventoryEntry = object(
  'One object.',
  { id: text('`<namespace>_<name>_<group>_<kind>`.'), v: text('Version of its API.') },
  { required: ['id', 'v'] },
);

export const kustomizationDefinition = definition({
  group: 'kustomize.toolkit.fluxcd.io',
  kind: 'Kustomization',
  plural: 'kustomizations',
  shortNames: ['ks'],
  columns: readyColumns,
  versions: [
    {
      name: 'v1',
      spec,
      status: status({
        lastAppliedRevision: text('The revision that was applied last.'),
        lastAppliedOriginRevision: text('Where that revision was made from.'),
        lastAttemptedRevision: text('The revision that was tried last.'),
        inventory: object(
          'What was applied.',
          { entries: list('The objects.', inventoryEntry) },
          { required: ['entries'] },
        ),
      }),
    },
  ],
});
