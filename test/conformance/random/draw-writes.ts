/** Requests that change something, or that should be refused. */
import { setAt } from '../../../src/sandbox/apiserver/json.ts';
import { type Draft, drawName, drawNewName, keyOf } from './draft.ts';
import { drawBody, drawOptions, fieldsOf } from './draw-bodies.ts';
import { drawDelete, drawDeleteAll } from './draw-deletes.ts';
import { drawPatch } from './draw-patches.ts';
import { type KindName, kindOf } from './kinds.ts';
import type { Step } from './step.ts';

export function drawWrite(draft: Draft, kind: KindName): Step {
  const { dice, alive } = draft;
  const nobody = !kindsAlive(draft, kind);
  const what = dice.weighted({
    create: nobody ? 60 : 10,
    put: 14,
    patch: 26,
    apply: 20,
    delete: 8,
    all: 1,
    scale: kindOf(kind).scale === true ? 5 : 0,
  });
  switch (what) {
    case 'create': {
      const name = drawNewName(draft, kind);
      alive.add(keyOf({ kind, name }));
      return { kind, method: 'POST', query: drawOptions(draft), body: drawBody(draft, kind, name) };
    }
    case 'put':
      return drawPut(draft, kind);
    case 'patch':
    case 'apply':
      return drawPatch(draft, kind, what);
    case 'delete':
      return drawDelete(draft, kind);
    case 'all':
      return drawDeleteAll(draft, kind);
    case 'scale':
      return drawScale(draft, kind);
  }
}

const kindsAlive = ({ alive }: Draft, kind: KindName): boolean => [...alive].some((key) => key.startsWith(`${kind}/`));

function drawPut(draft: Draft, kind: KindName): Step {
  const { dice } = draft;
  const name = drawName(draft, kind);
  const subresource = kindOf(kind).status !== undefined && dice.oneIn(4) ? ('status' as const) : undefined;
  const step = {
    kind,
    name,
    method: 'PUT' as const,
    query: drawOptions(draft),
    ...(subresource !== undefined && { subresource }),
  };
  // As controllers do: what was read, changed.
  if (!dice.oneIn(3)) {
    const change = fieldsOf(draft, kind, subresource, 2);
    const revision = dice.weighted({ seen: 8, none: 1, before: 2 });
    if (revision === 'none') change.set(['metadata', 'resourceVersion'], null);
    if (revision === 'before') change.set(['metadata', 'resourceVersion'], `$(rv1 ${keyOf({ kind, name })})`);
    return { ...step, seen: change.toObject() };
  }
  const body = drawBody(draft, kind, name, subresource);
  const revision = dice.weighted({ none: 4, current: 8, before: 2, zero: 1, invalid: 1 });
  const of = keyOf({ kind, name });
  const value = { none: undefined, current: `$(rv ${of})`, before: `$(rv1 ${of})`, zero: '0', invalid: 'x' }[revision];
  if (value !== undefined) setAt(body, ['metadata', 'resourceVersion'], value);
  if (dice.oneIn(10)) setAt(body, ['metadata', 'uid'], `$(uid ${of})`);
  return { ...step, body };
}

function drawScale(draft: Draft, kind: KindName): Step {
  const { dice } = draft;
  const name = drawName(draft, kind);
  // Who owns what was written through a scale is another matter: nothing is stored.
  const place = { kind, name, subresource: 'scale' as const, query: { ...drawOptions(draft), dryRun: 'All' } };
  const replicas = dice.one([0, 1, 2, 3, -1, 'x']);
  if (dice.oneIn(2)) {
    return { ...place, method: 'PATCH', type: 'application/merge-patch+json', body: { spec: { replicas } } };
  }
  const revision = dice.oneIn(2)
    ? {}
    : { resourceVersion: `$(rv${dice.oneIn(3) ? '1' : ''} ${keyOf({ kind, name })})` };
  const body = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(kindOf(kind).namespaced !== false && { namespace: '$(run)' }), ...revision },
    spec: { replicas },
  };
  return { ...place, method: 'PUT', body };
}
