'use client';

import { CalendarPlus, CalendarRange, ChevronDown, FileUp, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';

const ways = [
  { id: 'meeting', path: 'meetings/new', Icon: CalendarPlus },
  { id: 'series', path: 'meetings/series', Icon: CalendarRange },
  { id: 'import', path: 'import', Icon: FileUp },
] as const;

/** The ways to more meetings, behind one button. */
export function AddMenu({ courseId }: { courseId: string }) {
  const t = useTranslate();
  const router = useRouter();
  return (
    <MenuTrigger>
      <Button className={buttonStyle({ kind: 'second' })}>
        <Plus aria-hidden className="size-4" />
        {t('home.add')}
        <ChevronDown aria-hidden className="size-4" />
      </Button>
      <Popover placement="bottom end" className="rounded-md border border-line bg-paper p-1 shadow-pop">
        <Menu
          className="outline-none"
          onAction={(id) => {
            const way = ways.find((one) => one.id === id);
            if (way !== undefined) router.push(`/courses/${courseId}/${way.path}`);
          }}
        >
          {ways.map(({ id, Icon }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={t(`home.add.${id}`)}
              className="flex cursor-pointer items-center gap-2.5 rounded-sm px-3 py-2 outline-none data-[focused]:bg-brand-soft"
            >
              <Icon aria-hidden className="size-4" />
              {t(`home.add.${id}`)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
