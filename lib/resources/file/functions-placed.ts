import type { FunctionSpec } from '../../model/resource.ts';
import { argumentGroups, argumentSchemas, argumentsSchema } from './schema.ts';

const { flag, text, texts, mode, backup } = argumentSchemas;
const { owner, placed, template } = argumentGroups;

/** What means something only where files are fetched: the state tree is here, and was checked before. */
const ofNoEffect = { skip_verify: flag, keep_source: flag, use_etag: flag } as const;

/** Functions about whole files, directories and symlinks. */
export const placedFunctions = {
  managed: {
    summary: 'A file has these contents, this owner and this mode.',
    takesVariables: true,
    schema: argumentsSchema({
      ...placed,
      ...template,
      source: {
        title: 'a salt:// URI or a list of them',
        anyOf: [{ type: ['string', 'null'] }, { type: 'array', items: { type: ['string', 'object'] } }],
      },
      source_hash: { title: 'a hash such as "sha256=…"', type: ['string', 'null'] },
      ...ofNoEffect,
      encoding: { title: '"utf-8"', enum: ['utf-8', 'utf8', 'UTF-8', null] },
      contents: {
        title: 'text or a list of lines',
        anyOf: [
          { type: ['string', 'integer', 'number', 'boolean', 'null'] },
          { type: 'array', items: { type: ['string', 'integer', 'number', 'boolean', 'null'] } },
        ],
      },
      contents_pillar: { title: 'a pillar key such as tls:key', type: ['string', 'null'] },
      contents_grains: { title: 'the name of a grain', type: ['string', 'null'] },
      contents_newline: flag,
      allow_empty: flag,
      replace: flag,
      create: flag,
      backup,
      show_changes: flag,
      follow_symlinks: flag,
      check_cmd: texts,
    }),
    examples: [
      '/etc/motd:\n  file.managed:\n    - contents: Welcome.\n    - mode: 644\n',
      '/etc/app.conf:\n  file.managed:\n    - source: salt://app/app.conf\n    - user: root\n    - mode: 640\n    - makedirs: True\n',
    ],
  },
  directory: {
    summary: 'A directory is there, with this owner and mode, and if asked for nothing unmanaged in it.',
    schema: argumentsSchema({
      ...placed,
      file_mode: mode,
      recurse: {
        title: 'a list of user, group, mode, ignore_files, ignore_dirs',
        type: ['array', 'null'],
        items: { enum: ['user', 'group', 'mode', 'ignore_files', 'ignore_dirs', 'silent'] },
      },
      max_depth: { type: 'integer', minimum: 0 },
      clean: flag,
      exclude_pat: text,
      force: flag,
      allow_symlink: flag,
    }),
    examples: ['/srv/app:\n  file.directory:\n    - user: app\n    - mode: 750\n    - makedirs: True\n'],
  },
  recurse: {
    summary: 'A folder of the state tree is on the host, file by file.',
    takesVariables: true,
    schema: argumentsSchema(
      {
        ...owner,
        ...template,
        source: { title: 'a salt:// folder', type: 'string' },
        dir_mode: mode,
        file_mode: mode,
        include_pat: text,
        exclude_pat: text,
        clean: flag,
        replace: flag,
        backup,
        show_changes: flag,
        follow_symlinks: flag,
      },
      ['source'],
    ),
    examples: [
      '/srv/www:\n  file.recurse:\n    - source: salt://www\n    - file_mode: 644\n    - dir_mode: 755\n',
    ],
  },
  serialize: {
    summary: 'A file holds data, written as JSON or YAML.',
    schema: argumentsSchema(
      {
        ...placed,
        dataset: {
          title: 'data',
          type: ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'],
        },
        formatter: { enum: ['json', 'yaml'] },
        serializer: { enum: ['json', 'yaml'] },
        serializer_opts: {
          title: 'a list such as [indent: 4]',
          type: 'array',
          items: {
            type: 'object',
            properties: { indent: { type: 'integer', minimum: 1 } },
            additionalProperties: false,
          },
        },
        backup,
        show_changes: flag,
        create: flag,
        check_cmd: texts,
      },
      ['dataset'],
    ),
    examples: [
      '/etc/app.json:\n  file.serialize:\n    - dataset:\n        port: 80\n    - formatter: json\n',
    ],
  },
  symlink: {
    summary: 'A symlink leads to this target.',
    schema: argumentsSchema(
      {
        ...owner,
        target: { title: 'a path', type: 'string' },
        makedirs: flag,
        dir_mode: mode,
        force: flag,
        backupname: text,
      },
      ['target'],
    ),
    examples: ['/etc/localtime:\n  file.symlink:\n    - target: /usr/share/zoneinfo/Europe/Berlin\n'],
  },
  touch: {
    summary: 'A file is there; what is in it does not matter.',
    schema: argumentsSchema({ makedirs: flag }),
    examples: ['/var/lib/app/ready:\n  file.touch:\n    - makedirs: True\n'],
  },
  absent: {
    summary: 'Nothing is at this path.',
    schema: argumentsSchema({}),
    examples: ['/etc/nginx/sites-enabled/default:\n  file.absent: []\n'],
  },
  exists: {
    summary: 'Fails unless something is at this path.',
    schema: argumentsSchema({}),
    examples: ['/srv/data:\n  file.exists: []\n'],
  },
  missing: {
    summary: 'Fails when something is at this path.',
    schema: argumentsSchema({}),
    examples: ['/etc/nologin:\n  file.missing: []\n'],
  },
  copy: {
    summary: 'A file is a copy of another file of the host.',
    schema: argumentsSchema({ ...placed, source: { title: 'a path', type: 'string' }, force: flag }, [
      'source',
    ]),
    examples: ['/etc/app.conf:\n  file.copy:\n    - source: /usr/share/app/app.conf.example\n'],
  },
  rename: {
    summary: 'What was at another path is now at this one.',
    schema: argumentsSchema(
      { ...owner, makedirs: flag, dir_mode: mode, source: { title: 'a path', type: 'string' }, force: flag },
      ['source'],
    ),
    examples: ['/etc/app.d:\n  file.rename:\n    - source: /etc/app.conf.d\n'],
  },
} as const satisfies Record<string, FunctionSpec>;
