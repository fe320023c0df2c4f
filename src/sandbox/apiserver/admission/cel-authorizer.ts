/**
 * `authorizer` in expressions: may the requesting user do something else, too.
 * https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library
 */
import type { Environment } from '@marcbachmann/cel-js';
import type { Authorizer } from '../authorization/authorizer.ts';
import {
  type Question,
  type ResourceQuestion,
  type User,
  type Verdict,
  withKnownGroups,
} from '../authorization/question.ts';

/** Who asks, and who knows. */
export class CelAuthorizer {
  readonly #authorizer: Authorizer;
  readonly #user: User;
  /** What the request itself is about. */
  readonly requestResource: ResourceCheck;

  constructor(authorizer: Authorizer, user: User, request: Omit<ResourceQuestion, 'verb'>) {
    this.#authorizer = authorizer;
    this.#user = user;
    this.requestResource = new ResourceCheck(this, request);
  }

  ask(question: Question): Decision {
    return new Decision(this.#authorizer.authorize(this.#user, question));
  }

  /** The same question of a ServiceAccount. */
  as(namespace: string, name: string): CelAuthorizer {
    const account = withKnownGroups({ username: `system:serviceaccount:${namespace}:${name}`, groups: [] });
    return new CelAuthorizer(this.#authorizer, account, this.requestResource.about);
  }
}

class GroupCheck {
  readonly authorizer: CelAuthorizer;
  readonly group: string;

  constructor(authorizer: CelAuthorizer, group: string) {
    this.authorizer = authorizer;
    this.group = group;
  }
}

class ResourceCheck {
  readonly authorizer: CelAuthorizer;
  readonly about: Omit<ResourceQuestion, 'verb'>;

  constructor(authorizer: CelAuthorizer, about: Omit<ResourceQuestion, 'verb'>) {
    this.authorizer = authorizer;
    this.about = about;
  }

  with(change: Partial<ResourceQuestion>): ResourceCheck {
    return new ResourceCheck(this.authorizer, { ...this.about, ...change });
  }
}

class PathCheck {
  readonly authorizer: CelAuthorizer;
  readonly path: string;

  constructor(authorizer: CelAuthorizer, path: string) {
    this.authorizer = authorizer;
    this.path = path;
  }
}

class Decision {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    this.verdict = verdict;
  }
}

const anything = { resource: '', subresource: '', namespace: '', name: '' };

/** Adds `authorizer`, and what can be asked of it. */
export function registerAuthorizer(environment: Environment): void {
  environment
    .registerType('Authorizer', { ctor: CelAuthorizer, fields: { requestResource: 'dyn' } })
    .registerType('GroupCheck', { ctor: GroupCheck, fields: {} })
    .registerType('ResourceCheck', { ctor: ResourceCheck, fields: {} })
    .registerType('PathCheck', { ctor: PathCheck, fields: {} })
    .registerType('Decision', { ctor: Decision, fields: {} })
    .registerVariable('authorizer', 'Authorizer')
    .registerFunction('Authorizer.path(string): PathCheck', (a: CelAuthorizer, path: string) => new PathCheck(a, path))
    .registerFunction('Authorizer.group(string): GroupCheck', (a: CelAuthorizer, g: string) => new GroupCheck(a, g))
    .registerFunction(
      'Authorizer.serviceAccount(string, string): Authorizer',
      (a: CelAuthorizer, namespace: string, name: string) => a.as(namespace, name),
    )
    .registerFunction(
      'GroupCheck.resource(string): ResourceCheck',
      ({ authorizer, group }: GroupCheck, resource: string) =>
        new ResourceCheck(authorizer, { ...anything, group, resource }),
    )
    .registerFunction('ResourceCheck.subresource(string): ResourceCheck', (c: ResourceCheck, subresource: string) =>
      c.with({ subresource }),
    )
    .registerFunction('ResourceCheck.namespace(string): ResourceCheck', (c: ResourceCheck, namespace: string) =>
      c.with({ namespace }),
    )
    .registerFunction('ResourceCheck.name(string): ResourceCheck', (c: ResourceCheck, name: string) => c.with({ name }))
    .registerFunction('ResourceCheck.check(string): Decision', ({ authorizer, about }: ResourceCheck, verb: string) =>
      authorizer.ask({ ...about, verb }),
    )
    .registerFunction('PathCheck.check(string): Decision', ({ authorizer, path }: PathCheck, verb: string) =>
      authorizer.ask({ path, verb }),
    )
    .registerFunction('Decision.allowed(): bool', ({ verdict }: Decision) => verdict.allowed)
    .registerFunction('Decision.reason(): string', ({ verdict }: Decision) => verdict.reason)
    .registerFunction('Decision.errored(): bool', () => false)
    .registerFunction('Decision.error(): string', () => '');
}
