import { describe, expect, test } from 'vitest';
import { courseRoleOf, isTestUser } from './course-role.ts';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';
const system = 'http://purl.imsglobal.org/vocab/lis/v2/system/person';

describe('the role in the course', () => {
  test.each([
    ['a teacher', [`${membership}#Instructor`, `${institution}#Instructor`, `${system}#User`], 'teacher'],
    [
      'an assistant, who also carries Instructor',
      [`${membership}/Instructor#TeachingAssistant`, `${membership}#Instructor`],
      'assistant',
    ],
    ['a student', [`${membership}#Learner`, `${institution}#Student`], 'student'],
    [
      'a teacher elsewhere who is a learner here',
      [`${institution}#Instructor`, `${membership}#Learner`],
      'student',
    ],
    ['teacher and student at once', [`${membership}#Learner`, `${membership}#Instructor`], 'teacher'],
    ['a designer', [`${membership}#ContentDeveloper`], 'designer'],
    ['an observer', [`${membership}#Mentor`], 'observer'],
    ['a short role', ['Learner'], 'student'],
    ['an unknown role mixed in', ['http://example.org/role#Wizard', `${membership}#Instructor`], 'teacher'],
    [
      'an administrator without a place in the course',
      [`${institution}#Administrator`, `${system}#SysAdmin`],
      undefined,
    ],
    ['no role', [''], undefined],
    ['an anonymous visitor', ['http://purl.imsglobal.org/vocab/lti/system/person#None'], undefined],
    ['a look-alike', ['http://evil.example/membership#Instructor', 'instructor'], undefined],
  ])('%s', (_who, roles, expected) => {
    expect(courseRoleOf(roles)).toBe(expected);
  });

  test("Student View's student is marked", () => {
    expect(
      isTestUser([`${membership}#Learner`, 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser']),
    ).toBe(true);
    expect(isTestUser([`${membership}#Learner`])).toBe(false);
  });
});
