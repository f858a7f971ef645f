'use client';

import { parseDate, parseTime } from '@internationalized/date';
import { Calendar as CalendarIcon, Check, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CheckboxButton,
  CheckboxGroup,
  CheckboxField as LibraryCheckboxField,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Group,
  Heading,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as LibraryNumberField,
  Popover,
  RadioButton,
  RadioField as LibraryRadioField,
  RadioGroup,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField as LibraryTextField,
  TimeField as LibraryTimeField,
} from 'react-aria-components';
import { buttonStyle } from './button.tsx';

interface FieldProps<Value> {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value, in words. */
  problem?: string | undefined;
  value: Value;
  onChange: (value: Value) => void;
  className?: string;
}

const labelStyle = 'mb-1 block font-medium';
const box =
  'flex min-h-10 w-full items-center rounded-sm border border-edge bg-paper px-3 ' +
  'data-[focus-within]:outline-3 data-[focus-within]:outline-offset-2 data-[focus-within]:outline-brand ' +
  'data-[invalid]:border-danger';
const input = 'min-h-10 w-full rounded-sm border border-edge bg-paper px-3 py-2 data-[invalid]:border-danger';
const segment =
  'rounded-sm px-0.5 tabular-nums caret-transparent outline-none data-[focused]:bg-brand ' +
  'data-[focused]:text-on-brand data-[placeholder]:text-quiet data-[focused]:data-[placeholder]:text-on-brand ' +
  'data-[type=literal]:px-0';

/** Below a field: what is wrong with it, else what it is for. */
function Below({ hint, problem }: { hint: ReactNode; problem: string | undefined }) {
  return (
    <>
      {hint !== undefined && problem === undefined && (
        <Text slot="description" className="mt-1 block text-sm text-quiet">
          {hint}
        </Text>
      )}
      <FieldError className="mt-1 block text-sm font-medium text-danger">{problem}</FieldError>
    </>
  );
}

/** What the library's fields have in common. Problems come from the server, so the browser checks nothing. */
function common({ problem, className }: { problem?: string | undefined; className?: string | undefined }) {
  return {
    isInvalid: problem !== undefined,
    validationBehavior: 'aria' as const,
    className: className ?? '',
  };
}

export function TextField({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  ...more
}: FieldProps<string> & { name: string; placeholder?: string }) {
  return (
    <LibraryTextField {...common({ problem, className })} {...more} value={value} onChange={onChange}>
      <Label className={labelStyle}>{label}</Label>
      <Input className={input} placeholder={more.placeholder} autoComplete="off" />
      <Below hint={hint} problem={problem} />
    </LibraryTextField>
  );
}

/** Text of several lines. */
export function TextAreaField({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  name,
}: FieldProps<string> & { name: string }) {
  return (
    <LibraryTextField {...common({ problem, className })} name={name} value={value} onChange={onChange}>
      <Label className={labelStyle}>{label}</Label>
      <TextArea dir="auto" className={`${input} field-sizing-content max-h-96 min-h-24 resize-y`} />
      <Below hint={hint} problem={problem} />
    </LibraryTextField>
  );
}

interface Choice<Value extends string> {
  value: Value;
  label: ReactNode;
  /** For screen readers, where the label is short for the eye. */
  spoken?: string;
}

/** What a select opens: its choices, a tick at the chosen one. */
export function Choices({ choices }: { choices: readonly Choice<string>[] }) {
  return (
    <Popover className="min-w-(--trigger-width) rounded-md border border-line bg-paper p-1 shadow-pop">
      <ListBox className="outline-none">
        {choices.map((choice) => (
          <ListBoxItem
            key={choice.value}
            id={choice.value}
            textValue={choice.spoken ?? (typeof choice.label === 'string' ? choice.label : choice.value)}
            className="flex min-h-9 cursor-pointer items-center gap-2 rounded-sm px-3 py-1.5 outline-none data-[focused]:bg-brand-soft"
          >
            {({ isSelected }) => (
              <>
                <Check aria-hidden className={`size-4 shrink-0 ${isSelected ? '' : 'invisible'}`} />
                {choice.label}
              </>
            )}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}

/** One of a few. */
export function SelectField<Value extends string>({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  name,
  choices,
}: FieldProps<Value> & { name: string; choices: readonly Choice<Value>[] }) {
  return (
    <Select
      {...common({ problem, className })}
      name={name}
      value={value}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Label className={labelStyle}>{label}</Label>
      <Button className={`${input} flex items-center justify-between gap-2 text-left`}>
        <SelectValue className="truncate">{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden className="size-4 shrink-0" />
      </Button>
      <Below hint={hint} problem={problem} />
      <Choices choices={choices} />
    </Select>
  );
}

/** The drawn box of a checkbox. */
export function TickBox({
  isSelected,
  isFocusVisible,
  isDisabled,
}: {
  isSelected: boolean;
  isFocusVisible: boolean;
  isDisabled: boolean;
}) {
  return (
    <span
      aria-hidden
      className={`flex size-5 shrink-0 items-center justify-center rounded-sm border ${
        isSelected ? 'border-brand bg-brand text-on-brand' : 'border-edge bg-paper'
      } ${isFocusVisible ? 'outline-3 outline-offset-2 outline-brand' : ''} ${isDisabled ? 'opacity-55' : ''}`}
    >
      {isSelected && <Check className="size-4" />}
    </span>
  );
}

/** Yes or no. */
export function CheckboxField({
  label,
  hint,
  value,
  onChange,
  className,
  name,
  isDisabled = false,
}: Omit<FieldProps<boolean>, 'problem'> & { name: string; isDisabled?: boolean }) {
  return (
    <LibraryCheckboxField
      name={name}
      isSelected={value}
      onChange={onChange}
      isDisabled={isDisabled}
      className={className ?? ''}
    >
      <CheckboxButton className="flex min-h-8 cursor-pointer items-start gap-2.5 py-1 outline-none data-[disabled]:cursor-default">
        {(state) => (
          <>
            <TickBox {...state} />
            <span className="-mt-px">{label}</span>
          </>
        )}
      </CheckboxButton>
      {hint !== undefined && (
        <Text slot="description" className="-mt-1 block pl-7.5 text-sm text-quiet">
          {hint}
        </Text>
      )}
    </LibraryCheckboxField>
  );
}

/** Any number of a few. `pills`: side by side, each as small as its word. */
export function CheckboxesField({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  name,
  choices,
  pills = false,
}: FieldProps<string[]> & { name: string; choices: readonly Choice<string>[]; pills?: boolean }) {
  return (
    <CheckboxGroup {...common({ problem, className })} name={name} value={value} onChange={onChange}>
      <Label className={labelStyle}>{label}</Label>
      <div
        className={
          pills ? 'grid grid-cols-7 gap-1 sm:flex sm:flex-wrap sm:gap-1.5' : 'flex flex-wrap gap-x-6'
        }
      >
        {choices.map((choice) => (
          <LibraryCheckboxField key={choice.value} value={choice.value} aria-label={choice.spoken}>
            <CheckboxButton
              className={
                pills
                  ? 'flex min-h-10 cursor-pointer items-center justify-center rounded-full border border-edge sm:min-w-11 sm:px-3 data-[focus-visible]:outline-3 data-[focus-visible]:outline-offset-2 data-[focus-visible]:outline-brand data-[invalid]:border-danger data-[selected]:border-brand data-[selected]:bg-brand data-[selected]:font-semibold data-[selected]:text-on-brand'
                  : 'flex min-h-8 cursor-pointer items-center gap-2.5 py-1 outline-none'
              }
            >
              {(state) => (
                <>
                  {!pills && <TickBox {...state} />}
                  {choice.label}
                </>
              )}
            </CheckboxButton>
          </LibraryCheckboxField>
        ))}
      </div>
      <Below hint={hint} problem={problem} />
    </CheckboxGroup>
  );
}

/** One of a few, all of them in sight. */
export function RadioField<Value extends string>({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  name,
  choices,
}: FieldProps<Value> & { name: string; choices: readonly Choice<Value>[] }) {
  return (
    <RadioGroup
      {...common({ problem, className })}
      name={name}
      value={value}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Label className={labelStyle}>{label}</Label>
      <div className="flex flex-wrap gap-x-6">
        {choices.map((choice) => (
          <LibraryRadioField key={choice.value} value={choice.value}>
            <RadioButton className="flex min-h-8 cursor-pointer items-center gap-2.5 py-1 outline-none">
              {({ isSelected, isFocusVisible }) => (
                <>
                  <span
                    aria-hidden
                    className={`flex size-5 shrink-0 items-center justify-center rounded-full border bg-paper ${
                      isSelected ? 'border-brand' : 'border-edge'
                    } ${isFocusVisible ? 'outline-3 outline-offset-2 outline-brand' : ''}`}
                  >
                    {isSelected && <span className="size-2.5 rounded-full bg-brand" />}
                  </span>
                  {choice.label}
                </>
              )}
            </RadioButton>
          </LibraryRadioField>
        ))}
      </div>
      <Below hint={hint} problem={problem} />
    </RadioGroup>
  );
}

/** A whole number, 0 when nothing stands there. */
export function NumberField({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  ...more
}: FieldProps<number> & { name: string; minValue?: number; maxValue?: number }) {
  return (
    <LibraryNumberField
      {...common({ problem, className })}
      {...more}
      value={value}
      onChange={(number) => {
        onChange(Number.isNaN(number) ? 0 : number);
      }}
      formatOptions={{ maximumFractionDigits: 0, useGrouping: false }}
    >
      <Label className={labelStyle}>{label}</Label>
      <Input className={`${input} tabular-nums`} />
      <Below hint={hint} problem={problem} />
    </LibraryNumberField>
  );
}

/**
 * The names of date and time fields that are filled in half. They keep their last whole value meanwhile, which
 * is not what stands there for the eye.
 */
export function namesOfHalfFilled(form: HTMLElement): string[] {
  const parts = form.querySelectorAll('[role="spinbutton"][data-placeholder]');
  const names = [...parts].map((part) => part.closest<HTMLElement>('[data-field]')?.dataset.field);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The names of those date and time fields in which nothing stands at all. */
export function namesOfEmpty(form: HTMLElement): string[] {
  return namesOfHalfFilled(form).filter(
    (name) =>
      form.querySelector(`[data-field="${CSS.escape(name)}"] [role="spinbutton"]:not([data-placeholder])`) ===
      null,
  );
}

/** A wall clock's time as `HH:MM`, or empty while it is incomplete. */
export function TimeField({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  name,
}: FieldProps<string> & { name: string }) {
  // The same object while the value is the same: another one would put back what is being typed.
  const whole = useMemo(() => (value === '' ? null : parseTime(value)), [value]);
  return (
    <LibraryTimeField
      {...common({ problem, className })}
      name={name}
      data-field={name}
      hourCycle={24}
      shouldForceLeadingZeros
      value={whole}
      onChange={(time) => {
        onChange(time === null ? '' : time.toString().slice(0, 5));
      }}
    >
      <Label className={labelStyle}>{label}</Label>
      <DateInput className={box}>{(part) => <DateSegment segment={part} className={segment} />}</DateInput>
      <Below hint={hint} problem={problem} />
    </LibraryTimeField>
  );
}

/** A day as `YYYY-MM-DD`, typed or chosen from a calendar; empty while it is incomplete. */
export function DateField({
  label,
  hint,
  problem,
  value,
  onChange,
  className,
  name,
  words,
}: FieldProps<string> & { name: string; words: { open: string; previous: string; next: string } }) {
  const whole = useMemo(() => (value === '' ? null : parseDate(value)), [value]);
  return (
    <DatePicker
      {...common({ problem, className: `outline-none ${className ?? ''}` })}
      name={name}
      data-field={name}
      granularity="day"
      shouldForceLeadingZeros
      value={whole}
      onChange={(day) => {
        onChange(day === null ? '' : day.toString().slice(0, 10));
      }}
    >
      <Label className={labelStyle}>{label}</Label>
      <Group className={`${box} pr-1`}>
        <DateInput className="flex flex-1 outline-none">
          {(part) => <DateSegment segment={part} className={segment} />}
        </DateInput>
        <Button aria-label={words.open} className={buttonStyle({ kind: 'quiet', size: 'small' })}>
          <CalendarIcon aria-hidden className="size-4" />
        </Button>
      </Group>
      <Below hint={hint} problem={problem} />
      <Popover className="rounded-md border border-line bg-paper p-3 shadow-pop">
        <Dialog className="outline-none">
          <Calendar firstDayOfWeek="mon">
            <header className="mb-2 flex items-center justify-between">
              <Button
                slot="previous"
                aria-label={words.previous}
                className={buttonStyle({ kind: 'quiet', size: 'small' })}
              >
                <ChevronLeft aria-hidden className="size-4" />
              </Button>
              <Heading className="font-semibold" />
              <Button
                slot="next"
                aria-label={words.next}
                className={buttonStyle({ kind: 'quiet', size: 'small' })}
              >
                <ChevronRight aria-hidden className="size-4" />
              </Button>
            </header>
            <CalendarGrid weekdayStyle="short">
              <CalendarGridHeader>
                {(day) => (
                  <CalendarHeaderCell className="pb-1 text-sm font-normal text-quiet">
                    {day}
                  </CalendarHeaderCell>
                )}
              </CalendarGridHeader>
              <CalendarGridBody>
                {(date) => (
                  <CalendarCell
                    date={date}
                    className="flex size-9 cursor-pointer items-center justify-center rounded-sm tabular-nums data-[hovered]:bg-sunken data-[outside-month]:hidden data-[selected]:bg-brand data-[selected]:text-on-brand data-[today]:font-semibold data-[today]:underline"
                  />
                )}
              </CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}
