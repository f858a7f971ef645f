import { statuses } from '../base/statuses.ts';
import type { Status } from '../base/statuses.ts';
import { addMs } from '../base/time.ts';
import { historyEn } from './history-en.ts';
import { formatDay, formatMinutes, formatTime, isolated, meetingName } from './format.ts';
import type { NamedMeeting } from './format.ts';
import type { Translate } from './translate.ts';

/** What the log holds of a change, with the names that belong to it. */
export interface EventToTell {
  action: string;
  /** Null: nobody did it who was signed in. */
  actor: string | null;
  /** The member whom a record or a place in the course belongs to. */
  member: string | null;
  meeting: NamedMeeting | null;
  before: unknown;
  after: unknown;
  isErased: boolean;
}

export interface ToldEvent {
  sentence: string;
  /** What changed in detail: "Room: 301 → 302". */
  changes: string[];
}

type Payload = Readonly<Record<string, unknown>>;
type HistoryKey = keyof typeof historyEn;

/** What a sentence is made with. */
interface Telling {
  t: Translate;
  zone: string;
  before: Payload | null;
  after: Payload | null;
  names: { actor: string; member: string; meeting: string };
}

const longestText = 120;
const historyKeys = {
  'meeting.created': 'history.meeting.created',
  'meeting.updated': 'history.meeting.updated',
  'meeting.cancelled': 'history.meeting.cancelled',
  'meeting.reactivated': 'history.meeting.reactivated',
  'meeting.deleted': 'history.meeting.deleted',
  'meeting.restored': 'history.meeting.restored',
  'meeting.closed': 'history.meeting.closed',
  'meeting.reopened': 'history.meeting.reopened',
  'spot-check.started': 'history.spot-check.started',
  'spot-check.reopened': 'history.spot-check.reopened',
  'spot-check.dropped': 'history.spot-check.dropped',
  'excuse.submitted': 'history.excuse.submitted',
  'excuse.imported': 'history.excuse.imported',
  'excuse.documents-added': 'history.excuse.documents-added',
  'excuse.document-opened': 'history.excuse.document-opened',
  'excuse.withdrawn': 'history.excuse.withdrawn',
  'excuse.declined': 'history.excuse.declined',
  'excuse.decision-taken-back': 'history.excuse.decision-taken-back',
  'policy.changed': 'history.policy.changed',
  'membership.joined': 'history.membership.joined',
  'membership.spans-changed': 'history.membership.spans-changed',
  'membership.merged': 'history.membership.merged',
  'membership.role-changed': 'history.membership.role-changed',
  'membership.phone-revoked': 'history.membership.phone-revoked',
  'membership.extra-time-set': 'history.membership.extra-time-set',
  'person.kept-apart': 'history.person.kept-apart',
  'course.time-zone-changed': 'history.course.time-zone-changed',
  'course.moved': 'history.course.moved',
  'course.imported': 'history.course.imported',
} as const satisfies Record<string, HistoryKey>;

/**
 * One change in words a person reads: who, what, from what to what. Whatever the log holds, also of an older or a newer
 * version, becomes a sentence.
 *
 * @param zone in which times are told
 */
export function tellEvent(event: EventToTell, t: Translate, zone: string): ToldEvent {
  if (event.isErased) return { sentence: t('history.erased'), changes: [] };
  const { before, after } = { before: payloadOf(event.before), after: payloadOf(event.after) };
  const telling: Telling = {
    ...{ t, zone, before, after },
    names: {
      actor: event.actor === null ? t('history.system') : isolated(event.actor) || t('history.somebody'),
      member: isolated(event.member ?? '') || t('history.somebody-else'),
      meeting: meetingText(event.meeting, after ?? before, t),
    },
  };
  return { sentence: sentenceOf(event, telling), changes: changesOf(event.action, telling) };
}

function sentenceOf({ action, actor }: EventToTell, telling: Telling): string {
  const { t, before, after, names } = telling;
  switch (action) {
    case 'record.marked':
    case 'record.checked-in':
    case 'record.checked-out':
    case 'record.recomputed':
    case 'record.closed':
    case 'record.merged':
    case 'record.reviewed':
    case 'record.excused':
    case 'record.excuse-taken-back':
    case 'record.imported':
      return recordSentence(action, telling);
    case 'excuse.accepted':
      return t('history.excuse.accepted', {
        ...names,
        accepted: numberOf(after?.accepted) ?? 0,
        meetings: numberOf(after?.meetings) ?? 0,
      });
    case 'record.evidence-reviewed':
      return t(`history.record.evidence.${decisionOf(after)}`, names);
    case 'spot-check.ended':
      return t('history.spot-check.ended', {
        ...names,
        called: numberOf(after?.called) ?? 0,
        missing: numberOf(after?.missing) ?? 0,
      });
    case 'meeting.imported':
      return t(before === null ? 'history.meeting.imported' : 'history.meeting.import-changed', names);
    case 'check-in.opened':
      return windowSentence('opened', telling);
    case 'check-in.planned':
      return windowSentence('planned', telling);
    case 'check-in.prolonged':
      return windowSentence('prolonged', telling);
    case 'check-in.withdrawn':
      return windowSentence('withdrawn', telling);
    case 'check-in.closed':
      return windowSentence('closed', telling);
    case 'membership.ended':
      return t(actor === null ? 'history.membership.ended' : 'history.membership.ended-by', names);
    case 'audit.erased':
      return t('history.audit.erased', { count: numberOf(after?.events) ?? 0 });
    default:
      return isKnown(action) ? t(historyKeys[action], names) : t('history.unknown', { ...names, action });
  }
}

type WindowChange = 'opened' | 'planned' | 'prolonged' | 'withdrawn' | 'closed';

/** Of a check-in, or a check-out: the log says which since there are two. */
function windowSentence(change: WindowChange, { t, zone, after, names }: Telling): string {
  const sentence = t(`history.check-${after?.direction === 'out' ? 'out' : 'in'}.${change}`, names);
  const [from, until] = [dateOf(after?.opensAt), dateOf(after?.closesAt)];
  if (until === undefined) return sentence;
  const time = formatTime(until, zone, t.language);
  return change === 'planned' && from !== undefined
    ? t('history.detail', { status: sentence, time: `${formatTime(from, zone, t.language)}–${time}` })
    : t('history.until', { sentence, time });
}

function isKnown(action: string): action is keyof typeof historyKeys {
  return Object.hasOwn(historyKeys, action);
}

type RecordAction =
  `record.${'marked' | 'checked-in' | 'checked-out' | 'recomputed' | 'closed' | 'merged' | 'reviewed' | 'excused' | 'excuse-taken-back' | 'imported'}`;

function recordSentence(action: RecordAction, telling: Telling): string {
  const { t, before, after, names } = telling;
  const [was, now] = [statusOf(before), statusOf(after)];
  const isSame = was !== undefined && was === now;
  const key = recordKey(action, { after, isSame });
  const sentence = t(key, { ...names, now: recordText(now, after, telling) });
  return was === undefined || isSame ? sentence : t('history.was', { sentence, was: t(`status.${was}`) });
}

function recordKey(
  action: RecordAction,
  { after, isSame }: { after: Payload | null; isSame: boolean },
): HistoryKey {
  if (action === 'record.recomputed' && isSame) return 'history.record.recomputed-minutes';
  if ((action === 'record.checked-in' || action === 'record.checked-out') && after?.via === 'helper') {
    return `history.${action}-by-hand`;
  }
  if (action !== 'record.marked') return `history.${action}`;
  if (after === null) return 'history.record.taken-back';
  if (after.source === 'check-in') return 'history.record.released';
  return isSame ? 'history.record.corrected' : 'history.record.marked';
}

/** `late (09:12–12:45)`; the times alone where they say more than the status. */
function recordText(status: Status | undefined, payload: Payload | null, telling: Telling): string {
  const { t } = telling;
  const word = t(`status.${status ?? 'untaken'}`);
  const times = timesText(payload?.spans, telling);
  return times === undefined || status === 'absent' || status === 'excused'
    ? word
    : t('history.detail', { status: word, time: times });
}

function timesText(spans: unknown, { t, zone }: Telling): string | undefined {
  const texts = listOf(spans).flatMap((span) => {
    const [from, to] = [dateOf(span.from), dateOf(span.to)];
    if (from === undefined) return [];
    const begin = formatTime(from, zone, t.language);
    return [
      to === undefined
        ? t('history.value.from', { time: begin })
        : `${begin}–${formatTime(to, zone, t.language)}`,
    ];
  });
  return texts.length === 0 ? undefined : texts.join(', ');
}

/** How each field of a payload is told; the others are told by the sentence, or are none of a reader's business. */
const fields: Readonly<
  Record<string, { label: HistoryKey; text?: (value: unknown, telling: Telling) => string | undefined }>
> = {
  provenMinutes: { label: 'history.field.minutes', text: durationText },
  note: { label: 'history.field.note', text: quotedText },
  isOpen: { label: 'history.field.isOpen', text: yesText },
  replacesMeetingId: {
    label: 'history.field.replacesMeetingId',
    text: (value, { t }) => t(typeof value === 'string' ? 'history.yes' : 'history.no'),
  },
  title: { label: 'history.field.title', text: plainText },
  localStart: { label: 'history.field.localStart', text: (value, { t }) => localText(value, t) },
  localEnd: { label: 'history.field.localEnd', text: (value, { t }) => localText(value, t) },
  timeZone: { label: 'history.field.timeZone', text: plainText },
  breakMinutes: { label: 'history.field.breakMinutes', text: durationText },
  breaks: { label: 'history.field.breaks', text: timesText },
  kind: { label: 'history.field.kind', text: choice('kind') },
  room: { label: 'history.field.room', text: plainText },
  onlineUrl: { label: 'history.field.onlineUrl', text: plainText },
  onlinePlatform: { label: 'history.field.onlinePlatform', text: plainText },
  description: { label: 'history.field.description', text: quotedText },
  isMandatory: { label: 'history.field.isMandatory', text: yesText },
  sectionIds: { label: 'history.field.sectionIds' },
  extraMinutes: { label: 'history.field.extraMinutes', text: durationText },
  role: { label: 'history.field.role', text: choice('role') },
  phone: { label: 'history.field.phone', text: plainText },
  graceMinutes: { label: 'history.field.graceMinutes', text: durationText },
  absentAfterMinutes: { label: 'history.field.absentAfterMinutes', text: durationText },
  autoAbsent: { label: 'history.field.autoAbsent', text: yesText },
  excusedCounts: { label: 'history.field.excusedCounts', text: choice('excusedCounts') },
  lessonUnitMinutes: { label: 'history.field.lessonUnitMinutes', text: durationText },
  requiredPercent: { label: 'history.field.requiredPercent', text: countText('history.value.percent') },
  warnPercent: { label: 'history.field.warnPercent', text: countText('history.value.percent') },
  roundingMinutes: { label: 'history.field.roundingMinutes', text: durationText },
  checkOutRequired: { label: 'history.field.checkOutRequired', text: yesText },
  codeSeconds: { label: 'history.field.codeSeconds', text: countText('history.value.seconds') },
  allowedNetworks: { label: 'history.field.allowedNetworks', text: plainText },
  roomPosition: { label: 'history.field.roomPosition', text: plainText },
  roomRadiusMeters: { label: 'history.field.roomRadiusMeters', text: countText('history.value.meters') },
  lateArrivalsCountFrom: {
    label: 'history.field.lateArrivalsCountFrom',
    text: choice('lateArrivalsCountFrom'),
  },
  rateBy: { label: 'history.field.rateBy', text: choice('rateBy') },
  mailExcuses: { label: 'history.field.mailExcuses', text: yesText },
  mailAbsences: { label: 'history.field.mailAbsences', text: yesText },
  mailRateBelow: { label: 'history.field.mailRateBelow', text: yesText },
  assistantsMayMark: { label: 'history.field.assistantsMayMark', text: yesText },
  assistantsMaySeeExcuses: { label: 'history.field.assistantsMaySeeExcuses', text: yesText },
  assistantsMayChangeSettings: { label: 'history.field.assistantsMayChangeSettings', text: yesText },
};

/** What differs between before and after, field by field. What has no before or no after is told as a whole. */
function changesOf(action: string, telling: Telling): string[] {
  const { t, before, after } = telling;
  if (before === null || after === null) return [];
  const changes = Object.entries(fields).flatMap(([name, { label, text }]) => {
    if (!(name in before) || !(name in after) || isEqual(before[name], after[name])) return [];
    const what = t(label);
    if (text === undefined) return [t('history.changed', { what })];
    const [from, to] = [before[name], after[name]].map(
      (value) => text(value, telling) ?? t('history.nothing'),
    );
    return from === to ? [] : [t('history.change', { what, from: from ?? '', to: to ?? '' })];
  });
  if ('spans' in before && 'spans' in after && !isEqual(before.spans, after.spans)) {
    changes.push(...spanChange(action, telling, before.spans, after.spans));
  }
  return changes;
}

/** Times of a record, or the stretches of an enrolment. */
function spanChange(action: string, telling: Telling, before: unknown, after: unknown): string[] {
  const { t } = telling;
  const [label, text] = action.startsWith('record.')
    ? (['history.field.times', timesText] as const)
    : (['history.field.section', enrolmentText] as const);
  const [from, to] = [before, after].map((spans) => text(spans, telling) ?? t('history.nothing'));
  return from === to ? [] : [t('history.change', { what: t(label), from: from ?? '', to: to ?? '' })];
}

function enrolmentText(spans: unknown, { t, zone }: Telling): string | undefined {
  const day = (date: Date | undefined, otherwise: HistoryKey) =>
    date === undefined ? t(otherwise) : formatDay(date, zone, t.language, { year: true });
  const texts = listOf(spans).map((span) => {
    const end = dateOf(span.to);
    const stretch = t('history.value.span', {
      from: day(dateOf(span.from), 'history.value.span.start'),
      // What ends at midnight had the day before as its last.
      to: day(end && addMs(end, -1), 'history.value.span.still'),
    });
    return typeof span.section === 'string' ? `${isolated(span.section)} ${stretch}` : stretch;
  });
  return texts.length === 0 ? undefined : texts.join(', ');
}

function durationText(value: unknown): string | undefined {
  const minutes = numberOf(value);
  return minutes === undefined ? undefined : formatMinutes(minutes);
}

/** A number with its unit. */
function countText(key: HistoryKey) {
  return (value: unknown, { t }: Telling): string | undefined => {
    const count = numberOf(value);
    return count === undefined ? undefined : t(key, { count });
  };
}

function plainText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return isolated(value.length > longestText ? `${value.slice(0, longestText)}…` : value);
}

function quotedText(value: unknown, { t }: Telling): string | undefined {
  const text = plainText(value);
  if (text === undefined) return undefined;
  return t.language === 'de' ? `„${text}“` : `“${text}”`;
}

function yesText(value: unknown, { t }: Telling): string | undefined {
  return typeof value === 'boolean' ? t(value ? 'history.yes' : 'history.no') : undefined;
}

/** `2026-11-28T09:00` as the wall clock showed it. */
function localText(value: unknown, t: Translate): string | undefined {
  if (typeof value !== 'string') return undefined;
  const read = dateOf(`${value}Z`);
  return read === undefined
    ? undefined
    : `${formatDay(read, 'UTC', t.language)} ${formatTime(read, 'UTC', t.language)}`;
}

/** One of several values that have a word each. */
function choice(field: string) {
  return (value: unknown, { t }: Telling): string | undefined => {
    if (typeof value !== 'string') return undefined;
    const key = `history.value.${field}.${value}`;
    return isHistoryKey(key) ? t(key) : isolated(value);
  };
}

function isHistoryKey(key: string): key is HistoryKey {
  return Object.hasOwn(historyEn, key);
}

function meetingText(meeting: NamedMeeting | null, payload: Payload | null, t: Translate): string {
  if (meeting !== null) return isolated(meetingName(meeting, t));
  return plainText(payload?.title) ?? localText(payload?.localStart, t) ?? t('history.meeting-gone');
}

function payloadOf(value: unknown): Payload | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function listOf(value: unknown): Payload[] {
  return Array.isArray(value) ? value.map(payloadOf).filter((entry) => entry !== null) : [];
}

/** What somebody made of a check-in. */
function decisionOf(payload: Payload | null) {
  const made = (['fine', 'ask', 'set-aside'] as const).find((one) => one === payload?.decision);
  return made ?? 'undone';
}

function statusOf(payload: Payload | null): Status | undefined {
  return statuses.find((status) => status === payload?.status);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
