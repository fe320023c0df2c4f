/** What kube-apiserver fills into pods and pod templates. */
import { ensureObject, isObject, type Json, objects, setDefault, text } from '../json.ts';

/** @param spec the pod's spec; changed in place */
export function defaultPodSpec(spec: Json): void {
  setDefault(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  setDefault(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'securityContext', {});
  setDefault(spec, 'schedulerName', 'default-scheduler');
  if (spec.serviceAccountName !== undefined) setDefault(spec, 'serviceAccount', spec.serviceAccountName);
  for (const container of [...objects(spec.containers), ...objects(spec.initContainers)]) defaultContainer(container);
  for (const volume of objects(spec.volumes)) defaultVolume(volume);
}

function defaultContainer(container: Json): void {
  setDefault(container, 'terminationMessagePath', '/dev/termination-log');
  setDefault(container, 'terminationMessagePolicy', 'File');
  setDefault(container, 'imagePullPolicy', floating(text(container.image)) ? 'Always' : 'IfNotPresent');
  setDefault(container, 'resources', {});
  for (const port of objects(container.ports)) setDefault(port, 'protocol', 'TCP');
  for (const entry of objects(container.env)) {
    if (isObject(entry.valueFrom) && isObject(entry.valueFrom.fieldRef)) {
      setDefault(entry.valueFrom.fieldRef, 'apiVersion', 'v1');
    }
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isObject(probe)) defaultProbe(probe);
  }
}

/** No tag and no digest, or the tag `latest`. */
function floating(image: string): boolean {
  if (image.includes('@')) return false;
  const last = image.slice(image.lastIndexOf('/') + 1);
  return !last.includes(':') || last.endsWith(':latest');
}

function defaultProbe(probe: Json): void {
  setDefault(probe, 'timeoutSeconds', 1);
  setDefault(probe, 'periodSeconds', 10);
  setDefault(probe, 'successThreshold', 1);
  setDefault(probe, 'failureThreshold', 3);
  if (!isObject(probe.httpGet)) return;
  setDefault(probe.httpGet, 'path', '/');
  setDefault(probe.httpGet, 'scheme', 'HTTP');
}

const modes = ['configMap', 'secret', 'downwardAPI', 'projected'];

function defaultVolume(volume: Json): void {
  if (Object.keys(volume).length <= 1) ensureObject(volume, 'emptyDir');
  for (const name of modes) {
    const source = volume[name];
    if (isObject(source)) setDefault(source, 'defaultMode', 420);
  }
  if (isObject(volume.hostPath)) setDefault(volume.hostPath, 'type', '');
}
