import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/**
 * Privacy budgets that are offered. Every one is a whole number of quarters, so that it is an exact
 * fraction and no noise is ever drawn with a rounded one.
 */
export const epsilons = [0.25, 0.5, 1, 2] as const;

const LocalTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):(00|15|30|45)$', examples: ['22:00'] });

/** How the lines of a site are sealed for everybody but their owner. */
export const Protection = Type.Object(
  {
    epsilon: Type.Enum([...epsilons], {
      default: 1,
      description: 'How much one crossing may change the odds of what is published: by e to this power.',
    }),
    cellMinutes: Type.Enum([15, 60], { default: 60, description: 'Length of a sealed cell by day.' }),
    quietFrom: Type.Optional({ ...LocalTime, description: 'Local time at which the quiet hours begin.' }),
    quietUntil: Type.Optional({ ...LocalTime, description: 'Local time at which they end.' }),
  },
  {
    ...closed,
    description:
      'Quiet hours are one cell a night; 22:00 to 06:00 where neither is given. Equal times: no quiet hours.',
  },
);
export type Protection = Static<typeof Protection>;

/** A rule with everything filled in. */
export interface ProtectionRule {
  readonly epsilon: number;
  readonly cellMinutes: 15 | 60;
  readonly quietFrom: string;
  readonly quietUntil: string;
}

/** What holds where nobody has said anything. */
const byDefault: ProtectionRule = { epsilon: 1, cellMinutes: 60, quietFrom: '22:00', quietUntil: '06:00' };

export function protectionRuleOf(protection: Partial<ProtectionRule> | undefined): ProtectionRule {
  return { ...byDefault, ...protection };
}
