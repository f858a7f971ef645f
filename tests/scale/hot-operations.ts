import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eq } from 'drizzle-orm';
import { loadCourseTotals } from '#lib/attendance/load-course-totals.ts';
import { loadMemberAttendance } from '#lib/attendance/load-member-attendance.ts';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { loadHistory } from '#lib/audit/load-history.ts';
import { sealAudit } from '#lib/audit/seal-audit.ts';
import { newId, randomToken } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { seal, tokenHash } from '#lib/base/seal.ts';
import { loadCalendarFeed } from '#lib/calendars/load-calendar-feed.ts';
import { showCalendarLink } from '#lib/calendars/show-calendar-link.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadProjector } from '#lib/check-in-windows/load-projector.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import type { Ctx } from '#lib/context.ts';
import { auditKeys, courses, devices, meetings, platforms } from '#lib/db/schema.ts';
import { loadMyDevices } from '#lib/devices/load-my-devices.ts';
import { cleanDocuments } from '#lib/excuses/clean-documents.ts';
import { decideExcuse } from '#lib/excuses/decide-excuse.ts';
import { loadExcuseForm } from '#lib/excuses/load-excuse-form.ts';
import { loadExcuseQueue } from '#lib/excuses/load-excuse-queue.ts';
import { loadMyExcuses } from '#lib/excuses/load-my-excuses.ts';
import { submitExcuse } from '#lib/excuses/submit-excuse.ts';
import { createFolderStore } from '#lib/files/folder-store.ts';
import { helpMember } from '#lib/helping/help-member.ts';
import { loadHelper } from '#lib/helping/load-helper.ts';
import { acceptLaunch } from '#lib/launches/accept-launch.ts';
import { beginLogin } from '#lib/launches/begin-login.ts';
import { openState } from '#lib/launches/state.ts';
import { forgetExpired } from '#lib/logins/forget-expired.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { loadMember } from '#lib/members/load-member.ts';
import { loadMembers } from '#lib/members/load-members.ts';
import { findAbsences } from '#lib/notices/find-absences.ts';
import { findLowRates } from '#lib/notices/find-low-rates.ts';
import { sendMessages } from '#lib/notices/send-messages.ts';
import { applyRetention } from '#lib/privacy/apply-retention.ts';
import { erasePerson } from '#lib/privacy/erase-person.ts';
import { exportPerson } from '#lib/privacy/export-person.ts';
import { findPeople } from '#lib/privacy/find-people.ts';
import { loadMyData } from '#lib/privacy/load-my-data.ts';
import { loadReview } from '#lib/reviews/load-review.ts';
import { startSpotCheck } from '#lib/reviews/start-spot-check.ts';
import { readRosterLog } from '#lib/rosters/load-roster-log.ts';
import { selectLivelyCourses } from '#lib/rosters/queries.ts';
import { syncRoster } from '#lib/rosters/sync-roster.ts';
import { loadSettings } from '#lib/settings/load-settings.ts';
import { updatePolicy } from '#lib/settings/update-policy.ts';
import { clientId, createLaunchSigner, issuer, membershipRole } from '../support/launch-signer.ts';
import { vocabulary } from '../support/test-platform.ts';
import { idOf, meetingOf, membershipOf, personOf, studentsOf, today } from './fill-school.ts';
import type { SchoolSize } from './fill-school.ts';

/**
 * `course`: what people wait for; it touches what belongs to a course or a person, however large the school. `every
 * course`: a job that looks into each course; it grows with the courses, and not with what they hold. `operator`: once
 * in a while, by hand; it may read a table.
 */
export type Reach = 'course' | 'every course' | 'operator';

export interface Operation {
  name: string;
  reach: Reach;
  /** A table that it reads from end to end, on purpose. */
  mayRead?: string;
  /** Done before, and not watched. @returns what is watched. Both are taken back afterwards. */
  prepare: (tx: Ctx) => Promise<() => Promise<unknown>>;
}

/** The course that is watched: the same one in every school. Its meeting of today runs. */
const course = 0;
const courseId = idOf('course', course);
const dayMs = 86_400_000;
const publicUrl = 'https://tool.example';
const circumstances = {
  deviceKey: randomToken(),
  browserHash: tokenHash(randomToken()),
  network: '203.0.113.0/24',
};

/** What the tool does all day and all night, by its own use cases. */
export function operationsIn(size: SchoolSize): Operation[] {
  const place = { courseId, meetingId: meetingOf(size, course, today) };
  const last = { courseId, meetingId: meetingOf(size, course, today - 1) };
  const next = { courseId, meetingId: meetingOf(size, course, today + 1) };
  const membershipId = membershipOf(course, 5);
  const studentId = personOf(size, course, 5);
  const as = (tx: Ctx, personId: string): Ctx => ({ ...tx, viewer: { personId } });
  const teacher = (tx: Ctx) => as(tx, personOf(size, course, 0));
  const student = (tx: Ctx) => as(tx, studentId);
  const alone = (reach: Reach, name: string, act: (tx: Ctx) => Promise<unknown>): Operation => ({
    name,
    reach,
    prepare: (tx) => Promise.resolve(() => act(tx)),
  });
  const store = createFolderStore(join(tmpdir(), `sk-scale-${String(process.pid)}`));

  /** A student's phone stands before a code. */
  const scan = async (tx: Ctx) => {
    await openCheckIn(teacher(tx), place);
    await tx.db
      .update(devices)
      .set({ keyHash: tokenHash(circumstances.deviceKey) })
      .where(eq(devices.personId, studentId));
    const { codes } = await loadCodes(teacher(tx), place);
    const code = codes.findLast(({ from }) => new Date(from) <= tx.now)?.code ?? '';
    return () => loadScan(tx, { code, cookieTicket: undefined, ...circumstances });
  };
  const confirm = async (tx: Ctx) => {
    const scanned = await (await scan(tx))();
    if (scanned.kind !== 'confirm') throw new Error(`the scan was ${scanned.kind}`);
    const { ticket } = scanned;
    return async () => {
      const done = await confirmScan(tx, { ticket, circumstances });
      if (done.kind !== 'checked-in') throw new Error(`the check-in was ${done.kind}`);
      return done;
    };
  };
  /** The audit's keys as this tool's secret seals them. */
  const ownKeys = (tx: Ctx) =>
    tx.db.update(auditKeys).set({ sealedKey: seal(tx.secrets, 'audit-key', randomToken()) });
  const mark = (tx: Ctx) =>
    markRecords(teacher(tx), {
      ...place,
      marks: [{ membershipId, revision: 0, change: { kind: 'word', status: 'present' } }],
    });
  const decision = async (tx: Ctx) => {
    const { excuses } = await loadExcuseQueue(teacher(tx), { courseId });
    const [excuse] = excuses;
    if (excuse === undefined) throw new Error('no excuse waits');
    const { id: excuseId, revision } = excuse;
    const acceptedMeetingIds = [last.meetingId];
    return async () => {
      const request = { courseId, excuseId, revision, acceptedMeetingIds, note: '' };
      const done = await decideExcuse(teacher(tx), request);
      if (done.kind !== 'decided') throw new Error(`the decision was ${done.kind}`);
    };
  };
  const launch = async (tx: Ctx, sub: string, role: string) => {
    const signer = await createLaunchSigner();
    await tx.db.update(platforms).set({ clientId });
    const begun = await beginLogin(tx, {
      request: {
        iss: issuer,
        client_id: clientId,
        login_hint: 'h',
        target_link_uri: `${publicUrl}/lti/launch`,
      },
      publicUrl,
      isFramed: false,
    });
    const nonce = openState(tx.secrets, begun.sealedState, tx.now)?.nonce ?? '';
    const idToken = await signer.sign({
      ...{ sub, nonce, now: tx.now, contextId: `course ${String(course)}`, deployment: '7:0' },
      roles: [membershipRole(role)],
      custom: { canvas_user_id: sub.replace('sub-', '') },
    });
    return () =>
      acceptLaunch(tx, {
        response: { idToken, state: begun.sealedState },
        browserKey: begun.browserKey,
        keysOf: () => signer.keys,
        ...{ publicUrl, defaultTimeZone: 'UTC', approveDeployments: 'never' as const },
      });
  };

  return [
    { name: 'scan a code', reach: 'course', prepare: scan },
    { name: 'check in', reach: 'course', prepare: confirm },
    {
      name: 'result of a check-in',
      reach: 'course',
      prepare: async (tx) => {
        const done = (await (await confirm(tx))()) as { checkInId: string };
        return () => loadCheckInResult(student(tx), { checkInId: done.checkInId, deviceKey: undefined });
      },
    },
    { name: 'launch of a student', reach: 'course', prepare: (tx) => launch(tx, 'sub-5', 'Learner') },
    { name: 'launch of a teacher', reach: 'course', prepare: (tx) => launch(tx, 'sub-0', 'Instructor') },
    { name: 'first launch of somebody', reach: 'course', prepare: (tx) => launch(tx, 'sub-new', 'Learner') },
    alone('course', 'course home', (tx) => loadMeetings(teacher(tx), courseId)),
    alone('course', 'register', (tx) => loadRegister(teacher(tx), last)),
    alone('course', 'mark', mark),
    alone('course', 'open a check-in', (tx) => openCheckIn(teacher(tx), place)),
    {
      name: 'projector',
      reach: 'course',
      prepare: async (tx) => {
        await openCheckIn(teacher(tx), place);
        return () => loadProjector(teacher(tx), place);
      },
    },
    alone('course', 'helper', (tx) => loadHelper(teacher(tx), place)),
    alone('course', 'check somebody in by name', (tx) =>
      helpMember(teacher(tx), { ...place, direction: 'in', attemptId: newId(), whom: { membershipId } }),
    ),
    alone('course', 'review', (tx) => loadReview(teacher(tx), last)),
    {
      name: 'spot check',
      reach: 'course',
      prepare: async (tx) => {
        const [held] = await tx.db.select().from(meetings).where(eq(meetings.id, last.meetingId));
        // Later on nobody is left who could be called out.
        const atItsEnd = { ...teacher(tx), now: held?.endsAt ?? tx.now };
        return async () => {
          const { kind } = await startSpotCheck(atItsEnd, { ...last, size: 3 });
          if (kind !== 'started') throw new Error(`the spot check was ${kind}`);
        };
      },
    },
    alone('course', 'members', (tx) => loadMembers(teacher(tx), courseId)),
    alone('course', 'one member', (tx) => loadMember(teacher(tx), { courseId, membershipId })),
    alone('course', 'attendance of a member', (tx) =>
      loadMemberAttendance(teacher(tx), { courseId, membershipId }),
    ),
    alone('course', 'totals of a course', (tx) => loadCourseTotals(teacher(tx), courseId)),
    alone('course', 'history of a course', (tx) =>
      loadHistory(teacher(tx), { courseId, of: { kind: 'course' } }),
    ),
    alone('course', 'history of a kind', (tx) =>
      loadHistory(teacher(tx), { courseId, of: { kind: 'course', only: 'settings' } }),
    ),
    alone('course', 'history of a meeting', (tx) =>
      loadHistory(teacher(tx), { courseId, of: { kind: 'meeting', meetingId: last.meetingId } }),
    ),
    alone('course', 'history of a member', (tx) =>
      loadHistory(teacher(tx), { courseId, of: { kind: 'member', membershipId } }),
    ),
    alone('course', 'history of a record', (tx) =>
      loadHistory(teacher(tx), { courseId, of: { kind: 'record', meetingId: last.meetingId, membershipId } }),
    ),
    alone('course', 'roster log', (tx) => readRosterLog(tx, courseId, undefined)),
    alone('course', 'settings', (tx) => loadSettings(teacher(tx), courseId)),
    {
      name: 'change the policy',
      reach: 'course',
      prepare: async (tx) => {
        const { policy, revision } = await loadSettings(teacher(tx), courseId);
        return async () => {
          const saved = await updatePolicy(teacher(tx), {
            courseId,
            revision,
            policy: { ...policy, graceMinutes: 20, allowedNetworks: '' },
          });
          if (saved.kind !== 'saved') throw new Error(`the policy was ${saved.kind}`);
        };
      },
    },
    alone('course', 'plan a meeting', (tx) =>
      createMeeting(teacher(tx), { courseId, ...wordsOf('2027-03-01', '09:00', '10:30') }),
    ),
    {
      name: 'move a held meeting',
      reach: 'course',
      prepare: async (tx) => {
        const [held] = await tx.db.select().from(meetings).where(eq(meetings.id, last.meetingId));
        const [date = '', from = ''] = (held?.localStart ?? '').split('T');
        const to = (held?.localEnd ?? '').split('T')[1] ?? '';
        return async () => {
          const saved = await updateMeeting(teacher(tx), {
            ...last,
            revision: 1,
            ...wordsOf(date, from, to),
            breakMinutes: 15,
            endsNextDay: to <= from,
          });
          if (saved.kind !== 'saved') throw new Error(`the meeting was ${saved.kind}`);
        };
      },
    },
    alone('course', 'delete a meeting', (tx) => deleteMeetings(teacher(tx), next)),
    alone('course', 'my attendance', (tx) => loadMyAttendance(student(tx), courseId)),
    alone('course', 'my excuses', (tx) => loadMyExcuses(student(tx), courseId)),
    alone('course', 'form of an excuse', (tx) => loadExcuseForm(student(tx), courseId)),
    alone('course', 'hand in an excuse', async (tx) => {
      const done = await submitExcuse(student(tx), {
        courseId,
        excuse: {
          id: newId(),
          reason: 'illness',
          text: '',
          choice: { kind: 'meetings', meetingIds: [next.meetingId] },
          fileIds: [],
        },
      });
      if (done.kind !== 'submitted') throw new Error(`the excuse was ${done.kind}`);
    }),
    alone('course', 'queue of excuses', (tx) => loadExcuseQueue(teacher(tx), { courseId })),
    alone('course', 'decided excuses', (tx) => loadExcuseQueue(teacher(tx), { courseId, filter: 'decided' })),
    { name: 'decide an excuse', reach: 'course', prepare: decision },
    alone('course', 'my phones', (tx) => loadMyDevices(student(tx))),
    alone('course', 'my data', (tx) => loadMyData(student(tx), courseId)),
    {
      name: 'calendar feed',
      reach: 'course',
      prepare: async (tx) => {
        const { token } = await showCalendarLink(student(tx), { courseId });
        return () => loadCalendarFeed(tx, token);
      },
    },
    alone('course', 'export of a person', async (tx) => {
      await new Response(await exportPerson(tx, studentId, store)).arrayBuffer();
    }),
    {
      name: 'erasure of a person',
      reach: 'course',
      prepare: async (tx) => {
        await ownKeys(tx);
        return () => erasePerson(tx, { personId: studentId, nameOf: (number) => `Person ${String(number)}` });
      },
    },
    {
      name: 'sync of a roster',
      reach: 'course',
      prepare: async (tx) => {
        await tx.db
          .update(courses)
          .set({ namesAndRolesUrl: 'https://canvas.example/roster' })
          .where(eq(courses.id, courseId));
        return async () => {
          const done = await syncRoster(
            tx,
            { courseId, askedBy: 'operator' },
            { services: rosterService(), canvas: undefined, now: () => tx.now },
          );
          if (done.kind !== 'synced' || done.sync.outcome !== 'complete')
            throw new Error('the roster was not kept');
        };
      },
    },
    alone('every course', 'which rosters the night reads', (tx) =>
      selectLivelyCourses(tx.db, new Date(tx.now.getTime() - 14 * dayMs)),
    ),
    {
      name: 'sealing of the audit',
      reach: 'every course',
      prepare: async (tx) => {
        await ownKeys(tx);
        const headsFile = join(await mkdtemp(join(tmpdir(), 'sk-scale-')), 'heads.jsonl');
        // Afterwards the file holds the heads that there are, as on any other minute.
        await sealAudit(tx, { headsFile });
        await mark(tx);
        return async () => {
          const { events } = await sealAudit(tx, { headsFile });
          await rm(dirname(headsFile), { recursive: true });
          if (events === 0) throw new Error('nothing was sealed');
        };
      },
    },
    {
      name: 'what has been kept long enough',
      reach: 'every course',
      prepare: async (tx) => {
        // As after a night: what the school was filled with is a day behind.
        await applyRetention(tx, { nameOf: String, endedAt: () => tx.now });
        const later: Ctx = { ...tx, now: new Date(tx.now.getTime() + dayMs) };
        return () => applyRetention(later, { nameOf: String, endedAt: () => tx.now });
      },
    },
    // Which meetings were held lately: two years of them are 20 MB, four times an hour.
    { ...alone('every course', 'absences to tell', (tx) => findAbsences(tx)), mayRead: 'meetings' },
    alone('every course', 'low rates to tell', (tx) => findLowRates(tx)),
    {
      name: 'mails to send',
      reach: 'course',
      prepare: async (tx) => {
        await (
          await decision(tx)
        )();
        const later: Ctx = { ...tx, now: new Date(tx.now.getTime() + 2 * dayMs) };
        return async () => {
          const { sent } = await sendMessages(later, {
            mailer: { send: () => Promise.resolve('sent'), close: () => undefined },
            now: () => later.now,
            isStopping: () => false,
          });
          if (sent === 0) throw new Error('no mail was sent');
        };
      },
    },
    alone('course', 'documents to clean', (tx) => cleanDocuments(tx, store)),
    alone('course', 'nonces to forget', (tx) => forgetExpired(tx)),
    alone('operator', 'find a person', (tx) => findPeople(tx, { name: 'Muster 17', email: undefined })),
  ];

  function rosterService() {
    return {
      call: () => Promise.reject(new Error('only pages are read')),
      async *readPages() {
        await Promise.resolve();
        const members = Array.from({ length: studentsOf(course) + 1 }, (_, member) => {
          const number = String((course * 50 + member) % size.people);
          return {
            ...{
              status: 'Active',
              user_id: `sub-${number}`,
              name: `Kim Muster ${number}`,
              given_name: 'Kim',
              family_name: `Muster ${number}`,
            },
            roles: [`${vocabulary}/membership#${member === 0 ? 'Instructor' : 'Learner'}`],
          };
        });
        yield {
          status: 200,
          headers: {},
          body: JSON.stringify({ id: 'roster', context: { id: 'course' }, members }),
        };
      },
    };
  }
}

const wordsOf = (date: string, from: string, to: string) => ({
  ...{
    date,
    from,
    to,
    title: '',
    breakMinutes: 0,
    room: '',
    onlineUrl: '',
    onlinePlatform: '',
    description: '',
  },
});

/** A context of nobody's, half an hour after today's meeting has begun: a school that was kept is still itself. */
export async function contextIn(
  db: Ctx['db'],
  { secrets, size }: { secrets: Ctx['secrets']; size: SchoolSize },
): Promise<Ctx> {
  const [meeting] = await db
    .select()
    .from(meetings)
    .where(eq(meetings.id, meetingOf(size, course, today)));
  if (meeting === undefined) throw new Error('the school is empty');
  const now = new Date(meeting.startsAt.getTime() + 30 * 60_000);
  return { db, now, viewer: undefined, log: createLog('silent'), secrets };
}
