'use client';

import { useEffect, useState } from 'react';
import { SelectField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { formatDay, meetingName } from '#lib/i18n/format.ts';
import { findReplaceable } from '../actions.ts';
import type { ReplaceableChoice } from '../actions.ts';

const none = 'none';

/** For a guest: which missed meeting of their own this attendance stands for. */
export function ReplacesField({
  courseId,
  meetingId,
  membershipId,
  value,
  onChange,
}: {
  courseId: string;
  meetingId: string;
  membershipId: string;
  value: string | null;
  onChange: (meetingId: string | null) => void;
}) {
  const t = useTranslate();
  const [found, setFound] = useState<ReplaceableChoice[] | 'failed'>();
  useEffect(() => {
    let isGone = false;
    const tell = (result: ReplaceableChoice[] | 'failed') => {
      if (!isGone) setFound(result);
    };
    findReplaceable({ courseId, meetingId, membershipId }).then(
      (answer) => {
        tell(answer.ok ? answer.value : 'failed');
      },
      () => {
        tell('failed');
      },
    );
    return () => {
      isGone = true;
    };
  }, [courseId, meetingId, membershipId]);

  if (!Array.isArray(found)) {
    return (
      <p role="status" className="text-sm text-quiet">
        {t(found === undefined ? 'register.editor.replaces.loading' : 'register.editor.replaces.failed')}
      </p>
    );
  }
  const isKnown = value === null || found.some(({ id }) => id === value);
  if (found.length === 0 && isKnown) {
    return <p className="text-sm text-quiet">{t('register.editor.replaces.empty')}</p>;
  }
  return (
    <SelectField
      name="replaces"
      label={t('register.editor.replaces')}
      value={value ?? none}
      onChange={(id) => {
        onChange(id === none ? null : id);
      }}
      choices={[
        { value: none, label: t('register.editor.replaces.none') },
        ...(isKnown ? [] : [{ value, label: t('register.conflict.replaces') }]),
        ...found.map((meeting) => ({
          value: meeting.id,
          label: `${formatDay(new Date(meeting.startsAt), meeting.timeZone, t.language, { year: true })}, ${meetingName(meeting, t)}`,
        })),
      ]}
    />
  );
}
