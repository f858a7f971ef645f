export interface ButtonLook {
  /** One primary a screen; `danger` ends or takes away. */
  kind: 'primary' | 'second' | 'quiet' | 'danger';
  size?: 'small' | 'large';
}

const base =
  'inline-flex items-center justify-center gap-2 rounded-sm border font-medium no-underline select-none ' +
  'disabled:cursor-default disabled:opacity-55 data-[disabled]:cursor-default data-[disabled]:opacity-55';

const kinds: Record<ButtonLook['kind'], string> = {
  primary: 'border-transparent bg-brand text-on-brand hover:brightness-110 active:brightness-95',
  second: 'border-edge bg-paper text-ink hover:bg-sunken active:bg-line',
  quiet: 'border-transparent bg-transparent text-brand hover:bg-brand-soft active:bg-brand-soft',
  danger: 'border-danger bg-paper text-danger hover:bg-danger-soft active:bg-danger-soft',
};

const sizes = {
  small: 'min-h-8 px-2.5 py-1 text-sm',
  normal: 'min-h-10 px-4 py-2 text-base',
  large: 'min-h-12 px-6 py-3 text-lg',
};

/** The look of what is pressed: class names for `<button>`, `<a>` and the library's Button alike. */
export function buttonStyle({ kind, size }: ButtonLook): string {
  return `${base} ${kinds[kind]} ${sizes[size ?? 'normal']}`;
}
