/** The `scale` subresource: the replicas of any scalable kind in one shape (`autoscaling/v1` Scale). */
import { selectorText } from '../builtin/columns.ts';
import { badRequest, internalError, invalid, noSuchResource } from '../errors.ts';
import { cause } from '../field-cause.ts';
import { at, clone, isObject, type Json, numberOf, objectOf, optionalText, setAt, text } from '../json.ts';
import type { ScalePaths } from '../resource.ts';
import type { Core, Operation } from './operation.ts';
import { badPatch, mutated, type PatchType } from './patch.ts';
import { liveObject, updateObject } from './update.ts';

function pathsOf(operation: Operation): ScalePaths {
  const paths = operation.target.version.scale;
  if (paths === undefined) throw noSuchResource();
  return paths;
}

/** @throws ApiFailure 404 */
export function readScale(core: Core, operation: Operation): Json {
  const paths = pathsOf(operation);
  const object = liveObject(core, operation);
  if (at(object, paths.spec) === undefined)
    throw internalError(`the spec replicas field ".${paths.spec.join('.')}" does not exist`);
  return scaleOf(paths, object);
}

function scaleOf(paths: ScalePaths, object: Json): Json {
  const metadata = objectOf(object.metadata);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = paths.selector === undefined ? undefined : at(object, paths.selector);
  const shown = isObject(selector) ? selectorText(selector) : optionalText(selector);
  const replicas = at(object, paths.spec);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas: numberOf(replicas, 0) },
    status: { replicas: numberOf(at(object, paths.status), 0), ...(shown === undefined ? {} : { selector: shown }) },
  };
}

/** PUT or PATCH of a Scale; answers the Scale after it. @throws ApiFailure */
export function writeScale(core: Core, operation: Operation, type: 'replace' | PatchType, body: unknown): Json {
  const paths = pathsOf(operation);
  const custom = operation.target.type.definition !== undefined;
  // As in Kubernetes.
  if (custom && type === 'apply') throw internalError('a scale of a custom resource cannot be applied');
  if (type === 'replace') checkCount(at(body, ['spec', 'replicas']) ?? 0, custom);
  const live = liveObject(core, operation);
  const before = scaleOf(paths, live);
  const wanted = type === 'replace' ? body : merged(operation, type, before, body);
  if (!isObject(wanted)) throw badRequest('the body is not a Scale');
  const replicas = at(wanted, ['spec', 'replicas']) ?? 0;
  if (type !== 'replace' && !isCount(replicas)) throw badPatch(JSON.stringify(wanted), unreadable(replicas));
  checkCount(replicas, custom);
  if (replicas < 0 && !custom) {
    const scale = { group: 'autoscaling', plural: 'scales', kind: 'Scale' };
    throw invalid(scale, operation.name, [
      cause.invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const next = clone(live);
  setAt(next, paths.spec, replicas);
  const { resourceVersion } = objectOf(wanted.metadata);
  const lock = optionalText(resourceVersion);
  if (lock !== undefined) setAt(next, ['metadata', 'resourceVersion'], text(resourceVersion));
  operation.admit(operation, { name: operation.name, object: scaleOf(paths, next), live: before });
  return scaleOf(paths, updateObject(core, operation, live, next));
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value);

const unreadable = (value: unknown): string =>
  `json: cannot unmarshal ${typeof value} into Go struct field ScaleSpec.spec.replicas of type int32`;

/** @param custom whose decoder does not find words. @throws ApiFailure 400 */
function checkCount(value: unknown, custom: boolean): asserts value is number {
  if (isCount(value)) return;
  throw badRequest(
    custom
      ? 'no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"'
      : `Scale in version "v1" cannot be handled as a Scale: ${unreadable(value)}`,
  );
}

function merged(operation: Operation, type: PatchType, before: Json, patch: unknown): unknown {
  // A Scale has no lists: apply and strategic merge come to the same as a merge patch.
  return mutated(operation, type === 'json' ? 'json' : 'merge', before, patch);
}
