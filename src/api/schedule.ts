/** What RolloutSchedule and ClusterRolloutSchedule share: rules in local time, and what was made of them. */
import Type, { type Static } from 'typebox';
import { type ConditionDoc, validations } from './define-resource.ts';
import { Conditions, SelectorOf } from './meta.ts';

export const Weekday = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export type Weekday = (typeof Weekday)[number];

export const ScheduleAction = ['Allow', 'Deny'] as const;
export type ScheduleAction = (typeof ScheduleAction)[number];

const TimeOfDay = (description: string) =>
  Type.String({ description, maxLength: 5, pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

/** Days that no month has are refused here; 29 February is left to the reader, who knows the year. */
const CalendarDate = (description: string) =>
  Type.String({
    description,
    maxLength: 10,
    pattern:
      '^\\d{4}-((01|03|05|07|08|10|12)-(0[1-9]|[12]\\d|3[01])|(04|06|09|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|[12]\\d))$',
  });

export const TimeRange = Type.Object(
  {
    start: TimeOfDay('When it begins, `HH:MM`, 24 hours.'),
    end: TimeOfDay('When it ends, `HH:MM`, not included. Up to `start`, the window ends on the next day.'),
  },
  { description: 'A window of the day in `spec.timezone`. Equal `start` and `end`: the whole day.' },
);
export type TimeRange = Static<typeof TimeRange>;

export const DateRange = Type.Object(
  {
    start: CalendarDate('The first day, `YYYY-MM-DD`.'),
    end: CalendarDate('The last day, `YYYY-MM-DD`, included.'),
  },
  {
    description: 'Days of the calendar in `spec.timezone`.',
    // Dates of this form sort like text.
    ...validations({ rule: 'self.start <= self.end', message: 'end is before start', fieldPath: '.end' }),
  },
);
export type DateRange = Static<typeof DateRange>;

export const ScheduleRule = Type.Object(
  {
    name: Type.Optional(
      Type.String({ description: 'Shown in `status.activeRules`, for example `business-hours`.', maxLength: 253 }),
    ),
    timeRange: Type.Optional(TimeRange),
    daysOfWeek: Type.Optional(
      Type.Array(Type.Enum([...Weekday]), {
        description: 'Days of the week. Absent or empty: every day.',
        maxItems: 7,
      }),
    ),
    dateRange: Type.Optional(DateRange),
  },
  {
    description:
      'A rule is active while all its parts match. With a name alone it is always active. ' +
      'A window over midnight belongs to the day on which it begins.',
    ...validations({
      rule: 'has(self.name) || has(self.timeRange) || has(self.daysOfWeek) || has(self.dateRange)',
      message: 'the rule says nothing: give it a timeRange, daysOfWeek or dateRange, or a name to be always active',
    }),
  },
);
export type ScheduleRule = Static<typeof ScheduleRule>;

/** The fields of both specs beside the selectors. */
export const scheduleFields = {
  rolloutSelector: SelectorOf('The Rollouts that the schedule is for, by their labels. `{}`: every one.'),
  rules: Type.Array(ScheduleRule, {
    description: 'The schedule is active while any of its rules is.',
    minItems: 1,
    maxItems: 500,
  }),
  timezone: Type.Optional(
    Type.String({
      description: 'Time zone of the rules, a name of the IANA database such as `Europe/Zagreb`. Default: `UTC`.',
      default: 'UTC',
      maxLength: 64,
    }),
  ),
  action: Type.Optional(
    Type.Enum([...ScheduleAction], {
      description:
        '`Allow`: deployments may start only while the schedule is active. `Deny` (default): they may not start while it is active.',
      default: 'Deny',
    }),
  ),
};

export const ScheduleStatus = Type.Object(
  {
    active: Type.Optional(Type.Boolean({ description: 'Whether a rule is active now.' })),
    activeRules: Type.Optional(
      Type.Array(Type.String(), { description: 'Names of the active rules; empty text for one without a name.' }),
    ),
    nextTransition: Type.Optional(
      Type.String({ description: 'When `active` changes next. Absent: never.', format: 'date-time' }),
    ),
    managedGates: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The RolloutGates of this schedule: `name`, or `namespace/name` for a ClusterRolloutSchedule.',
      }),
    ),
    matchingRollouts: Type.Optional(
      Type.Integer({ description: 'How many Rollouts the schedule is for.', format: 'int32' }),
    ),
    conditions: Type.Optional(
      Conditions('`Ready` is False when the schedule cannot be understood or a gate cannot be written.'),
    ),
  },
  { description: 'What the schedule says now, and to which Rollouts.' },
);
export type ScheduleStatus = Static<typeof ScheduleStatus>;

export const ScheduleConditionReason = {
  Evaluated: 'Evaluated',
  InvalidSpec: 'InvalidSpec',
  GatesFailed: 'GatesFailed',
} as const;

export const scheduleConditions: readonly ConditionDoc[] = [
  {
    type: 'Ready',
    description: 'Whether the gates say what the schedule says.',
    reasons: [
      { reason: 'Evaluated', status: 'True', description: 'Every gate is written.' },
      {
        reason: 'InvalidSpec',
        status: 'False',
        description:
          'The time zone, a date or a selector cannot be understood: gates of `Allow` are closed, those of `Deny` stay as they are.',
      },
      { reason: 'GatesFailed', status: 'False', description: 'A gate could not be written; it is tried again.' },
    ],
  },
];

export const scheduleColumns = [
  { name: 'Action', type: 'string', jsonPath: '.spec.action' },
  { name: 'Active', type: 'boolean', jsonPath: '.status.active' },
  { name: 'Matching', type: 'integer', jsonPath: '.status.matchingRollouts' },
  { name: 'Next', type: 'string', jsonPath: '.status.nextTransition', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
] as const;
