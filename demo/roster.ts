import type { Course, Enrollment, EnrollmentState, EnrollmentType, Person, Section } from './people.ts';
import { makePerson, seedPopulation } from './people.ts';
import type { StateFile } from './state.ts';

/** Who is who and who is where: the people of the first start, with what was changed since laid over them. */
export class Roster {
  readonly #file: StateFile;
  readonly #people = new Map<number, Person>();
  readonly #courses = new Map<number, Course>();
  readonly #sections = new Map<number, Section>();
  readonly #enrollments = new Map<number, Enrollment>();

  constructor(file: StateFile) {
    this.#file = file;
    const seed = seedPopulation();
    for (const course of seed.courses) {
      this.#courses.set(course.id, {
        ...course,
        state: file.state.courseStates[course.id] ?? course.state,
        public: file.state.publicCourses.includes(course.id),
      });
    }
    for (const section of seed.sections) this.#sections.set(section.id, section);
    for (const person of [...seed.people, ...file.state.people]) this.#people.set(person.id, person);
    for (const one of [...seed.enrollments, ...file.state.enrollments]) this.#enrollments.set(one.id, one);
    for (const id of file.state.removedEnrollments) this.#enrollments.delete(id);
  }

  person(id: number): Person | undefined {
    return this.#people.get(id);
  }

  /** By any name that the protocols use for a person: LTI user id, opaque id, numeric id. */
  personByAnyId(id: string): Person | undefined {
    if (/^\d{1,12}$/.test(id)) return this.#people.get(Number(id));
    return [...this.#people.values()].find((person) => person.sub === id || person.legacyId === id);
  }

  people(): Person[] {
    return [...this.#people.values()];
  }

  course(id: number): Course | undefined {
    return this.#courses.get(id);
  }

  courses(): Course[] {
    return [...this.#courses.values()];
  }

  sectionsOf(courseId: number): Section[] {
    return [...this.#sections.values()].filter((section) => section.courseId === courseId);
  }

  section(id: number): Section | undefined {
    return this.#sections.get(id);
  }

  /** All enrolments of a course, in the order of their ids, whatever their state. */
  enrollmentsIn(courseId: number): Enrollment[] {
    return [...this.#enrollments.values()]
      .filter((one) => one.courseId === courseId)
      .sort((a, b) => a.id - b.id);
  }

  enrollmentsOf(personId: number, courseId?: number): Enrollment[] {
    return [...this.#enrollments.values()]
      .filter((one) => one.personId === personId && (courseId === undefined || one.courseId === courseId))
      .sort((a, b) => a.sectionId - b.sectionId || a.id - b.id);
  }

  /** The enrolments that let a person in today. */
  activeEnrollmentsOf(personId: number, courseId?: number): Enrollment[] {
    return this.enrollmentsOf(personId, courseId).filter((one) => one.state === 'active');
  }

  coursesOf(person: Person): Course[] {
    if (person.admin) return this.courses();
    const ids = new Set(this.activeEnrollmentsOf(person.id).map((one) => one.courseId));
    return this.courses().filter((course) => ids.has(course.id));
  }

  mayTeach(person: Person, courseId: number): boolean {
    return this.activeEnrollmentsOf(person.id, courseId).some(
      (one) => one.type === 'TeacherEnrollment' || one.type === 'TaEnrollment',
    );
  }

  testStudent(courseId: number): Person | undefined {
    return [...this.#people.values()].find((person) => person.testStudentOf === courseId);
  }

  addPerson(given: string, family: string, locale: 'de' | 'en'): Person {
    const person = makePerson({ id: this.#file.takeId(), given, family, locale });
    this.putPerson(person);
    return person;
  }

  putPerson(person: Person): void {
    this.#people.set(person.id, person);
    const others = this.#file.state.people.filter((one) => one.id !== person.id);
    this.#file.state.people = [...others, person];
    this.#file.save();
  }

  enroll(
    personId: number,
    sectionId: number,
    type: EnrollmentType,
    state: EnrollmentState = 'active',
  ): Enrollment | undefined {
    const section = this.#sections.get(sectionId);
    if (section === undefined || !this.#people.has(personId)) return undefined;
    const found = this.enrollmentsOf(personId, section.courseId).find(
      (one) => one.sectionId === sectionId && one.type === type,
    );
    const enrollment: Enrollment = {
      id: found?.id ?? this.#file.takeId(),
      personId,
      courseId: section.courseId,
      sectionId,
      type,
      state,
      observes: found?.observes ?? null,
    };
    this.putEnrollment(enrollment);
    return enrollment;
  }

  putEnrollment(enrollment: Enrollment): void {
    this.#enrollments.set(enrollment.id, enrollment);
    const { state } = this.#file;
    state.enrollments = [...state.enrollments.filter((one) => one.id !== enrollment.id), enrollment];
    this.#file.save();
  }

  /** Takes a person out of a course altogether. */
  removeFromCourse(personId: number, courseId: number): number {
    const found = this.enrollmentsOf(personId, courseId);
    const ids = new Set(found.map((one) => one.id));
    for (const id of ids) this.#enrollments.delete(id);
    const { state } = this.#file;
    state.enrollments = state.enrollments.filter((one) => !ids.has(one.id));
    state.removedEnrollments = [...state.removedEnrollments, ...ids];
    this.#file.save();
    return found.length;
  }

  setCourseState(courseId: number, courseState: Course['state']): void {
    const course = this.#courses.get(courseId);
    if (course === undefined) return;
    this.#courses.set(courseId, { ...course, state: courseState });
    this.#file.state.courseStates[courseId] = courseState;
    this.#file.save();
  }

  setCoursePublic(courseId: number, isPublic: boolean): void {
    const course = this.#courses.get(courseId);
    if (course === undefined) return;
    this.#courses.set(courseId, { ...course, public: isPublic });
    const others = this.#file.state.publicCourses.filter((id) => id !== courseId);
    this.#file.state.publicCourses = isPublic ? [...others, courseId] : others;
    this.#file.save();
  }
}
