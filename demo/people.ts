import { opaqueId, userUuid } from './identity.ts';

export type Privacy = 'public' | 'name_only' | 'email_only' | 'anonymous';

/** A user of the platform. All of them are invented; addresses end in example.org or example.com. */
export interface Person {
  /** Canvas' numeric id. */
  id: number;
  /** The LTI user id: `sub` in launches, `user_id` in the roster. */
  sub: string;
  /** The opaque id of LTI 1.1 days, which Canvas still sends as login_hint. */
  legacyId: string;
  /** How the platform shows the person. */
  name: string;
  givenName: string;
  familyName: string;
  sortableName: string;
  email: string;
  loginId: string;
  sisId: string | null;
  locale: 'de' | 'en';
  timeZone: string;
  admin: boolean;
  /** The test student of this course (Student View). */
  testStudentOf: number | null;
  /** Less than what the tool is set to, for this person alone. */
  privacy: Privacy | null;
}

export type EnrollmentType =
  | 'StudentEnrollment'
  | 'TeacherEnrollment'
  | 'TaEnrollment'
  | 'DesignerEnrollment'
  | 'ObserverEnrollment'
  | 'StudentViewEnrollment';

export type EnrollmentState = 'active' | 'invited' | 'inactive' | 'completed';

export interface Enrollment {
  id: number;
  personId: number;
  courseId: number;
  sectionId: number;
  type: EnrollmentType;
  state: EnrollmentState;
  /** Whom an observer observes. */
  observes: number | null;
}

export interface Section {
  id: number;
  courseId: number;
  name: string;
  sisId: string | null;
}

export interface Course {
  id: number;
  contextId: string;
  code: string;
  title: string;
  sisId: string | null;
  state: 'available' | 'created' | 'completed';
  /** Anybody may look, signed in or not. */
  public: boolean;
  startAt: string;
  endAt: string;
  timeZone: string;
  locale: 'de' | 'en';
}

interface NewPerson {
  id: number;
  given: string;
  family: string;
  locale?: 'de' | 'en';
  admin?: boolean;
  sis?: boolean;
  testStudentOf?: number;
}

/** A person from a name: the rest follows from it and from the id, the same at every start. */
export function makePerson(from: NewPerson): Person {
  const name = [from.given, from.family].filter((part) => part !== '').join(' ');
  const locale = from.locale ?? 'de';
  const test = from.testStudentOf !== undefined;
  const login = `${slugOf(name).slice(0, 40)}.${String(from.id)}`;
  return {
    id: from.id,
    sub: userUuid(from.id),
    legacyId: opaqueId('user', from.id),
    name,
    givenName: from.given,
    familyName: from.family,
    sortableName: from.family === '' ? from.given : `${from.family}, ${from.given}`,
    email: test ? '' : `${login}@example.${locale === 'de' ? 'org' : 'com'}`,
    loginId: test ? opaqueId('login', from.id) : login,
    sisId: test || from.sis === false ? null : `P-${String(from.id).padStart(6, '0')}`,
    locale,
    timeZone: 'Europe/Berlin',
    admin: from.admin ?? false,
    testStudentOf: from.testStudentOf ?? null,
    privacy: null,
  };
}

const transliterations: Record<string, string> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
};

/** A name as a part of a host name or an address: lower case letters, digits and hyphens. */
export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[äöüßøłđ]/g, (letter) => transliterations[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'person' : slug;
}

/** The people whom tests and texts name. */
export const known = {
  teacher: 1001,
  assistant: 1002,
  admin: 1003,
  otherTeacher: 1004,
  observer: 1005,
  largeCourseTeacher: 1006,
  firstStudent: 1101,
  course: 101,
  otherCourse: 102,
  largeCourse: 103,
} as const;

const staff: readonly NewPerson[] = [
  { id: known.teacher, given: 'Katharina', family: 'Lindner' },
  { id: known.assistant, given: 'Tobias', family: 'Ahrens' },
  { id: known.admin, given: 'Renate', family: 'Vogelsang', admin: true },
  { id: known.otherTeacher, given: 'Emily', family: 'Hartwell', locale: 'en' },
  { id: known.observer, given: 'Ingrid', family: 'Sommer' },
  { id: known.largeCourseTeacher, given: 'Matthias', family: 'Kröger' },
];

/** Course 101. The names are chosen to be hard: for sorting, for layout, for escaping, for direction. */
const class101: readonly Omit<NewPerson, 'id'>[] = [
  { given: 'Lea', family: 'Sommer' },
  { given: 'Jürgen', family: 'Öztürk' },
  { given: 'Zoë', family: "O'Brien", locale: 'en' },
  { given: 'Çağla', family: 'Şimşek' },
  {
    given: 'Maximiliane Friederike Charlotte',
    family: 'von Hohenstein-Wolfenbüttel zu Brandenfels-Schwarzenau',
  },
  { given: 'Sukarno', family: '' },
  { given: 'مريم', family: 'الحداد' },
  { given: 'Bobby', family: '<script>alert(1)</script>', locale: 'en' },
  { given: 'Änne', family: 'Müller' },
  { given: 'Anna', family: 'Müller', sis: false },
  { given: 'Anna', family: 'Mueller' },
  { given: 'Łukasz', family: 'Wójcik' },
  { given: 'José María', family: 'Ñíguez García' },
  { given: 'Đorđe', family: 'Živković' },
  { given: 'Søren', family: 'Ærøskøbing' },
  { given: 'Nguyễn', family: 'Thị Hồng Nhung' },
  { given: 'Fatima', family: 'el-Amrani' },
  { given: "D'Angelo", family: 'Reuß', locale: 'en' },
  { given: 'Ole', family: 'Petersen' },
  { given: 'Miriam', family: 'Groß' },
  { given: 'Paul', family: 'Weißhaupt' },
  { given: 'Greta', family: 'Åkesson' },
  { given: 'Tom & Jerry', family: 'Schmidt' },
  { given: 'Hannah', family: 'Becker' },
  { given: 'Jonas', family: 'Brandt' },
  { given: 'Olivia', family: 'Whitfield', locale: 'en' },
  { given: '愛子', family: '山本', locale: 'en' },
  { given: 'Valentina', family: 'Rossi' },
  { given: 'Friedrich', family: 'Übelacker' },
];

const class102: readonly Omit<NewPerson, 'id'>[] = [
  { given: 'Grace', family: 'Okafor', locale: 'en' },
  { given: 'Liam', family: 'Fitzgerald', locale: 'en' },
  { given: 'Clara', family: 'Neumann' },
  { given: 'Émile', family: 'Lefèvre', locale: 'en' },
  { given: 'Yusuf', family: 'Kaya' },
  { given: 'Ruby', family: 'Sinclair', locale: 'en' },
  { given: 'Henrik', family: 'Dahl' },
];

const givenNames = [
  'Alina', 'Ben', 'Cem', 'Dörte', 'Elif', 'Finn', 'Gesa', 'Hakan', 'Ida', 'Jannis', 'Kaja', 'Lennart',
  'Merle', 'Nils', 'Ömer', 'Pia', 'Quirin', 'Rieke', 'Selin', 'Thore', 'Ursula', 'Veit', 'Wiebke', 'Xenia', 'Yannick',
] as const; // prettier-ignore
const familyNames = [
  'Arndt', 'Böhm', 'Conrad', 'Dittmar', 'Eberle', 'Förster', 'Gerlach', 'Hübner', 'Iversen', 'Jäger', 'Köhler', 'Lorenz',
  'Möller', 'Noack', 'Ott', 'Pohl', 'Quast', 'Riedel', 'Schäfer', 'Thoma', 'Uhlig', 'Voß', 'Wendt', 'Yıldız',
] as const; // prettier-ignore

export interface Population {
  people: Person[];
  courses: Course[];
  sections: Section[];
  enrollments: Enrollment[];
}

const sections: readonly Section[] = [
  { id: 2101, courseId: known.course, name: 'Gruppe A', sisId: 'S-101-A' },
  { id: 2102, courseId: known.course, name: 'Gruppe B', sisId: 'S-101-B' },
  { id: 2201, courseId: known.otherCourse, name: 'Communication in Care', sisId: null },
  { id: 2301, courseId: known.largeCourse, name: 'Vorlesung Nord', sisId: 'S-103-N' },
  { id: 2302, courseId: known.largeCourse, name: 'Vorlesung Süd', sisId: 'S-103-S' },
];

function makeCourse(id: number, code: string, title: string, locale: 'de' | 'en'): Course {
  return {
    id,
    contextId: opaqueId('course', id),
    code,
    title,
    sisId: `C-${String(id)}`,
    state: 'available',
    public: false,
    startAt: '2026-09-01T00:00:00+02:00',
    endAt: '2027-07-31T23:59:59+02:00',
    timeZone: 'Europe/Berlin',
    locale,
  };
}

/** Everybody who is here before anybody changes anything: the same at every start. */
export function seedPopulation(): Population {
  const people = staff.map(makePerson);
  const enrollments: Enrollment[] = [];
  const enroll = (
    personId: number,
    courseId: number,
    sectionId: number,
    type: EnrollmentType,
    observes: number | null = null,
  ): void => {
    const id = 50_001 + enrollments.length;
    enrollments.push({ id, personId, courseId, sectionId, type, state: 'active', observes });
  };

  enroll(known.teacher, known.course, 2101, 'TeacherEnrollment');
  enroll(known.teacher, known.course, 2102, 'TeacherEnrollment');
  enroll(known.assistant, known.course, 2101, 'TaEnrollment');
  enroll(known.otherTeacher, known.otherCourse, 2201, 'TeacherEnrollment');
  enroll(known.largeCourseTeacher, known.largeCourse, 2301, 'TeacherEnrollment');

  class101.forEach((from, index) => {
    const person = makePerson({ ...from, id: known.firstStudent + index });
    people.push(person);
    enroll(person.id, known.course, index % 2 === 0 ? 2101 : 2102, 'StudentEnrollment');
    // One of them sits in both groups: two enrolments, one member.
    if (index === 12) enroll(person.id, known.course, 2102, 'StudentEnrollment');
  });
  // Teaches elsewhere and learns here: "institution#Instructor" must open nothing in this course.
  enroll(known.otherTeacher, known.course, 2102, 'StudentEnrollment');
  enroll(known.observer, known.course, 2101, 'ObserverEnrollment', known.firstStudent);

  class102.forEach((from, index) => {
    const person = makePerson({ ...from, id: 1201 + index });
    people.push(person);
    enroll(person.id, known.otherCourse, 2201, 'StudentEnrollment');
  });

  for (let index = 0; index < 600; index += 1) {
    const given = givenNames[index % givenNames.length] ?? '';
    const family = familyNames[Math.floor(index / givenNames.length) % familyNames.length] ?? '';
    const person = makePerson({ id: 3001 + index, given, family });
    people.push(person);
    enroll(person.id, known.largeCourse, index < 300 ? 2301 : 2302, 'StudentEnrollment');
  }

  const courses = [
    makeCourse(known.course, 'PFL-26-A', 'Pflegefachkraft: Anatomie und Physiologie', 'de'),
    makeCourse(known.otherCourse, 'COM-26', 'Communication in Care', 'en'),
    makeCourse(known.largeCourse, 'GES-26-V', 'Ringvorlesung Gesundheit und Gesellschaft', 'de'),
  ];
  for (const course of courses) {
    people.push(
      makePerson({
        id: 9000 + course.id,
        given: 'Test',
        family: 'Student',
        locale: course.locale,
        testStudentOf: course.id,
      }),
    );
  }
  return { people, courses, sections: [...sections], enrollments };
}
