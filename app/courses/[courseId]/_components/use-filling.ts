'use client';

import { useState } from 'react';
import type { MessageKey } from '#lib/i18n/translate.ts';
import { namesOfHalfFilled } from '../../../_components/fields.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import type { Filling } from './meeting-fields.tsx';

type Problems = Partial<Record<string, MessageKey>>;

/** What a form holds, and what is wrong with it until the field is changed. */
export function useFilling<Draft extends object>(initial: Draft, onChange?: () => void) {
  const t = useTranslate();
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState<Problems>({});
  const filling: Filling<Draft> = {
    draft,
    change: (field) => (value) => {
      setDraft((before) => ({ ...before, [field]: value }));
      setProblems((before) => withoutPlace(before, String(field)));
      onChange?.();
    },
    problem: (place) => {
      const key = problems[place];
      return key === undefined ? undefined : t(key);
    },
  };
  return { filling, draft, setDraft, setProblems };
}

/** A field and its parts: `breaks`, `breaks.0`. */
function withoutPlace(problems: Problems, field: string): Problems {
  return Object.fromEntries(
    Object.entries(problems).filter(([place]) => place !== field && !place.startsWith(`${field}.`)),
  );
}

/**
 * A draft as it stands there for the eye: date and time fields that are filled in half keep their last whole value,
 * and are sent empty.
 */
export function asShown<Draft extends object>(draft: Draft, form: HTMLElement | null): Draft {
  const shown = structuredClone(draft);
  for (const name of form === null ? [] : namesOfHalfFilled(form)) {
    const path = name.split('.');
    const field = path.pop();
    let holder: unknown = shown;
    for (const part of path) holder = (holder as Record<string, unknown>)[part];
    if (field !== undefined) (holder as Record<string, unknown>)[field] = '';
  }
  return shown;
}
