import type { PersonalText } from './search-log.ts';
import { withClient } from './test-server.ts';

type Where = PersonalText['where'];

/** What a database holds that must not stand in a log. `part`: each word of it is looked for, too. */
const sources: readonly { kind: string; sql: string; where: Where }[] = [
  { kind: 'a name', where: 'anywhere', sql: `select name as text from people where name like '% %'` },
  {
    kind: 'a part of a name',
    where: 'word',
    sql: `select unnest(array[given_name, family_name] || string_to_array(name, ' ')) as text from people`,
  },
  { kind: 'an e-mail address', where: 'anywhere', sql: 'select email as text from people' },
  { kind: "a platform's id of a person", where: 'anywhere', sql: 'select sub as text from people' },
  { kind: "an institution's id of a person", where: 'word', sql: 'select sis_id as text from people' },
  { kind: 'a note', where: 'anywhere', sql: 'select note as text from attendance_records' },
  { kind: 'the text of an excuse', where: 'anywhere', sql: 'select text from excuses' },
  { kind: 'the note of a decision', where: 'anywhere', sql: 'select decision_note as text from excuses' },
  { kind: "a document's name", where: 'anywhere', sql: 'select name as text from excuse_files' },
  { kind: "a document's key", where: 'anywhere', sql: 'select object_key as text from excuse_files' },
  { kind: 'a code', where: 'code', sql: 'select locator as text from check_in_windows' },
  { kind: "a meeting's address", where: 'anywhere', sql: 'select online_url as text from meetings' },
  { kind: 'a seal', where: 'anywhere', sql: 'select sealed_token as text from calendar_feeds' },
  { kind: 'a seal', where: 'anywhere', sql: 'select sealed_token as text from personal_codes' },
  { kind: "a phone's hash", where: 'anywhere', sql: 'select key_hash as text from devices' },
];

/** So short a text would stand in any log by chance; a word of two letters is a name ("Li"). */
const shortest: Record<Where, number> = { anywhere: 6, word: 2, code: 4 };

export async function readPersonalTexts(databaseUrl: string): Promise<PersonalText[]> {
  return withClient(databaseUrl, async (client) => {
    const texts: PersonalText[] = [];
    for (const { kind, sql, where } of sources) {
      const { rows } = await client.query<{ text: string | null }>(
        `select distinct text from (${sql}) found`,
      );
      for (const { text } of rows) {
        // A number, or a word without a capital letter, says nothing by itself.
        const isTelling = where !== 'word' || /^\p{Lu}/u.test(text ?? '');
        if (text !== null && text.length >= shortest[where] && isTelling) texts.push({ kind, text, where });
      }
    }
    return texts;
  });
}
