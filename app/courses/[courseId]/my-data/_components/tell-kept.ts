import type { Translate } from '#lib/i18n/translate.ts';
import type { MyData } from '#lib/privacy/load-my-data.ts';
import { tellDays } from '../../_components/tell-days.ts';

interface Kept {
  kind: string;
  title: string;
  kept: string;
  who: string;
  long: string;
}

/** What is kept of a person, kind by kind: what, who sees it, how long. */
export function tellKept(data: MyData, t: Translate): Kept[] {
  return data.role === 'student' ? tellStudent(data, t) : tellStaff(data, t);
}

function tellStudent({ kept, retention, assistantsSeeExcuses }: MyData, t: Translate): Kept[] {
  const span = (days: number) => ({ span: tellDays(days, t) });
  const { excuses, documents, phones } = kept;
  return [
    {
      kind: 'account',
      title: t('my-data.account'),
      kept: t('my-data-student.account.kept'),
      who: t('my-data-student.account.who'),
      long: t('my-data-student.account.long', span(retention.personDays)),
    },
    {
      kind: 'records',
      title: t('my-data.records'),
      kept: t('my-data-student.records.kept', { count: kept.records }),
      who: t('my-data-student.records.who'),
      long: t('my-data-student.records.long'),
    },
    {
      kind: 'check-ins',
      title: t('my-data.check-ins'),
      kept: t('my-data-student.check-ins.kept', { count: kept.checkIns }),
      who: t('my-data-student.check-ins.who'),
      long: t('my-data-student.check-ins.long', span(retention.evidenceDays)),
    },
    {
      kind: 'excuses',
      title: t('my-data.excuses'),
      kept: t('my-data-student.excuses.kept', { count: excuses, documents }),
      who: t(`my-data-student.excuses.who.${assistantsSeeExcuses ? 'assistants' : 'teachers'}`),
      long: t('my-data-student.excuses.long', {
        documents: tellDays(retention.excuseDocumentDays, t),
        texts: tellDays(retention.excuseTextDays, t),
      }),
    },
    {
      kind: 'phones',
      title: t('my-data.phones'),
      kept: t('my-data-student.phones.kept', { count: phones, ...linksOf(kept) }),
      who: t('my-data-student.phones.who'),
      long: t('my-data-student.phones.long'),
    },
    {
      kind: 'messages',
      title: t('my-data.messages'),
      kept: t('my-data-student.messages.kept', { count: kept.messages }),
      who: t('my-data-student.messages.who'),
      long: t('my-data-student.messages.long', span(retention.messageDays)),
    },
    {
      kind: 'log',
      title: t('my-data.log'),
      kept: t('my-data-student.log.kept'),
      who: t('my-data-student.log.who'),
      long: t('my-data-student.log.long'),
    },
  ];
}

function tellStaff({ kept, retention }: MyData, t: Translate): Kept[] {
  const span = (days: number) => ({ span: tellDays(days, t) });
  return [
    {
      kind: 'account',
      title: t('my-data.account'),
      kept: t('my-data-staff.account.kept'),
      who: t('my-data-staff.account.who'),
      long: t('my-data-staff.account.long', span(retention.personDays)),
    },
    {
      kind: 'log',
      title: t('my-data.log'),
      kept: t('my-data-staff.log.kept'),
      who: t('my-data-staff.log.who'),
      long: t('my-data-staff.log.long'),
    },
    {
      kind: 'phones',
      title: t('my-data-staff.phones.title'),
      kept: t('my-data-staff.phones.kept', { calendar: linksOf(kept).calendar }),
      who: t('my-data-staff.phones.who'),
      long: t('my-data-staff.phones.long'),
    },
    {
      kind: 'messages',
      title: t('my-data.messages'),
      kept: t('my-data-staff.messages.kept', { count: kept.messages }),
      who: t('my-data-staff.messages.who'),
      long: t('my-data-staff.messages.long', span(retention.messageDays)),
    },
  ];
}

function linksOf({ hasCalendarLink, hasPersonalCode }: MyData['kept']) {
  const word = (has: boolean) => (has ? 'yes' : 'no');
  return { calendar: word(hasCalendarLink), code: word(hasPersonalCode) };
}
