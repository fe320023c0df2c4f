/** The commands that people type first, in an order that tells a story. */
import { patterned, type Step, step } from './step.ts';

const map = (name: string, data: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});
const rollout = (name: string, spec: object = {}): object => ({
  apiVersion: 'kuberik.com/v1alpha1',
  kind: 'Rollout',
  metadata: { name },
  spec: { releasesImagePolicy: { name: 'app' }, ...spec },
});
const web = (image: string, more: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image, ports: [{ containerPort: 80 }] }] },
    },
    ...more,
  },
});
const fed = (input: readonly object[], args: string, says?: RegExp, rest: Partial<Step> = {}): Step =>
  step(args, says, { ...rest, input });
const status = (fields: object): string => JSON.stringify({ status: fields });
const now = '2026-01-01T00:00:00Z';

const applying: readonly Step[] = [
  step('create namespace story', /namespace\/story created/),
  step('config set-context --current --namespace=story', /modified/, { differs: 'the name of the context' }),
  fed([map('a', { x: '1', y: '2' })], 'apply -f -', /configmap\/a created/),
  fed([map('a', { x: '1', y: '2' })], 'apply -f -', /configmap\/a unchanged/),
  fed([map('a', { x: '2' })], 'diff -f -', /-  "y": "2"/, { code: 1 }),
  fed([map('a', { x: '2' })], 'apply --dry-run=server -f -', /configured \(server dry run\)/),
  fed([map('a', { x: '2' })], 'apply -f -', /configmap\/a configured/),
  step('get configmap a -o jsonpath={.data}', /^\{"x":"2"\}$/),
  fed([map('a', { x: '2' })], 'diff -f -'),
  fed([web('example/web:1', { replicas: 2 }), rollout('app')], 'apply -f -', /created/),
  fed([web('example/web:2'), rollout('app', { bakeTime: '5m' })], 'apply -f -', /configured/),
  fed([web('example/web:2'), rollout('app', { bakeTime: '5m' })], 'apply -f -', /unchanged/),
  step('get deployment web -o jsonpath={.spec.replicas}{.spec.template.spec.containers[0].image}', /1example\/web:2/),
  fed([map('bad', { x: '1' }, { labels: { 'a b': 'c' } })], 'apply -f -', /Invalid value: "a b"/, { code: 1 }),
  fed([{ ...map('typo', {}), dta: {} }], 'apply -f -', /unknown field "dta"/, { code: 1 }),
  fed([rollout('typo', { bakeTme: '5m' })], 'apply -f - --validate=warn', /Warning: unknown field "spec.bakeTme"/),
  fed([rollout('typo', { bakeTime: 'soon' })], 'apply -f - --validate=false', /should match/, { code: 1 }),
];

const serverSide: readonly Step[] = [
  fed([rollout('ssa', { bakeTime: '5m' })], 'apply --server-side -f -', /rollout.kuberik.com\/ssa serverside-applied/),
  fed(
    [rollout('ssa', { bakeTime: '6m' })],
    'apply --server-side --field-manager=other -f -',
    /conflict with "kubectl"/,
    { code: 1 },
  ),
  fed(
    [rollout('ssa', { bakeTime: '6m' })],
    'apply --server-side --field-manager=other --force-conflicts -f -',
    /serverside-applied/,
  ),
  fed([rollout('ssa')], 'diff --server-side --field-manager=other -f -', /-  bakeTime: 6m/, { code: 1 }),
  fed(
    [rollout('ssa')],
    'apply --server-side --field-manager=other -f - --dry-run=server',
    /serverside-applied \(server dry run\)/,
  ),
  fed(
    [rollout('ssa')],
    'apply --server-side --field-manager=other --show-managed-fields -o yaml -f -',
    /manager: other/,
  ),
  step('get rollout ssa -o yaml --show-managed-fields', /manager: other/),
  fed([map('a', { x: '3' })], 'apply --server-side -f -', /serverside-applied/),
];

const changing: readonly Step[] = [
  patterned(['patch', 'configmap', 'a', '-p', '{"data":{"s":"1"}}'], /patched/),
  patterned(['patch', 'configmap', 'a', '-p', '{"data":{"s":"1"}}', '--type=strategic'], /patched \(no change\)/),
  patterned(['patch', 'configmap', 'a', '--type=json', '-p', '[{"op":"add","path":"/data/j","value":"1"}]'], /patched/),
  patterned(
    ['patch', 'configmap', 'a', '--type=json', '-p', '[{"op":"test","path":"/data/j","value":"2"}]'],
    /rejected our request|invalid/,
    { code: 1 },
  ),
  patterned(['patch', 'rollout', 'app', '--type=merge', '-p', '{"spec":{"wantedVersion":"1.0.0"}}'], /patched/),
  patterned(['patch', 'rollout', 'app', '-p', '{"spec":{"wantedVersion":"1.0.0"}}'], /application\/merge-patch\+json/, {
    code: 1,
  }),
  patterned(['patch', 'rollout', 'app', '--type=merge', '-p', '{"spec":{"wantedVersion":"a b"}}'], /should match/, {
    code: 1,
  }),
  patterned(['patch', 'rollout', 'none', '--type=merge', '-p', '{}'], /"none" not found/, { code: 1 }),
  step('annotate rollout app example.com/note=one', /annotated/),
  step('annotate rollout app example.com/note=two', /already has a value|overwrite is false/, { code: 1 }),
  step('annotate rollout app example.com/note=two --overwrite', /annotated/),
  step('annotate rollout app example.com/note-', /annotated/),
  step('label configmap a tier=web', /labeled/),
  step('label configmap a tier=web', /not labeled/),
  step('label configmap a tier-', /unlabeled/),
  step('label configmap a tier=-', /Invalid value|invalid/, { code: 1 }),
  step('edit configmap a', /configmap\/a edited/, { editor: 's/j: "1"/j: "2"/' }),
  step('edit configmap a --output-patch', /cancelled, no changes made/, { editor: '' }),
  step('edit rollout app', /rollout.kuberik.com\/app edited/, { editor: 's/bakeTime: 5m/bakeTime: 7m/' }),
  step('get rollout app -o jsonpath=({.spec.bakeTime})', /^\(7m\)$/),
  fed([map('made', { a: '1' })], 'create -f -', /created/),
  fed([map('made', { a: '1' })], 'create -f -', /AlreadyExists/, { code: 1 }),
  fed([map('made', { a: '2' })], 'replace -f -', /configmap\/made replaced/),
  fed([map('never-made', { a: '2' })], 'replace -f -', /"never-made" not found/, { code: 1 }),
  fed([map('made', { a: '3' })], 'replace --force -f -', /replaced/),
  fed([{ ...rollout('app', { bakeTime: '8m' }) }], 'replace -f -', /replaced/),
  step('scale deployment web --replicas=3', /scaled/),
  step('scale deployment web --replicas=4 --current-replicas=9', /Expected replicas to be 9, was 3/, { code: 1 }),
  step('scale rollout app --replicas=3', /could not find the requested resource|not found/, { code: 1 }),
  step('set image deployment/web web=example/web:3', /image updated/),
  step('set env deployment/web A=b', /env updated/),
];

const reading: readonly Step[] = [
  step('get configmap,deployment', /configmap\/a.*\n/s),
  step('get deployment web -o wide', /example\/web:3/),
  step('get rollout', /NAME +VERSION/),
  step('get rollout app -o wide', /app/),
  step('get rollout app -o yaml', /bakeTime: 8m/),
  step('get rollout app -o json', /"bakeTime": "8m"/),
  step('get rollouts.v1alpha1.kuberik.com app -o name', /rollout.kuberik.com\/app/),
  patterned(['get', 'rollout', '-o', 'custom-columns=NAME:.metadata.name,BAKE:.spec.bakeTime'], /app +<age>/),
  patterned(['get', 'rollout', '-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'], /app\nssa/),
  patterned(['get', 'rollout', '-o', 'go-template={{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}'], /app\nssa/),
  step('get configmap --sort-by=.metadata.name -o name', /configmap\/a/),
  step('get configmap -l tier=none', /No resources found in story namespace/),
  step('get configmap -l tier===', /unable to parse|found/, { code: 1 }),
  step('get configmap --field-selector=metadata.name=a -o name', /^configmap\/a$/m),
  step('get configmap --field-selector=data.x=1', /not a known field selector|field label not supported/, { code: 1 }),
  step('get configmap --chunk-size=1 -o name', /configmap\/a\nconfigmap\/made/),
  step('get configmap none', /configmaps "none" not found/, { code: 1 }),
  step('get nothing', /the server doesn't have a resource type "nothing"/, { code: 1 }),
  step('get configmap a --show-labels', /LABELS/),
  step('get rollouts -A', /NAMESPACE/),
  step('describe rollout app', /Bake Time: +<age>/),
  step('describe configmap a', /Name: +a/),
  step('api-resources --api-group=kuberik.com', /rollouts +kuberik\.com\/v1alpha1/),
  step('api-resources --api-group=apps -o name', /deployments.apps/, {
    differs: 'kinds that the sandbox does not serve',
  }),
  step('api-resources --api-group=table.example.com -o wide'),
  step('explain rollout', /KIND: +Rollout/, { differs: 'the words about the fields that every object has' }),
  step('explain rollout.spec', /releasesImagePolicy.*-required-/),
  step('explain rollout.spec.bakeTime', /FIELD: bakeTime <string>/),
  step('explain rollout --recursive', /healthCheckSelector/),
  step('explain healthcheck.status.conditions', /lastTransitionTime/),
  step('explain rollout.spec.nothing', /field "nothing" does not exist/, { code: 1 }),
  step('explain deployment.spec.replicas', /replicas <integer>/, {
    differs: 'the sandbox has no words for built-in fields',
  }),
  step('explain deployment.spec --recursive', /progressDeadlineSeconds/, { differs: 'as above' }),
  step('auth can-i create rollouts', /^yes$/m),
  step('auth can-i patch deployments --subresource=scale', /^yes$/m),
  step('auth can-i get /metrics', /^yes$/m),
  step('auth can-i delete rollouts --all-namespaces', /^yes$/m),
  step('auth can-i --list', /\*\.\*/),
  step('auth whoami', /system:masters/, { differs: 'the name of the user' }),
  step('version', /Server Version: v1\.35/),
  step('cluster-info', /is running at <server>/, { differs: 'services of the real one' }),
];

/** Somebody with a role, whom the administrator acts as. */
const permitted: readonly Step[] = [
  step('auth can-i get configmaps --as=jane', /^no$/m, { code: 1 }),
  step('get configmap a --as=jane', /User "jane" cannot get resource "configmaps"/, { code: 1 }),
  step('create role reader --verb=get,list --resource=configmaps', /role.*reader created/),
  step('create rolebinding reader --role=reader --user=jane', /created/),
  step('auth can-i get configmaps --as=jane', /^yes$/m, { name: 'auth can-i get configmaps --as=jane, with a role' }),
  step('auth can-i get configmaps --as=joe', /^no$/m, { code: 1 }),
  step('auth can-i force-deploy rollouts.kuberik.com/app --as=jane', /^no$/m, { code: 1 }),
  step('auth can-i --list --as=jane', /configmaps +.*get list/),
  step('auth whoami --as=jane --as-group=team', /jane\s.*team system:authenticated/s),
  step('get configmap a --as=jane -o name', /configmap\/a/),
  step('get configmap --as=jane -A', /at the cluster scope/, { code: 1 }),
  step('delete configmap a --as=jane', /cannot delete resource "configmaps"/, { code: 1 }),
  fed([map('a', { x: '9' })], 'apply -f - --as=jane', /cannot patch resource "configmaps"/, { code: 1 }),
  fed([map('janes', {})], 'apply --server-side -f - --as=jane', /cannot patch resource "configmaps"/, { code: 1 }),
  fed([map('janes', {})], 'create -f - --as=jane', /cannot create resource "configmaps"/, { code: 1 }),
  step('delete rolebinding reader', /deleted/),
];

const happening: readonly Step[] = [
  fed(
    [
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'app.1', namespace: 'story' },
        involvedObject: { apiVersion: 'kuberik.com/v1alpha1', kind: 'Rollout', name: 'app', namespace: 'story' },
        reason: 'Deployed',
        message: 'version 1.0.0',
        type: 'Normal',
        firstTimestamp: now,
        lastTimestamp: now,
        count: 2,
        source: { component: 'kuberik' },
      },
    ],
    'create -f -',
    /event\/app.1 created/,
  ),
  step('events', /Normal +Deployed +Rollout\/app +version 1.0.0/),
  step('events --for rollout/app', /Deployed/),
  step('events --types=Warning', /No events found/),
  step('get events', /rollout\/app/),
  step('get events.events.k8s.io app.1 -o jsonpath={.note}', /version 1.0.0/),
  step('wait rollout/app --for=jsonpath={.spec.bakeTime}=8m --timeout=20s', /condition met/),
  step('wait rollout/app --for=condition=Ready --timeout=20s', /condition met/, {
    meanwhile: [
      patterned([
        'patch',
        'rollout',
        'app',
        '--subresource=status',
        '--type=merge',
        '-p',
        status({
          conditions: [{ type: 'Ready', status: 'True', reason: 'Fine', message: '', lastTransitionTime: now }],
        }),
      ]),
    ],
  }),
  step('wait configmap/late --for=create --timeout=20s', /condition met/, {
    meanwhile: [step('create configmap late')],
  }),
  step('wait rollout/app --for=condition=Lost --timeout=1s', /timed out waiting for the condition/, { code: 1 }),
  step('get rollout app -w --output-watch-events', /ADDED.*\nMODIFIED/s, {
    lines: 3,
    meanwhile: [step('annotate rollout app example.com/w=1')],
  }),
  step('get configmap -w -o name --field-selector=metadata.name=late', /configmap\/late\nconfigmap\/late/, {
    lines: 2,
    meanwhile: [step('label configmap late a=b')],
  }),
  step('get configmap -w --watch-only -o name --field-selector=metadata.name=none --request-timeout=1s', /^/, {
    differs: 'how the end is told',
  }),
  patterned(
    [
      'patch',
      'deployment',
      'web',
      '--subresource=status',
      '--type=merge',
      '-p',
      status({ observedGeneration: 5, replicas: 3, updatedReplicas: 1 }),
    ],
    /patched/,
  ),
  step('rollout status deployment/web --timeout=2s', /1 out of 3 new replicas have been updated/, { code: 1 }),
  step('rollout status deployment/web --timeout=20s -w', /successfully rolled out/, {
    name: 'rollout status, to its end',
    lines: 2,
    meanwhile: [
      patterned([
        'patch',
        'deployment',
        'web',
        '--subresource=status',
        '--type=merge',
        '-p',
        status({ observedGeneration: 5, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 }),
      ]),
    ],
  }),
  step('rollout restart deployment/web', /restarted/),
  step('rollout pause deployment/web', /paused/),
  step('delete configmap made --dry-run=server', /deleted.*\(server dry run\)/),
  step('delete configmap made late', /"made" deleted/),
  step('delete configmap made', /not found/, { code: 1 }),
  step('delete configmap made --ignore-not-found'),
  step('delete rollout --all', /"app" deleted/),
  fed([web('example/web:3')], 'delete -f -', /"web" deleted/),
];

export const everyday: readonly Step[] = [
  ...applying,
  ...serverSide,
  ...changing,
  ...reading,
  ...permitted,
  ...happening,
];

const cascade = (policy: string, afterwards: string, says: RegExp): readonly Step[] => [
  step(`create configmap owner-${policy}`),
  step(`get configmap owner-${policy} -o jsonpath={.metadata.uid}`),
  fed(
    [
      map(
        `child-${policy}`,
        {},
        {
          ownerReferences: [
            { apiVersion: 'v1', kind: 'ConfigMap', name: `owner-${policy}`, uid: '$(said)', blockOwnerDeletion: true },
          ],
        },
      ),
    ],
    'apply -f -',
    /created/,
  ),
  step(`delete configmap owner-${policy} --cascade=${policy} --timeout=60s`, /deleted/),
  step(afterwards, says),
];

/** Where somebody looks after what belongs to what. */
export const collected: readonly Step[] = [
  step('create namespace owned', /created/),
  step('config set-context --current --namespace=owned', /modified/, { differs: 'the name of the context' }),
  ...cascade('foreground', 'get configmap child-foreground --ignore-not-found -o name', /^$/),
  ...cascade('background', 'wait configmap/child-background --for=delete --timeout=60s', /condition met|^$/),
  ...cascade('orphan', 'get configmap child-orphan -o jsonpath={.metadata.ownerReferences}', /^$/),
  step('delete namespace owned --timeout=60s', /"owned" deleted/),
  step('get namespace owned', /not found/, { code: 1 }),
];
