import type { DocumentMeans } from './bring-document.ts';
import type { OldRow } from './old-shape.ts';
import type { CourseToFill } from './queries.ts';
import type { Cures, Human } from './rules.ts';

export interface ImportOrder {
  /** Ours, and that of its platform. */
  deploymentId: string;
  platformId: string;
  /** Of courses that no teacher has opened yet. */
  timeZone: string;
  /** Of times that the old database keeps without a zone; undefined: that of each course. */
  oldTimeZone: string | undefined;
  /** Undefined: documents stay behind. */
  documents: DocumentMeans | undefined;
}

export interface ImportedCourse {
  /** Of the old table; several where it had the course more than once. */
  oldIds: string[];
  courseId: string;
  title: string;
  isNew: boolean;
  members: number;
  meetings: number;
  records: number;
  excuses: number;
  documents: number;
  /** Meetings, records and excuses that were there already. */
  there: number;
}

export interface ImportReport {
  kind: 'imported';
  courses: ImportedCourse[];
  /** Old courses without an LTI context whose course here nobody has opened yet. */
  waiting: { oldId: string; title: string }[];
  cures: Cures;
  /** Check-in tokens, which were good for minutes; null: there is no such table. */
  tokens: number | null;
  /** Documents that lie in the old folder still, because no folder was named. */
  documentsLeft: number;
  /** Old ids of users without `sub`, Canvas number and SIS id that is known here. */
  unidentified: string[];
  /** Old ids of sessions without a usable day or time. */
  unplaceable: string[];
  /** Columns that nothing was made of. */
  unread: string[];
}

/** A human as the platform knows them, by the id of each old row. */
export type Identities = ReadonlyMap<string, Human & { sub: string; isKnown: boolean }>;

/** What there is to do for one course. */
export interface CourseWork {
  course: CourseToFill;
  sessions: readonly OldRow<'sessions'>[];
  records: readonly OldRow<'attendance_records'>[];
  identities: Identities;
  order: ImportOrder;
  report: ImportReport;
}
