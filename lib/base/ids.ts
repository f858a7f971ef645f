import { randomBytes } from 'node:crypto';
import { v5, v7, validate } from 'uuid';

/** A row's id: UUIDv7, so that new rows lie together in the index. */
export function newId(): string {
  return v7();
}

export function isId(text: string): boolean {
  return validate(text);
}

/** Unguessable text, URL-safe: 32 bytes have 43 characters. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/**
 * What the audit calls one member's attendance at one meeting: the same again after the record was taken away, so that
 * its history is one.
 */
export function recordSubject(meetingId: string, membershipId: string): string {
  return v5(membershipId, meetingId);
}

/** What comes from an earlier version has the same id each time that it is brought over. */
export function importedId(within: string, what: 'meeting' | 'excuse' | 'document', oldId: string): string {
  return v5(`2.0.0 ${what} ${oldId}`, within);
}
