'use client';

import { ChevronDown } from 'lucide-react';
import { Button, Input, Select, SelectValue, TextField } from 'react-aria-components';
import { Choices } from '../../../../_components/fields.tsx';

const box =
  'mx-0.5 inline-flex min-h-7 items-center rounded-sm border border-edge bg-paper px-2 leading-6 font-medium ' +
  'data-[disabled]:border-line data-[disabled]:bg-sunken data-[invalid]:border-danger';

interface InlineProps<Value> {
  name: string;
  /** What the field is, for whoever does not see the sentence around it. */
  label: string;
  /** The ids of the sentence, and of what is wrong. */
  describedBy: string;
  isDisabled: boolean;
  value: Value;
  onChange: (value: Value) => void;
}

/** What is typed within a sentence, and kept so: a whole number of a few digits, or a longer text. */
export function InlineText({
  label,
  describedBy,
  isInvalid,
  isNumber,
  ...field
}: InlineProps<string> & { isInvalid: boolean; isNumber: boolean }) {
  return (
    <TextField
      {...field}
      aria-label={label}
      aria-describedby={describedBy}
      isInvalid={isInvalid}
      validationBehavior="aria"
      className="inline-block"
    >
      <Input
        inputMode={isNumber ? 'numeric' : 'text'}
        autoComplete="off"
        spellCheck={false}
        maxLength={isNumber ? 6 : 60}
        className={`${box} tabular-nums ${isNumber ? 'w-14 text-center' : 'w-48 max-w-full'}`}
      />
    </TextField>
  );
}

/** One of a few words within a sentence. */
export function InlineSelect<Value extends string>({
  label,
  describedBy,
  choices,
  onChange,
  ...field
}: InlineProps<Value> & { choices: readonly { value: Value; label: string }[] }) {
  return (
    <Select
      {...field}
      aria-label={label}
      aria-describedby={describedBy}
      className="inline-block max-w-full"
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      <Button className={`${box} max-w-full gap-1.5 text-left`}>
        <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden className="size-4 shrink-0" />
      </Button>
      <Choices choices={choices} />
    </Select>
  );
}
