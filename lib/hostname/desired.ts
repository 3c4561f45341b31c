/** What a host shall be called. */
export interface DesiredHostname {
  readonly hostname: string;
  /** The line of /etc/hosts that gets the name where no line has it; undefined: none. */
  readonly address: string | undefined;
  /** What /etc/hosts shall know: the name, and the first part of one with dots. */
  readonly names: readonly string[];
  /** Now as well; false: from the next boot on. */
  readonly now: boolean;
}

/** Schema of a name: labels of letters, digits and hyphens, 64 bytes at most as sethostname(2) takes. */
export const hostnameSchema = {
  ...{ type: 'string', maxLength: 64, title: 'the name of a host: letters, digits, hyphens, dots' },
  pattern: '^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
} as const;

/** A name with what /etc/hosts shall know of it. */
export function desiredHostname(
  hostname: string,
  address: string | undefined,
  { now = true }: { readonly now?: boolean } = {},
): DesiredHostname {
  const short = hostname.split('.')[0] ?? hostname;
  return { hostname, address, names: short === hostname ? [hostname] : [hostname, short], now };
}
