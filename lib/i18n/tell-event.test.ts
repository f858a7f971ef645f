import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tellEvent } from './tell-event.ts';
import type { EventToTell } from './tell-event.ts';
import { translatorFor } from './translator.ts';

const saturday4 = { title: null, number: 4, localStart: '2026-11-28T09:00' };
const late = { status: 'late', spans: [{ from: '2026-11-28T08:12:00.000Z', to: null }] };
const fullTime = [{ from: '2026-11-28T08:00:00Z', to: '2026-11-28T11:45:00Z' }];

const event = (action: string, given: Partial<EventToTell> = {}): EventToTell => ({
  ...{ action, actor: 'Anna Beispiel', member: 'Ben Muster', meeting: saturday4 },
  ...{ before: null, after: null, isErased: false },
  ...given,
});
/** Without the marks that keep a name's direction to itself. */
const told = (given: EventToTell, language: 'de' | 'en') => {
  const { sentence, changes } = tellEvent(given, translatorFor(language), 'Europe/Berlin');
  return [sentence, ...changes].map((text) => text.replace(/[\u2068\u2069]/g, '').replaceAll('\u00a0', ' '));
};

describe('every action is a sentence', () => {
  test.each<[string, EventToTell, string[], string[]]>([
    [
      'a mark',
      event('record.marked', { after: late }),
      ['Anna Beispiel marked Ben Muster late (from 09:12)'],
      ['Anna Beispiel hat Ben Muster eingetragen: verspätet (ab 09:12)'],
    ],
    [
      'a mark in place of another',
      event('record.marked', {
        before: { status: 'absent', provenMinutes: 0, note: null, replacesMeetingId: null },
        after: { ...late, provenMinutes: 198, note: 'S-Bahn', replacesMeetingId: 'm' },
      }),
      [
        'Anna Beispiel marked Ben Muster late (from 09:12) – was absent',
        'Counts: 0 min → 3 h 18 min',
        'Note: none → “S-Bahn”',
        'Stands for a missed meeting: no → yes',
      ],
      [
        'Anna Beispiel hat Ben Muster eingetragen: verspätet (ab 09:12) – vorher abwesend',
        'Zählt: 0 min → 3 h 18 min',
        'Notiz: nichts → „S-Bahn“',
        'Steht für einen verpassten Termin: nein → ja',
      ],
    ],
    [
      'other times',
      event('record.marked', { before: late, after: { status: 'late', spans: fullTime } }),
      [
        'Anna Beispiel changed the record of Ben Muster (late (09:00–12:45))',
        'Times: from 09:12 → 09:00–12:45',
      ],
      [
        'Anna Beispiel hat den Eintrag für Ben Muster geändert (verspätet (09:00–12:45))',
        'Zeiten: ab 09:12 → 09:00–12:45',
      ],
    ],
    [
      'a mark taken back',
      event('record.marked', { before: { status: 'absent' } }),
      ['Anna Beispiel took back the mark of Ben Muster – was absent'],
      ['Anna Beispiel hat den Eintrag für Ben Muster zurückgenommen – vorher abwesend'],
    ],
    [
      'a mark taken back, with a check-in behind it',
      event('record.marked', { before: { status: 'absent' }, after: { ...late, source: 'check-in' } }),
      ['Anna Beispiel took back the mark of Ben Muster; by check-in: late (from 09:12) – was absent'],
      [
        'Anna Beispiel hat den Eintrag für Ben Muster zurückgenommen; nach dem Check-in: verspätet (ab 09:12) – vorher abwesend',
      ],
    ],
    [
      'a check-in',
      event('record.checked-in', { actor: 'Ben Muster', after: { status: 'present' } }),
      ['Ben Muster by check-in: present'],
      ['Ben Muster per Check-in: anwesend'],
    ],
    [
      'a check-in by hand',
      event('record.checked-in', { after: { status: 'present', via: 'helper' } }),
      ['Anna Beispiel checked Ben Muster in by hand: present'],
      ['Anna Beispiel hat Ben Muster von Hand eingecheckt: anwesend'],
    ],
    [
      'a check-out by hand',
      event('record.checked-out', {
        before: { status: 'present' },
        after: { status: 'partial', via: 'helper' },
      }),
      ['Anna Beispiel checked Ben Muster out by hand: left early – was present'],
      ['Anna Beispiel hat Ben Muster von Hand ausgecheckt: früher gegangen – vorher anwesend'],
    ],
    [
      'a record judged anew',
      event('record.recomputed', {
        before: { status: 'present', provenMinutes: 210 },
        after: { status: 'late', provenMinutes: 200 },
      }),
      [
        'Ben Muster counts as late after a change by Anna Beispiel – was present',
        'Counts: 3 h 30 min → 3 h 20 min',
      ],
      [
        'Ben Muster zählt als verspätet, nach einer Änderung (Anna Beispiel) – vorher anwesend',
        'Zählt: 3 h 30 min → 3 h 20 min',
      ],
    ],
    [
      'minutes counted anew',
      event('record.recomputed', {
        before: { status: 'late', provenMinutes: 210, isOpen: true },
        after: { status: 'late', provenMinutes: 200, isOpen: false },
      }),
      [
        'The minutes of Ben Muster were counted anew after a change by Anna Beispiel',
        'Counts: 3 h 30 min → 3 h 20 min',
        'Check-out missing: yes → no',
      ],
      [
        'Die Minuten von Ben Muster wurden neu gezählt, nach einer Änderung (Anna Beispiel)',
        'Zählt: 3 h 30 min → 3 h 20 min',
        'Check-out fehlt: ja → nein',
      ],
    ],
    [
      'the rest absent when a register is closed',
      event('record.closed', { after: { status: 'absent', provenMinutes: 0 } }),
      ['Anna Beispiel closed the register; Ben Muster was not taken yet: absent'],
      ['Anna Beispiel hat die Anwesenheitsliste abgeschlossen; Ben Muster war noch nicht erfasst: abwesend'],
    ],
    [
      'records of two entries joined',
      event('record.merged', { before: { status: 'absent' }, after: { status: 'present' } }),
      ['Two entries of Ben Muster were joined; what counts: present – was absent'],
      ['Zwei Einträge von Ben Muster wurden zusammengelegt; es gilt: anwesend – vorher abwesend'],
    ],
    [
      'a meeting planned',
      event('meeting.created', { after: { room: '301' } }),
      ['Anna Beispiel planned Saturday 4'],
      ['Anna Beispiel hat einen Termin geplant: Samstag 4'],
    ],
    [
      'a meeting changed',
      event('meeting.updated', {
        before: {
          room: null,
          localStart: '2026-11-28T09:00',
          breaks: [],
          isMandatory: true,
          kind: 'regular',
        },
        after: {
          ...{ room: '302', localStart: '2026-11-29T09:30', isMandatory: false, kind: 'weekend' },
          breaks: [{ from: '2026-11-29T09:00:00.000Z', to: '2026-11-29T09:15:00.000Z' }],
        },
      }),
      [
        'Anna Beispiel changed Saturday 4',
        'Begins: Sat 28 Nov 09:00 → Sun 29 Nov 09:30',
        'Breaks: none → 10:00–10:15',
        'Kind: regular → weekend',
        'Room: none → 302',
        'Mandatory: yes → no',
      ],
      [
        'Anna Beispiel hat einen Termin geändert: Samstag 4',
        'Beginn: Sa., 28.11. 09:00 → So., 29.11. 09:30',
        'Pausen: nichts → 10:00–10:15',
        'Art: regulär → Wochenende',
        'Raum: nichts → 302',
        'Pflichttermin: ja → nein',
      ],
    ],
    [
      'sections changed',
      event('meeting.updated', { before: { sectionIds: [] }, after: { sectionIds: ['x'] } }),
      ['Anna Beispiel changed Saturday 4', 'Sections changed'],
      ['Anna Beispiel hat einen Termin geändert: Samstag 4', 'Abschnitte geändert'],
    ],
    [
      'a meeting cancelled',
      event('meeting.cancelled', { before: { state: 'planned' }, after: { state: 'cancelled' } }),
      ['Anna Beispiel cancelled Saturday 4'],
      ['Anna Beispiel hat einen Termin abgesagt: Samstag 4'],
    ],
    [
      'a cancelling undone',
      event('meeting.reactivated'),
      ['Anna Beispiel undid the cancelling of Saturday 4'],
      ['Anna Beispiel hat eine Absage zurückgenommen: Samstag 4'],
    ],
    [
      'a meeting deleted',
      event('meeting.deleted', { meeting: null, before: { title: 'Labor' } }),
      ['Anna Beispiel deleted Labor'],
      ['Anna Beispiel hat einen Termin gelöscht: Labor'],
    ],
    [
      'a meeting without a title, deleted',
      event('meeting.deleted', { meeting: null, before: { title: null, localStart: '2026-11-28T09:00' } }),
      ['Anna Beispiel deleted Sat 28 Nov 09:00'],
      ['Anna Beispiel hat einen Termin gelöscht: Sa., 28.11. 09:00'],
    ],
    [
      'a meeting brought back',
      event('meeting.restored'),
      ['Anna Beispiel brought Saturday 4 back'],
      ['Anna Beispiel hat einen Termin wiederhergestellt: Samstag 4'],
    ],
    [
      'a meeting imported',
      event('meeting.imported', { after: { room: '1' } }),
      ['Anna Beispiel imported Saturday 4'],
      ['Anna Beispiel hat einen Termin importiert: Samstag 4'],
    ],
    [
      'a meeting changed by an import',
      event('meeting.imported', { before: { room: '1' }, after: { room: '2' } }),
      ['Anna Beispiel changed Saturday 4 by an import', 'Room: 1 → 2'],
      ['Anna Beispiel hat einen Termin durch einen Import geändert: Samstag 4', 'Raum: 1 → 2'],
    ],
    [
      'a register closed',
      event('meeting.closed'),
      ['Anna Beispiel closed the register of Saturday 4'],
      ['Anna Beispiel hat die Anwesenheitsliste abgeschlossen: Samstag 4'],
    ],
    [
      'a register opened again',
      event('meeting.reopened'),
      ['Anna Beispiel opened the register of Saturday 4 again'],
      ['Anna Beispiel hat die Anwesenheitsliste wieder geöffnet: Samstag 4'],
    ],
    [
      'a check-in opened',
      event('check-in.opened', { after: { closesAt: '2026-11-28T08:15:00.000Z' } }),
      ['Anna Beispiel opened the check-in of Saturday 4 until 09:15'],
      ['Anna Beispiel hat den Check-in geöffnet: Samstag 4 bis 09:15'],
    ],
    [
      'a check-in prolonged',
      event('check-in.prolonged', { after: { closesAt: '2026-11-28T08:20:00.000Z' } }),
      ['Anna Beispiel prolonged the check-in of Saturday 4 until 09:20'],
      ['Anna Beispiel hat den Check-in verlängert: Samstag 4 bis 09:20'],
    ],
    [
      'a check-out opened',
      event('check-in.opened', { after: { direction: 'out', closesAt: '2026-11-28T12:00:00.000Z' } }),
      ['Anna Beispiel opened the check-out of Saturday 4 until 13:00'],
      ['Anna Beispiel hat den Check-out geöffnet: Samstag 4 bis 13:00'],
    ],
    [
      'a check-in that opens by itself',
      event('check-in.planned', {
        after: { direction: 'in', opensAt: '2026-11-28T07:45:00Z', closesAt: '2026-11-28T08:15:00Z' },
      }),
      ['Anna Beispiel let the check-in of Saturday 4 open by itself (08:45–09:15)'],
      ['Anna Beispiel lässt den Check-in von selbst öffnen: Samstag 4 (08:45–09:15)'],
    ],
    [
      'a planned check-out taken back',
      event('check-in.withdrawn', { after: { direction: 'out', closedAt: '2026-11-28T07:45:00Z' } }),
      ['Anna Beispiel took back that the check-out of Saturday 4 opens by itself'],
      ['Anna Beispiel hat zurückgenommen, dass der Check-out von selbst öffnet: Samstag 4'],
    ],
    [
      'a check-in ended, by the tool itself',
      event('check-in.closed', { actor: null }),
      ['The system ended the check-in of Saturday 4'],
      ['Das System hat den Check-in beendet: Samstag 4'],
    ],
    [
      'the rules',
      event('policy.changed', {
        before: { graceMinutes: 5, absentAfterMinutes: null, excusedCounts: 'exempt', warnPercent: 85 },
        after: { graceMinutes: 10, absentAfterMinutes: 30, excusedCounts: 'absent', warnPercent: 85 },
      }),
      [
        'Anna Beispiel changed how this course counts',
        'Late after: 5 min → 10 min',
        'Absent after: none → 30 min',
        'Excused time: does not count → counts as missed',
      ],
      [
        'Anna Beispiel hat geändert, wie der Kurs zählt',
        'Verspätet nach: 5 min → 10 min',
        'Abwesend nach: nichts → 30 min',
        'Entschuldigte Zeit: zählt nicht → zählt als versäumt',
      ],
    ],
    [
      'a member who is new',
      event('membership.joined', { actor: null, after: { role: 'student', spans: [] } }),
      ['Ben Muster is on the list now'],
      ['Ben Muster steht jetzt auf der Liste'],
    ],
    [
      'another section',
      event('membership.spans-changed', {
        before: { spans: [{ section: 'A', from: null, to: null }] },
        after: {
          spans: [
            { section: 'A', from: null, to: '2026-10-11T22:00:00.000Z' },
            { section: 'B', from: '2026-10-11T22:00:00.000Z', to: null },
          ],
        },
      }),
      [
        'Anna Beispiel changed when Ben Muster belongs to the course',
        'Enrolled: A start of the course to now → A start of the course to Sun, 11 Oct 2026, B Mon, 12 Oct 2026 to now',
      ],
      [
        'Anna Beispiel hat geändert, wann Ben Muster zum Kurs gehört',
        'Eingeschrieben: A Kursbeginn bis jetzt → A Kursbeginn bis So., 11.10.2026, B Mo., 12.10.2026 bis jetzt',
      ],
    ],
    [
      'a member whom two lists do not name',
      event('membership.ended', { actor: null }),
      ['Ben Muster is no longer on the list of the course'],
      ['Ben Muster steht nicht mehr auf der Liste des Kurses'],
    ],
    [
      'a departure that a teacher has confirmed',
      event('membership.ended'),
      ['Anna Beispiel confirmed that Ben Muster has left the course'],
      ['Anna Beispiel hat bestätigt, dass Ben Muster den Kurs verlassen hat'],
    ],
    [
      'a check-in that was set aside',
      event('record.evidence-reviewed', { before: { decision: null }, after: { decision: 'set-aside' } }),
      ['Anna Beispiel set the check-in of Ben Muster aside: it does not count'],
      ['Anna Beispiel hat den Check-in von Ben Muster nicht gelten lassen'],
    ],
    [
      'a decision that was taken back',
      event('record.evidence-reviewed', { before: { decision: 'ask' }, after: { decision: null } }),
      ['Anna Beispiel took back what was decided about the check-in of Ben Muster'],
      ['Anna Beispiel hat die Entscheidung zum Check-in von Ben Muster zurückgenommen'],
    ],
    [
      'what a review left of a record',
      event('record.reviewed', { before: { status: 'present' } }),
      ['Ben Muster after a review by Anna Beispiel: not taken yet – was present'],
      ['Ben Muster nach einer Prüfung (Anna Beispiel): noch nicht erfasst – vorher anwesend'],
    ],
    [
      'a spot check',
      event('spot-check.ended', { member: null, after: { called: 5, missing: 1 } }),
      ['Anna Beispiel ended a spot check in Saturday 4: 1 of 5 people missing'],
      ['Anna Beispiel hat eine Stichprobe beendet: Samstag 4; 1 von 5 Personen nicht da'],
    ],
    [
      'two entries joined',
      event('membership.merged'),
      ['Anna Beispiel joined two entries of Ben Muster into one'],
      ['Anna Beispiel hat zwei Einträge von Ben Muster zusammengelegt'],
    ],
    [
      'another role',
      event('membership.role-changed', { before: { role: 'student' }, after: { role: 'assistant' } }),
      ['The role of Ben Muster was changed', 'Role: student → assistant'],
      ['Die Rolle von Ben Muster wurde geändert', 'Rolle: Teilnehmer:in → Assistenz'],
    ],
    [
      'a phone that a teacher has revoked',
      event('membership.phone-revoked', {
        before: { phone: 'iPhone, Safari', rememberedAt: '2026-09-01T07:00:00.000Z' },
        after: { phone: null },
      }),
      ['Anna Beispiel revoked a remembered phone of Ben Muster', 'Phone: iPhone, Safari → none'],
      ['Anna Beispiel hat ein gemerktes Handy von Ben Muster gesperrt', 'Handy: iPhone, Safari → nichts'],
    ],
    [
      'more time at the check-in',
      event('membership.extra-time-set', { before: { extraMinutes: 0 }, after: { extraMinutes: 5 } }),
      ['Anna Beispiel set how much more time Ben Muster has at the check-in', 'More time: 0 min → 5 min'],
      [
        'Anna Beispiel hat festgelegt, wie viel mehr Zeit Ben Muster beim Check-in hat',
        'Mehr Zeit: 0 min → 5 min',
      ],
    ],
    [
      'two people',
      event('person.kept-apart', { member: null }),
      ['Anna Beispiel noted that two entries that looked like one person are two people'],
      [
        'Anna Beispiel hat festgehalten, dass zwei Einträge, die nach einer Person aussahen, zwei Personen sind',
      ],
    ],
    [
      'another time zone',
      event('course.time-zone-changed', {
        before: { timeZone: 'Europe/Berlin' },
        after: { timeZone: 'Europe/Lisbon' },
      }),
      ['Anna Beispiel changed the time zone of the course', 'Time zone: Europe/Berlin → Europe/Lisbon'],
      ['Anna Beispiel hat die Zeitzone des Kurses geändert', 'Zeitzone: Europe/Berlin → Europe/Lisbon'],
    ],
    [
      'a move',
      event('course.moved', { actor: null }),
      ['The course moved to another installation of the tool'],
      ['Der Kurs ist in eine andere Installation des Werkzeugs umgezogen'],
    ],
    [
      'a course of the earlier version',
      event('course.imported', { actor: null, after: { meetings: 4, records: 80 } }),
      ['The course was taken over from version 2.0.0 of the tool'],
      ['Der Kurs wurde aus Version 2.0.0 des Werkzeugs übernommen'],
    ],
    [
      'a record of the earlier version',
      event('record.imported', { actor: null, after: late }),
      ['Ben Muster, as version 2.0.0 of the tool had it: late (from 09:12)'],
      ['Ben Muster, wie es in Version 2.0.0 des Werkzeugs stand: verspätet (ab 09:12)'],
    ],
    [
      'an excuse of the earlier version',
      event('excuse.imported', { actor: null }),
      ['An excuse of Ben Muster was taken over from version 2.0.0 of the tool'],
      ['Eine Entschuldigung von Ben Muster wurde aus Version 2.0.0 des Werkzeugs übernommen'],
    ],
    [
      'an erasure',
      event('audit.erased', { actor: null, after: { events: 3 } }),
      ['3 entries were erased, because they told of a person whose data were deleted'],
      ['3 Einträge wurden gelöscht, weil sie eine Person betrafen, deren Daten gelöscht sind'],
    ],
    [
      'what was erased',
      event('record.marked', { actor: null, isErased: true }),
      ['Erased, because it told of a person whose data were deleted'],
      ['Gelöscht, weil es eine Person betraf, deren Daten gelöscht sind'],
    ],
    [
      'an action of a later version',
      event('grade.pushed', { actor: '' }),
      ['Somebody made a change (grade.pushed)'],
      ['Jemand hat etwas geändert (grade.pushed)'],
    ],
  ])('%s', (_what, given, english, german) => {
    expect(told(given, 'en')).toEqual(english);
    expect(told(given, 'de')).toEqual(german);
  });
});

test('no action of the code is without a sentence of its own', () => {
  const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(`lib/${name}`, 'utf8'));
  // `action: 'a.b'`, also chosen between two.
  const literal = /action: (?:[^,;']*)'([a-z-]+\.[a-z-]+)'(?: : '([a-z-]+\.[a-z-]+)')?/g;
  const actions = sources.flatMap((source) =>
    [...source.matchAll(literal)].flatMap(([, one = '', other = one]) => [one, other]),
  );
  expect(new Set(actions).size).toBeGreaterThan(20);
  const untold = [...new Set(actions)].filter((action) =>
    told(event(action), 'en')[0]?.includes('made a change'),
  );
  expect(untold).toEqual([]);
});

test('whatever a payload holds, there is a sentence', () => {
  const actions = fc.constantFrom(
    ...['record.marked', 'record.recomputed', 'meeting.updated', 'policy.changed', 'toString'],
    ...['membership.spans-changed', 'check-in.opened', 'audit.erased', '', '__proto__'],
  );
  const names = [
    'status',
    'spans',
    'breaks',
    'from',
    'note',
    'kind',
    'localStart',
    'closesAt',
    'role',
    'events',
  ];
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.constant([{ from: 'x', to: 1 }]))),
  );
  fc.assert(
    fc.property(actions, payload, payload, (action, before, after) => {
      const { sentence, changes } = tellEvent(
        event(action, { before, after }),
        translatorFor('de'),
        'Europe/Berlin',
      );
      expect(sentence).not.toBe('');
      expect([sentence, ...changes].join()).not.toMatch(/undefined|\[object|Invalid/);
    }),
  );
});

test('a name with marks of its own changes nothing around it', () => {
  const { sentence } = tellEvent(
    event('record.marked', { actor: '<b>\u202Eanna', after: { status: 'absent' } }),
    translatorFor('en'),
    'Europe/Berlin',
  );
  expect(sentence).toBe('\u2068<b>\u202Eanna\u2069 marked \u2068Ben Muster\u2069 absent');
});
