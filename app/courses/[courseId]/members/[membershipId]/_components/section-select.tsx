'use client';

import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { useTranslate } from '../../../../../_components/language.tsx';

const anywhere = 'anywhere';

/** One of the course's sections, or none. */
export function SectionSelect({
  sections,
  value,
  onChange,
}: {
  sections: readonly { id: string; name: string }[];
  value: string | null;
  onChange: (sectionId: string | null) => void;
}) {
  const t = useTranslate();
  const items = [{ id: anywhere, name: t('member-spans.anywhere') }, ...sections];
  return (
    <Select
      value={value ?? anywhere}
      onChange={(key) => {
        onChange(key === null || key === anywhere ? null : String(key));
      }}
      className="min-w-0"
    >
      <Label className="mb-1 block font-medium">{t('member-spans.section')}</Label>
      <Button className="flex min-h-10 w-full min-w-0 items-center justify-between gap-2 rounded-sm border border-edge bg-paper px-3 text-left">
        <SelectValue className="min-w-0 truncate" />
        <ChevronDown aria-hidden className="size-4 shrink-0" />
      </Button>
      <Popover className="max-h-72 w-(--trigger-width) overflow-auto rounded-md border border-line bg-paper p-1 shadow-pop">
        <ListBox items={items} className="outline-none">
          {({ id, name }) => (
            <ListBoxItem
              id={id}
              textValue={name}
              className="cursor-pointer rounded-sm px-2.5 py-1.5 [overflow-wrap:anywhere] data-[focused]:bg-sunken data-[selected]:font-medium data-[selected]:text-brand"
            >
              <bdi>{name}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
