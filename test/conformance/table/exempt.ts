/**
 * What Kubernetes leaves open or the sandbox does not claim: of these rows the status code alone is compared. Beyond the
 * table the sandbox does not claim CBOR, `meta.k8s.io/v1beta1`, the old paths below `watch/`, subresources that are
 * processes (`exec`, `log`, ...), nor when a watch sends a bookmark.
 */
const reasons: Readonly<Record<string, readonly string[]>> = {
  'the words of a parser': [
    'apply: no YAML',
    'body: no YAML',
    'list: a token that is none',
    'merge patch: a bad manager',
    // A config map read as a secret: what is wrong first depends on Go's fields.
    'json patch: another kind',
  ],
  'a server without history answers 504 after three seconds or at once': ['list: a revision to come'],
  'checks of built-in kinds beyond those that people run into': [
    'create autoscaler',
    'definition without storage version',
  ],
  'an event of the new group is refused by the name of the old one': [
    'new event without a time',
    'new event without a reason',
    'new event without an action',
    'new event without a controller',
    'new event of an unknown type',
    'new event tells something else',
  ],
  'apply through a scale does not work in Kubernetes either': ['apply: widget scale'],
  'YAML is compared as JSON elsewhere': ['form: YAML', 'form: YAML of a list', 'form: YAML of a failure'],
  'a custom resource of another kind or version is refused in changing words': [
    'widget of another kind',
    'widget of another version',
    'patch of a widget: another version',
  ],
  'a bound of the connection': ['body: too large'],
  'a question that is not stored has managed fields in Kubernetes': ['access review'],
  'random names in a refusal': ['create with generateName and a clash of type'],
};

export const exempt: ReadonlySet<string> = new Set(Object.values(reasons).flat());
