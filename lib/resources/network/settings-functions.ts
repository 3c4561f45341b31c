import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec } from '../../model/resource.ts';

const name: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.~][A-Za-z0-9_.~-]*$',
  title: 'a domain or the name of a host',
};
const address: JsonObject = { type: 'string', pattern: '^[0-9A-Fa-f:.]+$', title: 'an IP address' };
const list = (items: JsonObject, description: string): JsonObject => ({ type: 'array', items, description });
const numbers = (description: string): JsonObject => ({
  ...{ type: 'object', additionalProperties: { type: 'integer', minimum: 0 }, minProperties: 1 },
  title: 'a mapping of names, as ethtool shows them, to numbers',
  description,
});

/** Functions for settings of a host's network that are not in the files of networkd. */
export const settingsFunctions: Readonly<Record<string, FunctionSpec>> = {
  resolver: {
    summary: 'a host asks these servers for names, now and after the next boot',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 1, description: 'what it is called' },
        owner: {
          enum: ['resolved', 'file'],
          description:
            'who writes /etc/resolv.conf: systemd-resolved or nobody else; by default whoever does it now',
        },
        servers: list(address, 'the servers, all of them, the first is asked first'),
        search: list(name, 'domains that names without a dot are looked for in'),
        options: list(
          { type: 'string', pattern: '^[a-z0-9:.-]+$', title: 'an option of resolv.conf' },
          'options of resolv.conf; only where it is a file',
        ),
        verify: list(name, 'names that have to resolve: else all is put back as it was'),
      },
      required: ['servers'],
    },
    examples: [
      'resolver:\n  network.resolver:\n    - servers: [10.20.0.53, 10.20.0.54]\n    - search: [example.net]\n    - verify: [st12.example.net]\n',
      'resolver:\n  network.resolver:\n    - owner: file\n    - servers: [10.20.0.53]\n    - options: [timeout:2]\n',
    ],
  },
  ethtool: {
    summary: "settings of a card's driver, now and after the next boot",
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 1, description: 'the card, without "device"' },
        device: {
          ...{ type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}$' },
          title: 'the name of an interface, at most 15 characters',
          description: 'the card; by default the ID of the state',
        },
        ring: numbers('sizes of its rings: rx, tx'),
        channels: numbers('its channels: combined, rx, tx, other'),
        coalesce: {
          type: 'object',
          additionalProperties: { type: ['integer', 'boolean'] },
          ...{
            minProperties: 1,
            title: 'a mapping of names, as ethtool shows them, to numbers, true or false',
          },
          description: 'when it interrupts: rx_usecs, rx_frames, adaptive_rx',
        },
        offload: {
          type: 'object',
          additionalProperties: { type: 'boolean' },
          ...{ minProperties: 1, title: 'a mapping of names, as ethtool shows them, to true or false' },
          description: 'what the card does itself: gro, lro, tso, rx-vlan-filter',
        },
      },
    },
    examples: [
      'data0:\n  network.ethtool:\n    - ring: {rx: 4096, tx: 4096}\n    - offload: {lro: off}\n    - channels: {combined: 8}\n    - coalesce: {rx_usecs: 50}\n',
    ],
  },
};
