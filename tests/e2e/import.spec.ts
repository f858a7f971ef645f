import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { alive } from './tool-frame.ts';
import { words } from './words.ts';

/** A day so many days from now: what lies behind is not ticked by itself. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const inWords = (day: string) => day.split('-').reverse().join('.');

/** A table as a German spreadsheet writes it: semicolons, Windows-1252. */
const table = {
  name: 'Termine.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    [
      'Datum;Von;Bis;Pause (min);Titel;Raum',
      `${inWords(dayIn(200))};9:00;12:45;15;Schaltpläne für Einsteiger;Aula Süd`,
      `${inWords(dayIn(201))};18.00 Uhr;21.00 Uhr;;=SUMME(A1:A9);301`,
      `${inWords(dayIn(202))};12:00;9:00;;Rückwärts;301`,
    ].join('\r\n'),
    'latin1',
  ),
};

/** A calendar with a series, and a day that is none of the course's meetings. */
const calendar = {
  name: 'course.ics',
  mimeType: 'text/calendar',
  buffer: Buffer.from(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'BEGIN:VEVENT',
      'UID:series@example',
      'SUMMARY:Evening class',
      'LOCATION:B 12',
      `DTSTART;TZID=Europe/Berlin:${dayIn(200).replaceAll('-', '')}T180000`,
      'DURATION:PT2H',
      'RRULE:FREQ=WEEKLY;COUNT=3',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:holiday@example',
      'SUMMARY:Holiday',
      `DTSTART;VALUE=DATE:${dayIn(205).replaceAll('-', '')}`,
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n'),
  ),
};

/** Katharina's platform speaks German and her file is a table, Emily's English and hers is a calendar. */
const imports = [
  {
    ...{ name: 'Katharina Lindner', course: known.course, width: 1180, source: table },
    ...{ shown: 'Schaltpläne für Einsteiger', kinds: ['neu', 'neu', 'nicht möglich'] },
    go: '2 Termine importieren',
  },
  {
    ...{ name: 'Emily Hartwell', course: known.otherCourse, width: 360, source: calendar },
    ...{ shown: 'Evening class', kinds: ['new', 'new', 'new', 'left out'] },
    go: 'Import 3 meetings',
  },
] as const;

for (const { name, course, width, source, shown, kinds, go } of imports) {
  test(`a teacher imports ${source.name}, looks before, and repeats it (${String(width)} px)`, async ({
    openBrowser,
    lms,
  }) => {
    const context = await openBrowser({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    const frame = await lms.openInCourse(page, name, course);
    await (await alive(frame.getByRole('button', { name: words('home.add') }))).click();
    await frame.getByRole('menuitem', { name: words('home.add.import') }).click();
    await expect(frame.getByRole('heading', { name: words('import.title') })).toBeVisible();
    await expectAccessible(page, 'choose a file');

    // A file of the wrong kind says what to do, and another can be chosen at once.
    await frame.locator('input[type="file"]').setInputFiles('public/icon.svg');
    await expect(frame.getByText(words('import.says.file.not-known'))).toBeVisible();

    await frame.locator('input[type="file"]').setInputFiles(source);
    const rows = frame.getByRole('list', { name: words('import.rows') }).getByRole('listitem');
    await expect(rows).toHaveCount(kinds.length);
    for (const [at, kind] of kinds.entries()) await expect(rows.nth(at)).toContainText(kind);
    await expectAccessible(page, 'preview');
    await expectNoSidewaysScroll(frame, 'preview');
    await frame.getByRole('button', { name: go }).click();
    await expect(frame.getByText(words('import.done.title'))).toBeVisible();
    await frame.getByRole('link', { name: words('import.done.meetings') }).click();
    await expect(frame.getByText(shown).first()).toBeVisible();

    await (await alive(frame.getByRole('button', { name: words('home.add') }))).click();
    await frame.getByRole('menuitem', { name: words('home.add.import') }).click();
    await frame.locator('input[type="file"]').setInputFiles(source);
    await expect(
      frame.getByText(/(schon so hier, wie die Datei sagt|here already, as the file says)$/),
    ).toBeVisible();
    await expect(rows.filter({ hasText: shown })).toHaveCount(0);
  });
}

test('text can be pasted, and a row that is not wanted is left alone', async ({ page, lms }) => {
  const frame = await lms.openInCourse(page, 'Katharina Lindner');
  await (await alive(frame.getByRole('button', { name: words('home.add') }))).click();
  await frame.getByRole('menuitem', { name: words('home.add.import') }).click();
  await frame.getByText(words('import.paste')).click();
  await frame
    .getByRole('textbox', { name: words('import.paste.label') })
    .fill(
      `Datum;Von;Bis;Titel\n${dayIn(210)};9:00;10:00;Soll hinein\n${dayIn(211)};9:00;10:00;Soll draußen bleiben`,
    );
  await frame.getByRole('button', { name: words('import.paste.go') }).click();
  await frame.getByRole('checkbox', { name: /Soll draußen bleiben/ }).uncheck();
  await frame.getByRole('button', { name: /^(1 Termin importieren|Import 1 meeting)$/ }).click();
  await frame.getByRole('link', { name: words('import.done.meetings') }).click();
  await expect(frame.getByText('Soll hinein')).toBeVisible();
  await expect(frame.getByText('Soll draußen bleiben')).toHaveCount(0);
});

test('a student subscribes to their meetings, and a new link stops the old one', async ({
  openBrowser,
  lms,
  request,
}) => {
  const context = await openBrowser({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const frame = await lms.openInCourse(page, 'Lea Sommer');
  await (await alive(frame.getByRole('button', { name: words('calendar.subscribe') }))).click();
  const field = frame.getByRole('textbox', { name: words('calendar.link') });
  await expect(field).toHaveValue(/\/calendar\/[\w-]{43}\.ics$/);
  await expectAccessible(page, 'calendar link');
  const link = await field.inputValue();
  const feed = await request.get(link);
  expect(feed.headers()['content-type']).toBe('text/calendar; charset=utf-8');
  expect(await feed.text()).toMatch(/^BEGIN:VCALENDAR\r\n[^]*BEGIN:VEVENT/);

  await frame.getByRole('button', { name: words('calendar.renew') }).click();
  await expect(frame.getByText(words('calendar.renewed'))).toBeVisible();
  await expect(field).not.toHaveValue(link);
  expect((await request.get(link)).status()).toBe(404);
  expect((await request.get(await field.inputValue())).status()).toBe(200);
});
