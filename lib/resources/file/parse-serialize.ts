import type { Parsed, ParseInput } from '../../model/resource.ts';
import { readBackup, readFlag, readText, readTexts } from './arguments.ts';
import { sha256Of } from './contents.ts';
import { finishReading, readPlaced, startReading } from './parse-placed.ts';
import { toJson, toYaml } from './serialize.ts';
import type { Managed } from './types.ts';

/** `file.serialize`: a managed file whose contents are data. */
export function parseSerialized(input: ParseInput): Parsed<Managed> {
  const reader = startReading(input);
  const placed = readPlaced(reader, input.name);
  const backup = readBackup(reader);
  const format = readText(reader, 'serializer') ?? readText(reader, 'formatter') ?? 'yaml';
  const dataset = input.chunk.args.get('dataset')?.value;
  const options = (reader.args['serializer_opts'] ?? []) as readonly { readonly indent?: number }[];
  const indent = options.find((each) => each.indent !== undefined)?.indent ?? 2;
  if (dataset === undefined) return { complaints: reader.complaints };
  const content = Buffer.from(format === 'json' ? `${toJson(dataset, indent)}\n` : toYaml(dataset));
  return finishReading(reader, {
    is: 'managed',
    ...placed,
    content,
    sha256: sha256Of(content),
    replace: true,
    create: readFlag(reader, 'create', true),
    ...(backup === undefined ? {} : { backup }),
    hidden: !readFlag(reader, 'show_changes', true),
    follow: true,
    checkCmd: readTexts(reader, 'check_cmd'),
  });
}
