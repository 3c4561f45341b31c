import type { FunctionSpec } from '../../model/resource.ts';
import { argumentGroups, argumentSchemas, argumentsSchema } from './schema.ts';

const { flag, scalarText, texts, backup } = argumentSchemas;
const { template } = argumentGroups;

const edited = { backup, show_changes: flag };
const notFound = { append_if_not_found: flag, prepend_if_not_found: flag };
const pattern = { title: 'a regular expression', type: 'string', minLength: 1 };
const source = { source: { title: 'a salt:// URI', type: ['string', 'null'] }, ...template };

/** Functions that change a part of a text file. */
export const editFunctions = {
  append: {
    summary:
      'These lines are in the file; missing ones are added at its end. The file is made when there is none.',
    schema: argumentsSchema({
      ...edited,
      ...source,
      text: texts,
      makedirs: { ...flag },
      ignore_whitespace: flag,
    }),
    examples: ['/etc/hosts.allow:\n  file.append:\n    - text: "sshd: 10.0.0.0/8"\n'],
  },
  prepend: {
    summary: 'These lines are in the file; missing ones are added at its beginning.',
    schema: argumentsSchema({
      ...edited,
      ...source,
      text: texts,
      makedirs: { ...flag },
      ignore_whitespace: flag,
    }),
    examples: ['/etc/resolv.conf:\n  file.prepend:\n    - text: options timeout:1\n'],
  },
  replace: {
    summary: 'Whatever matches a regular expression (of Python) is replaced.',
    schema: argumentsSchema(
      {
        ...edited,
        ...notFound,
        pattern,
        repl: scalarText,
        count: { type: 'integer', minimum: 0 },
        flags: {
          title: 'a list such as [IGNORECASE, MULTILINE]',
          type: ['integer', 'array', 'string'],
          items: { type: 'string' },
        },
        not_found_content: scalarText,
        ignore_if_missing: flag,
        backslash_literal: flag,
        bufsize: { type: ['integer', 'string'], description: 'Of no effect: the whole file is looked at.' },
      },
      ['pattern', 'repl'],
    ),
    examples: [
      "/etc/ssh/sshd_config:\n  file.replace:\n    - pattern: '^#?PermitRootLogin .*'\n    - repl: PermitRootLogin no\n    - append_if_not_found: True\n",
    ],
  },
  line: {
    summary: 'One line is at its place, replaced or gone.',
    schema: argumentsSchema(
      {
        ...edited,
        mode: { enum: ['ensure', 'replace', 'delete', 'insert'] },
        content: scalarText,
        match: scalarText,
        before: scalarText,
        after: scalarText,
        location: { enum: ['start', 'end'] },
        indent: flag,
        create: flag,
        makedirs: flag,
      },
      ['mode'],
    ),
    examples: ['/etc/fstab:\n  file.line:\n    - mode: delete\n    - match: ^/dev/fd0\n'],
  },
  blockreplace: {
    summary: 'Between two lines with markers stands exactly this.',
    schema: argumentsSchema({
      ...edited,
      ...source,
      ...notFound,
      marker_start: { type: 'string' },
      marker_end: { type: 'string' },
      content: scalarText,
      insert_before_match: pattern,
      insert_after_match: pattern,
      append_newline: {
        type: ['boolean', 'null'],
        description: 'Of no effect: the end marker has a line of its own.',
      },
    }),
    examples: [
      '/etc/hosts:\n  file.blockreplace:\n    - marker_start: "# begin cluster"\n    - marker_end: "# end cluster"\n    - content: 10.0.0.1 db1\n    - append_if_not_found: True\n',
    ],
  },
  comment: {
    summary: 'Lines that match are commented out.',
    schema: argumentsSchema(
      { ...edited, regex: pattern, char: { type: 'string', minLength: 1 }, ignore_missing: flag },
      ['regex'],
    ),
    examples: ['/etc/fstab:\n  file.comment:\n    - regex: ^/dev/fd0\n'],
  },
  uncomment: {
    summary: 'Lines that match, apart from a comment character, are not commented out.',
    schema: argumentsSchema(
      { ...edited, regex: pattern, char: { type: 'string', minLength: 1 }, ignore_missing: flag },
      ['regex'],
    ),
    examples: ['/etc/adduser.conf:\n  file.uncomment:\n    - regex: ^EXTRA_GROUPS\n'],
  },
  keyvalue: {
    summary: 'Lines such as "key = value" have these values.',
    schema: argumentsSchema({
      ...edited,
      key: scalarText,
      value: scalarText,
      key_values: { title: 'a mapping', type: 'object', additionalProperties: scalarText },
      separator: { type: 'string', minLength: 1 },
      append_if_not_found: flag,
      uncomment: { type: 'string', minLength: 1 },
      key_ignore_case: flag,
      value_ignore_case: flag,
      ignore_if_missing: flag,
      create_if_missing: flag,
    }),
    examples: [
      '/etc/ssh/sshd_config:\n  file.keyvalue:\n    - key: PermitRootLogin\n    - value: "no"\n    - separator: " "\n    - uncomment: "#"\n    - append_if_not_found: True\n',
    ],
  },
} as const satisfies Record<string, FunctionSpec>;
