/** Why somebody was, or will be, away; no more is asked. */
export const excuseReasons = ['illness', 'care', 'appointment', 'authority', 'work', 'other'] as const;

export type ExcuseReason = (typeof excuseReasons)[number];
