/** What a record can say. No record at all: not taken yet. */
export const statuses = ['present', 'late', 'partial', 'absent', 'excused'] as const;

export type Status = (typeof statuses)[number];
