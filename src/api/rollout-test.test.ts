import { describe, expect, test } from 'vitest';
import { type PodTemplate, resolveJobTemplate } from './rollout-test.ts';

const template: PodTemplate = { spec: { containers: [{ name: 'c' }] } };
const neverRestarted = { spec: { containers: [{ name: 'c' }], restartPolicy: 'Never' } };

describe('resolveJobTemplate', () => {
  test('reads the pod at the top', () => {
    expect(resolveJobTemplate({ template, backoffLimit: 1 })).toEqual({
      metadata: {},
      spec: { template: neverRestarted, backoffLimit: 1 },
    });
  });

  test('reads the form of a CronJob, with fields of either level; the inner one wins', () => {
    expect(
      resolveJobTemplate({
        metadata: { labels: { a: 'b' } },
        backoffLimit: 1,
        completions: 3,
        spec: { template, backoffLimit: 2 },
      }),
    ).toEqual({
      metadata: { labels: { a: 'b' } },
      spec: { template: neverRestarted, backoffLimit: 2, completions: 3 },
    });
  });

  test('keeps the restart policy that is given', () => {
    const job = resolveJobTemplate({ template: { spec: { ...template.spec, restartPolicy: 'OnFailure' } } });
    expect(job?.spec.template.spec.restartPolicy).toBe('OnFailure');
  });

  test('has nothing to run without a pod', () => {
    expect(resolveJobTemplate({ spec: {} })).toBeUndefined();
  });
});
