'use client';

import { useCallback, useEffect, useReducer, useState } from 'react';
import type { RegisterRow, RegisterView } from '#lib/attendance/load-register.ts';
import { byGermanName } from '#lib/base/by-german-name.ts';
import type { Notice, RecordView } from '#lib/live/notices.ts';

/** Short gaps happen at each change of the stream; nobody needs to read of them. */
const quietGapMs = 3_000;
/** The stream lets hear from it every 15 s: after this, the line is dead, whatever the browser takes it for. */
const silentMs = 40_000;
const lookMs = 5_000;
/** A page that nobody looks at lets go of its line: a browser has six to a server, and there may be more tabs. */
const restAfterMs = 60_000;
/** A refused or failed stream is asked for again by us: the browser then no longer does. */
const retryMs = [2_000, 5_000, 10_000, 30_000] as const;

export type Connection = 'live' | 'lost' | 'refused';

type Heard =
  | { kind: 'snapshot'; register: RegisterView }
  | Extract<Notice, { kind: 'record' | 'window' }>
  /** What our own marks were answered with; it may come after a newer notice. */
  | { kind: 'answers'; answers: readonly Answer[] };

interface Answer {
  membershipId: string;
  sentRevision: number;
  record: RecordView | null;
}

interface Live {
  register: RegisterView;
  /** Memberships in the order in which they came while this page looked on, the newest first. */
  arrivals: readonly string[];
}

/**
 * A meeting's register as it fills. It starts with what the server rendered and follows the event stream;
 * after a gap the stream sends the whole again.
 */
export function useLiveMeeting(
  courseId: string,
  initial: RegisterView,
): Live & {
  connection: Connection;
  /** Enters what marks of this page were answered with, so that they need not wait for the stream. */
  enter: (answers: readonly Answer[]) => void;
} {
  const [live, dispatch] = useReducer(follow, initial, (register) => ({
    register,
    arrivals: arrivalsOf(register.rows, []),
  }));
  const [connection, setConnection] = useState<Connection>('live');
  const meetingId = initial.meeting.id;

  useEffect(() => {
    const address = `/api/courses/${courseId}/meetings/${meetingId}/events`;
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let gap: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let heardAt = 0;
    let isResting = false;
    let ended = false;

    const read = (event: Event): unknown => JSON.parse((event as MessageEvent<string>).data);
    const noteGap = (afterMs: number) => {
      gap ??= setTimeout(() => {
        setConnection('lost');
      }, afterMs);
    };
    const connect = () => {
      clearTimeout(retry);
      source?.close();
      if (ended || isResting) return;
      const current = new EventSource(address);
      source = current;
      heardAt = Date.now();
      const hear = () => {
        heardAt = Date.now();
      };
      current.addEventListener('beat', hear);
      current.addEventListener('snapshot', (event) => {
        hear();
        failures = 0;
        clearTimeout(gap);
        gap = undefined;
        setConnection('live');
        dispatch({ kind: 'snapshot', register: read(event) as RegisterView });
      });
      for (const kind of ['record', 'window'] as const) {
        current.addEventListener(kind, (event) => {
          hear();
          dispatch(read(event) as Extract<Notice, { kind: 'record' | 'window' }>);
        });
      }
      current.addEventListener('error', () => {
        noteGap(quietGapMs);
        // Otherwise the browser tries again by itself.
        if (current.readyState !== EventSource.CLOSED || source !== current) return;
        const waitMs = retryMs[Math.min(failures, retryMs.length - 1)] ?? 30_000;
        failures += 1;
        retry = setTimeout(() => {
          void askWhetherRefused().then((refused) => {
            if (ended) return;
            if (refused) setConnection('refused');
            else connect();
          });
        }, waitMs);
      });
    };
    // An event stream does not tell its status; the next door, with the same rule of access, does.
    const askWhetherRefused = async () => {
      try {
        const answer = await fetch(`/api/courses/${courseId}/meetings/${meetingId}/codes`, {
          headers: { accept: 'application/json' },
        });
        return [401, 403, 404].includes(answer.status);
      } catch {
        return false;
      }
    };
    const wentOffline = () => {
      noteGap(0);
    };

    connect();
    window.addEventListener('online', connect);
    window.addEventListener('offline', wentOffline);
    // The line of a laptop that slept, or of a hall whose access point went away, dies without a word. Its clock may have
    // been put back meanwhile.
    const look = setInterval(() => {
      // Closed: it is asked for again already, refused, or rests.
      if (source?.readyState === EventSource.CLOSED || Math.abs(Date.now() - heardAt) < silentMs) return;
      noteGap(0);
      connect();
    }, lookMs);
    let rest: ReturnType<typeof setTimeout> | undefined;
    const lookedAt = () => {
      clearTimeout(rest);
      if (document.visibilityState === 'hidden') {
        rest = setTimeout(() => {
          isResting = true;
          source?.close();
        }, restAfterMs);
      } else if (isResting) {
        isResting = false;
        connect();
      }
    };
    lookedAt();
    document.addEventListener('visibilitychange', lookedAt);
    return () => {
      ended = true;
      clearTimeout(retry);
      clearTimeout(gap);
      clearTimeout(rest);
      clearInterval(look);
      source?.close();
      window.removeEventListener('online', connect);
      window.removeEventListener('offline', wentOffline);
      document.removeEventListener('visibilitychange', lookedAt);
    };
  }, [courseId, meetingId]);

  const enter = useCallback((answers: readonly Answer[]) => {
    dispatch({ kind: 'answers', answers });
  }, []);
  return { ...live, connection, enter };
}

function follow(live: Live, heard: Heard): Live {
  const { register } = live;
  switch (heard.kind) {
    case 'snapshot': {
      const known = new Map(register.rows.map((row) => [row.membershipId, row]));
      const rows = heard.register.rows.map((row) => keepSame(known.get(row.membershipId), row));
      const meeting = keepSame(register.meeting, heard.register.meeting);
      const policy = keepSame(register.policy, heard.register.policy);
      return {
        register: { ...heard.register, meeting, policy, rows },
        arrivals: arrivalsOf(rows, live.arrivals),
      };
    }
    case 'window': {
      const others = register.windows.filter(({ direction }) => direction !== heard.direction);
      const windows = heard.window === null ? others : [...others, heard.window];
      return { ...live, register: { ...register, windows } };
    }
    case 'record': {
      const { membershipId, name, record } = heard;
      const rows = withRecord(register.rows, { membershipId, name, record, isExpected: false });
      return { register: { ...register, rows }, arrivals: arrivalsOf(rows, live.arrivals) };
    }
    case 'answers': {
      const answered = new Map(heard.answers.map((answer) => [answer.membershipId, answer]));
      const rows = register.rows.map((row) => {
        const answer = answered.get(row.membershipId);
        if (answer === undefined) return row;
        // Revisions count up from the one that was sent; a higher one was heard meanwhile and is newer.
        const newest = answer.record?.revision ?? answer.sentRevision;
        return (row.record?.revision ?? 0) > newest ? row : { ...row, record: answer.record };
      });
      return { register: { ...register, rows }, arrivals: arrivalsOf(rows, live.arrivals) };
    }
    default:
      return live;
  }
}

/** The very same object where nothing in it changed, so that it is not drawn again. */
function keepSame<Value>(known: Value | undefined, heard: Value): Value {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(heard) ? known : heard;
}

function withRecord(rows: RegisterRow[], changed: Omit<RegisterRow, 'sections'>): RegisterRow[] {
  const at = rows.findIndex(({ membershipId }) => membershipId === changed.membershipId);
  if (at >= 0) return rows.map((row, index) => (index === at ? { ...row, record: changed.record } : row));
  // Somebody who was not on the list when it was loaded: an enrolment of this very minute.
  if (changed.record === null) return rows;
  return [...rows, { ...changed, sections: [] }].sort((a, b) => byGermanName.compare(a.name, b.name));
}

/** Who checked in, the newest first: those known keep their places, the others come before them. */
function arrivalsOf(rows: RegisterRow[], known: readonly string[]): string[] {
  const arrived = new Map(
    rows
      .filter(({ record }) => record?.source === 'check-in')
      .map(({ membershipId, record }) => [membershipId, record?.spans[0]?.from ?? '']),
  );
  const before = known.filter((id) => arrived.has(id));
  const old = new Set(before);
  const added = [...arrived]
    .filter(([id]) => !old.has(id))
    .sort(([, a], [, b]) => b.localeCompare(a))
    .map(([id]) => id);
  return [...added, ...before];
}
