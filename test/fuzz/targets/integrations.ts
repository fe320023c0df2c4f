/** What Flux, Prometheus and services of people say, and what policies say about tags. */

import { InvalidObjectError } from '../../../src/api/errors.ts';
import { isRecord } from '../../../src/api/json.ts';
import { isTag } from '../../../src/api/tag.ts';
import { parseInventoryId } from '../../../src/controllers/health-check/kustomization/inventory.ts';
import { Job, Pod } from '../../../src/integrations/batch/job.ts';
import { lastWords } from '../../../src/integrations/batch/last-words.ts';
import { DatadogMonitor, monitorUrl, syncFault, triggeredAt } from '../../../src/integrations/datadog/monitor.ts';
import { fetchFailure, kustomizationProgress, sourceProgress } from '../../../src/integrations/flux/failure.ts';
import { ImagePolicy } from '../../../src/integrations/flux/image-policy.ts';
import { ImageRepository } from '../../../src/integrations/flux/image-repository.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import { admittedTags, rankedTags } from '../../../src/integrations/flux/policy-order.ts';
import { compileTagFilter } from '../../../src/integrations/flux/tag-filter.ts';
import { rolloutsOf, substitutedVariables } from '../../../src/integrations/flux/targets.ts';
import { compileRange, parseVersion } from '../../../src/integrations/flux/version-range.ts';
import { healthCheckDeadline, kustomizationWait, sourceWaits } from '../../../src/integrations/flux/wait.ts';
import { parseAlerts } from '../../../src/integrations/prometheus/alerts.ts';
import { labelKey, parseLabels, shownLabels } from '../../../src/integrations/prometheus/labels.ts';
import { canonicalMatchers, matchesAll, parseMatchers } from '../../../src/integrations/prometheus/matchers.ts';
import { parseQueryResult } from '../../../src/integrations/prometheus/query.ts';
import { parseAlertTimes, parseStartTime } from '../../../src/integrations/prometheus/restart.ts';
import { holds, holdsPlain, jsonOf, lines, type Target } from '../engine/target.ts';

const tagFilter: Target = {
  name: 'tag-filter',
  run(input) {
    const [pattern = '', extract = '', tags = ''] = lines(input, 2);
    const filter = compileTagFilter(pattern, extract);
    if (typeof filter === 'string') return;
    const given = tags.split('\n');
    for (const tag of filter(given).keys()) holds('it admits tags that it was given', given.includes(tag));
  },
};

const versionRange: Target = {
  name: 'version-range',
  run(input) {
    const [range = '', versions = ''] = lines(input, 1);
    const admits = compileRange(range);
    const admitsAll = compileRange(range, true);
    holds('prereleases do not make a range one', (admits === undefined) === (admitsAll === undefined));
    if (admits === undefined || admitsAll === undefined) return;
    for (const text of ['1.2.3', 'v2.0.0-rc.1', ...versions.split('\n', 20)]) {
      const version = parseVersion(text);
      if (version !== undefined) holds('without prereleases it admits no more', !admits(version) || admitsAll(version));
    }
  },
};

const isInvalidObject = (error: unknown): boolean => error instanceof InvalidObjectError;

const imagePolicy: Target = {
  name: 'image-policy',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const json = jsonOf(input);
    const policy = ImagePolicy.parse(json);
    const listed = isRecord(json) && Array.isArray(json.tags) ? (json.tags as unknown[]) : [];
    const tags = [
      'v1.0.0',
      'v1.10.0',
      'v1.9.0',
      '7',
      'main-a1-1700000000',
      ...listed.filter((tag) => typeof tag === 'string'),
    ];
    const admitted = admittedTags(policy.spec, tags);
    const ranked = rankedTags(policy.spec, tags);
    for (const tag of ['message' in admitted ? [] : admitted, ranked].flat()) {
      holds('it admits tags that it was given', tags.includes(tag) && isTag(tag));
    }
  },
};

const deployedAt = Temporal.Instant.from('2026-11-21T12:00:00Z');

const flux: Target = {
  name: 'flux-objects',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const json = jsonOf(input);
    const kind = isRecord(json) ? json.kind : '';
    if (kind === 'ImageRepository') return ImageRepository.parse(json);
    if (kind === 'OCIRepository') {
      const source = OCIRepository.parse(json);
      return [fetchFailure(source), sourceProgress(source, []), sourceWaits(source, []), rolloutsOf(source)];
    }
    const kustomization = Kustomization.parse(json);
    const [first] = rolloutsOf(kustomization);
    return [
      ...[kustomizationProgress(kustomization, deployedAt), kustomizationWait(kustomization)],
      ...[healthCheckDeadline(kustomization), substitutedVariables(kustomization, first?.name ?? 'app')],
    ];
  },
};

const foreign: Target = {
  name: 'foreign-objects',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const json = jsonOf(input);
    const kind = isRecord(json) ? json.kind : '';
    if (kind === 'Pod') return lastWords([Pod.parse(json)]);
    if (kind === 'Job') return Job.parse(json);
    const monitor = DatadogMonitor.parse(json);
    return [syncFault(monitor), monitorUrl(monitor), monitor.status?.triggeredState?.map(triggeredAt)];
  },
};

const inventory: Target = {
  name: 'inventory-id',
  run(input) {
    const entry = parseInventoryId(input, 'v1');
    if (typeof entry === 'string') return;
    const { apiVersion, kind, key } = entry;
    const group = apiVersion === 'v1' ? '' : apiVersion.slice(0, apiVersion.lastIndexOf('/'));
    const printed = `${key.namespace}_${key.name.replaceAll(':', '__')}_${group}_${kind}`;
    // A group that is called like the version, or a colon, cannot be told apart.
    if (/[:/]/.test(input) || input.endsWith('_')) return;
    holds(`${printed} is what was read`, printed === input);
  },
};

const matchers: Target = {
  name: 'matchers',
  run(input) {
    const [text = '', value = ''] = lines(input, 1);
    const parsed = parseMatchers(text);
    if (typeof parsed === 'string') return;
    matchesAll(parsed, Object.fromEntries(parsed.map(({ label }) => [label, value])));
    holds('order does not matter', canonicalMatchers(parsed) === canonicalMatchers(parsed.toReversed()));
  },
};

const prometheus: Target = {
  name: 'prometheus-answer',
  form: 'json',
  run(input) {
    const json = jsonOf(input);
    for (const api of ['Prometheus', 'Alertmanager'] as const) {
      const alerts = parseAlerts(api, json);
      if (typeof alerts !== 'string') for (const { labels } of alerts) labelKey(labels);
    }
    const values = parseQueryResult(json);
    if (typeof values !== 'string') for (const { labels } of values) shownLabels(labels);
    parseStartTime(json);
    for (const key of parseAlertTimes(json).keys()) holds('a key is a text', typeof key === 'string');
    const labels = parseLabels(json);
    if (labels === undefined || !isRecord(json)) return;
    holdsPlain(labels);
    holds(
      'every label is there',
      Object.keys(json).every((name) => Object.hasOwn(labels, name)),
    );
    shownLabels(labels);
  },
};

export const integrationTargets: readonly Target[] = [
  ...[tagFilter, versionRange, imagePolicy, flux, foreign, inventory, matchers, prometheus],
];
