/** The alert rules as a file of Prometheus, and as the object of its operator. */
import { type AlertRule, alertRules, RUNBOOK } from '../alerts.ts';
import type { GeneratedFile } from './generated-file.ts';
import { yamlFile } from './yaml-file.ts';

const folder = 'deploy/monitoring';

export function alertFiles(): readonly GeneratedFile[] {
  const groups = [{ name: 'kuberik', rules: alertRules.map(ruleOf) }];
  return [
    yamlFile(`${folder}/alerts.yaml`, { groups }),
    yamlFile(`${folder}/prometheus-rule.yaml`, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'kuberik' },
      spec: { groups },
    }),
  ];
}

function ruleOf(rule: AlertRule): object {
  const { name, severity, expr, summary, description } = rule;
  return {
    alert: name,
    expr,
    for: rule.for,
    labels: { severity },
    annotations: { summary, description, runbook_url: `${RUNBOOK}#${name.toLowerCase()}` },
  };
}
