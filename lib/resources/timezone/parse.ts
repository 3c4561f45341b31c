import type { FunctionSpec, Parsed, ParseInput } from '../../model/resource.ts';

/** The time zone that a host shall keep. */
export interface TimezoneDeclared {
  /** By its path below /usr/share/zoneinfo: `Europe/Vienna`. */
  readonly zone: string;
  /** The state says that the hardware clock keeps UTC: one that does not is a failure then, not a note. */
  readonly insists: boolean;
}

/** The function of Salt's module `timezone`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  system: {
    summary: 'a host keeps the time of a zone',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: {
          ...{ type: 'string', maxLength: 255, title: 'the name of a time zone, such as Europe/Vienna' },
          pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
          description: 'the zone; by default the ID of the state',
        },
        utc: {
          ...{ type: 'boolean', default: true, title: 'true or false' },
          description: 'the hardware clock keeps UTC; false is refused: slab does not set that clock',
        },
      },
    },
    examples: [
      'Europe/Vienna:\n  timezone.system\n',
      'zone:\n  timezone.system:\n    - name: Etc/UTC\n    - utc: True\n',
    ],
  },
};

/** Reads a chunk of this kind. */
export function parseTimezone({ name, args }: ParseInput): Parsed<TimezoneDeclared> {
  // The schema has been checked; these are its types.
  const { utc } = args as { readonly utc?: boolean };
  if (utc === false)
    return {
      complaints: [
        {
          at: ['utc'],
          summary: 'slab does not put the hardware clock to local time',
          fix: 'leave utc out, and where another system needs it run: timedatectl set-local-rtc 1',
        },
      ],
    };
  return { declared: { zone: name, insists: utc === true } };
}
