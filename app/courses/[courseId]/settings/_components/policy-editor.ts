import type { PolicyInput } from '#lib/settings/input.ts';
import type { PolicyProblems } from '#lib/settings/rules.ts';
import type { PolicyDraft } from './policy-draft.ts';

/** What the sentences work on. */
export interface PolicyEditor {
  draft: PolicyDraft;
  institution: PolicyInput;
  problems: PolicyProblems;
  /** From where the viewer's browser comes just now; null: not known. */
  ownAddress: string | null;
  change: (how: (before: PolicyDraft) => PolicyDraft) => void;
}
