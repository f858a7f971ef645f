import { readFile } from 'node:fs/promises';

/** What must not stand in a log, and what it is called when it does. */
export interface PersonalText {
  kind: string;
  text: string;
  /**
   * `anywhere`: also inside a longer text, in whatever case. `word`: by itself and as it is written, for what is short:
   * the log's own words begin small, a name does not, so that "Will" is found and "absences will be told" is not.
   * `code`: the beginning of the codes of a window, scanned ones (13 symbols more) or typed ones (4 more).
   */
  where: 'anywhere' | 'word' | 'code';
}

export interface LeakedText {
  /** From 1. */
  line: number;
  kind: string;
}

/**
 * Fields that hold random-looking texts: places in the program, the ends of the sealed log of changes, and what a platform
 * calls an installation (an operator looks for it there).
 */
const opaqueFields = new Set(['deploymentId', 'mac', 'place', 'printedAt', 'requestId', 'time']);
/** Names of errors, ours and other programs', such as ERR_STREAM_PREMATURE_CLOSE. */
const nameFields = new Set(['code', 'error']);
/** Codes of refusals are words in small letters; twenty random characters are not, but once in thirty million times. */
const token = /(?![a-z-]+(?![\w-]))[\w-]{20,}/;
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * Every line of a log that holds one of these texts, is no line of ours (JSON), or holds what looks like a token: 20 or
 * more of the characters that keys, seals and tickets are made of, in one piece.
 */
export function searchLog(log: string, texts: readonly PersonalText[]): LeakedText[] {
  const lines = log.split('\n').map(valuesOf);
  const found: LeakedText[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === undefined) found.push({ line: index + 1, kind: 'a line that is not JSON' });
    else if (token.test(line.clear)) found.push({ line: index + 1, kind: 'something like a token' });
  }
  const views = {
    // Random ids and the program's own short names hold each word of two letters sooner or later.
    word: lines.map((line) => line?.clear ?? ''),
    anywhere: lines.map((line) => line?.all.toLowerCase() ?? ''),
    code: lines.map((line) => line?.clear.toLowerCase() ?? ''),
  };
  const wholes = {
    word: views.word.join('\n'),
    anywhere: views.anywhere.join('\n'),
    code: views.code.join('\n'),
  };
  for (const { kind, text, where } of texts) {
    for (const form of formsOf(text)) {
      const wanted = where === 'word' ? form : form.toLowerCase();
      // Most are nowhere: one look at the whole says so.
      if (!wholes[where].includes(wanted)) continue;
      const isIn = finders[where](wanted);
      for (const [index, line] of views[where].entries())
        if (isIn(line)) found.push({ line: index + 1, kind });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

const finders: Record<PersonalText['where'], (wanted: string) => (line: string) => boolean> = {
  anywhere: (wanted) => (line) => line.includes(wanted),
  word: (wanted) => (line) => hasWord(line, wanted),
  code: (wanted) => {
    const code = new RegExp(`(?<![a-z0-9])${wanted}[- ]?([a-z0-9]{4}|[a-z0-9]{13})(?![a-z0-9])`);
    return (line) => code.test(line);
  },
};

/** @throws Error that names lines and kinds, and quotes nothing; also where nothing was logged that could be searched */
export async function requireSilentLog(file: string, texts: readonly PersonalText[]): Promise<void> {
  const log = await readFile(file, 'utf8');
  // A tool whose worker had no test knows nobody.
  if (texts.length > 0 && !log.includes('"msg":"request"')) {
    throw new Error(`${file} tells of no request, although there are people.`);
  }
  const found = searchLog(log, texts);
  if (found.length === 0) return;
  const lines = found.slice(0, 20).map(({ line, kind }) => `line ${String(line)}: ${kind}`);
  throw new Error(`${file} holds what no log may hold (${String(found.length)}):\n${lines.join('\n')}`);
}

/** All texts in a line; and those in which nothing opaque belongs, without ids. */
function valuesOf(line: string): { all: string; clear: string } | undefined {
  if (line === '') return { all: '', clear: '' };
  try {
    const all: string[] = [];
    const clear: string[] = [];
    collect(JSON.parse(line), true, { all, clear });
    return { all: all.join('\n'), clear: clear.join('\n').replace(uuid, '') };
  } catch {
    return undefined;
  }
}

function collect(value: unknown, isClear: boolean, into: { all: string[]; clear: string[] }): void {
  if (typeof value === 'string' || typeof value === 'number') {
    into.all.push(String(value));
    if (isClear) into.clear.push(String(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const isName = nameFields.has(key) && typeof inner === 'string' && /^[a-z_-]+$/i.test(inner);
      collect(inner, isClear && !isName && !opaqueFields.has(key), into);
    }
  }
}

/** As it is, and as it stands in an address. */
function formsOf(text: string): Set<string> {
  return new Set([text, encodeURIComponent(text)]);
}

function hasWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const [before, after] = [line[at - 1], line[at + word.length]];
    if (!isLetter(before) && !isLetter(after)) return true;
  }
  return false;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
