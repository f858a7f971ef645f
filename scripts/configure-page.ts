import { format, resolveConfig } from 'prettier';
import type { z } from 'zod';
import { settingFacts, settingGroups, variables, variablesOfOthers } from '#lib/base/settings.ts';
import type { SettingGroup, SettingName } from '#lib/base/settings.ts';

const opening = `# Settings

This page is made of lib/base/settings.ts by \`npm run docs:configure\`; a test sees to it that it is up to date.

Settings are environment variables. \`npm start\` and \`npm run cli\` also read \`.env.local\` and \`.env\` in the folder of
the program; what stands in the environment comes first. An empty variable is one that is not set. All mistakes are
listed at the start, all at once, and the program does not start with one; what is doubtful is a warning in the log, and
\`npm run cli -- doctor\` repeats it. Names that look like a slip of one of these are told.

The least that an installation needs: \`SESSION_SECRET\`, \`PUBLIC_URL\`, \`DATABASE_URL\`; where the disk does not last, or
where several machines serve, \`S3_BUCKET\` too.`;

/** The text of docs/configure.md: every setting, by what it is for. */
export async function configurePage(): Promise<string> {
  const names = Object.keys(variables.shape) as SettingName[];
  const groups = (Object.keys(settingGroups) as SettingGroup[]).map((group) =>
    [
      `## ${settingGroups[group]}`,
      '| variable | what it is for | while it is not set | example |',
      '| --- | --- | --- | --- |',
      ...names.filter((name) => factsOf(name).group === group).map(rowOf),
    ].join('\n'),
  );
  const others = [
    '## Read by others',
    'Packages of the tool, and Node itself, read these.',
    '| variable | what it is for |\n| --- | --- |',
  ].join('\n\n');
  const rows = Object.entries(variablesOfOthers).map(([name, about]) => `| \`${name}\` | ${about} |`);
  const page = [opening, ...groups, [others, ...rows].join('\n')]
    .join('\n\n')
    .replaceAll(/^(## .*)\n(?=\|)/gm, '$1\n\n');
  return format(page, { ...(await resolveConfig('docs/configure.md')), parser: 'markdown' });
}

function factsOf(name: SettingName) {
  const facts = settingFacts.get(variables.shape[name]);
  if (facts === undefined) throw new Error(`${name} is not described.`);
  return facts;
}

function rowOf(name: SettingName): string {
  const { about, example, secret } = factsOf(name);
  const cells = [
    `\`${name}\`${secret === true ? ' (secret)' : ''}`,
    about,
    unsetOf(name),
    example === undefined ? '' : `\`${example}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function unsetOf(name: SettingName): string {
  const schema: z.ZodType = variables.shape[name];
  const usual = schema.safeParse(undefined).data;
  const { unset } = factsOf(name);
  if (unset !== undefined) return unset;
  return ['string', 'number', 'boolean'].includes(typeof usual) && usual !== ''
    ? `\`${JSON.stringify(usual).replaceAll('"', '')}\``
    : '';
}
