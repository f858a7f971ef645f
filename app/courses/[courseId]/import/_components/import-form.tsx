'use client';

import { CircleCheck, Download, FileUp } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState, useTransition } from 'react';
import { Button, DropZone, FileTrigger, Label, Text, TextArea, TextField } from 'react-aria-components';
import type { FileDropItem } from 'react-aria-components';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { lostAnswer } from '../../../../_components/new-version.tsx';
import { importFile, previewFile } from '../actions.ts';
import type { ImportAnswer } from '../actions.ts';
import { ImportRows } from './import-rows.tsx';

/** What was chosen, kept in memory: the file on the disk may change or go meanwhile. */
interface Source {
  name: string;
  content: Blob;
}

type Answer = ImportAnswer | { kind: 'unreachable' };

/** Choose a file, look at what it would do, import what is ticked. Nothing that was chosen is lost on a refusal. */
export function ImportForm({
  courseId,
  maxBytes,
  sampleHref,
}: {
  courseId: string;
  maxBytes: number;
  sampleHref: string;
}) {
  const t = useTranslate();
  const [source, setSource] = useState<Source>();
  const [pasted, setPasted] = useState('');
  const [answer, setAnswer] = useState<Answer>();
  /** The last preview, which stays while an import of it is refused. */
  const [preview, setPreview] = useState<Extract<ImportAnswer, { kind: 'preview' }>>();
  const [isBusy, startWork] = useTransition();
  const answerBox = useRef<HTMLDivElement>(null);

  // After an answer, the keyboard stands where it is told.
  useEffect(() => {
    if (answer !== undefined) answerBox.current?.focus();
  }, [answer]);

  function take(next: Source) {
    setSource(next);
    setPreview(undefined);
    startWork(async () => {
      const form = new FormData();
      // What the server would refuse is not carried there: one byte too many is enough to be told so.
      form.set('file', next.content.slice(0, maxBytes + 1));
      show(await ask(() => previewFile(courseId, form)));
    });
  }

  async function takeFile(file: File) {
    take({ name: file.name, content: new Blob([await file.arrayBuffer()]) });
  }

  function run(marks: readonly string[]) {
    if (source === undefined) return;
    startWork(async () => {
      const form = new FormData();
      form.set('file', source.content);
      for (const mark of marks) form.append('mark', mark);
      show(await ask(() => importFile(courseId, form)));
    });
  }

  function show(next: Answer) {
    setAnswer(next);
    if (next.kind === 'preview') setPreview(next);
    if (next.kind === 'imported') setPreview(undefined);
  }

  function startAgain() {
    setAnswer(undefined);
    setPreview(undefined);
    setSource(undefined);
  }

  if (answer?.kind === 'imported') {
    return (
      <div
        ref={answerBox}
        role="status"
        tabIndex={-1}
        className="mt-4 rounded-md border border-line bg-sunken p-5"
      >
        <p className="flex items-center gap-2 text-lg font-semibold">
          <CircleCheck aria-hidden className="size-5 text-present" />
          {t('import.done.title')}
        </p>
        <p className="mt-1">{t('import.done', { made: answer.made, changed: answer.changed })}</p>
        {answer.recomputed > 0 && <p>{t('import.done.recomputed', { count: answer.recomputed })}</p>}
        <div className="mt-5 flex flex-wrap gap-3">
          <Link href={`/courses/${courseId}`} className={buttonStyle({ kind: 'primary' })}>
            {t('import.done.meetings')}
          </Link>
          <button type="button" onClick={startAgain} className={buttonStyle({ kind: 'second' })}>
            {t('import.done.more')}
          </button>
        </div>
      </div>
    );
  }

  return (
    <>
      {preview === undefined && <p className="max-w-2xl text-quiet">{t('import.lead')}</p>}
      <div ref={answerBox} tabIndex={-1} className="outline-none">
        {answer !== undefined && !isBusy && <Refusal answer={answer} />}
      </div>
      {preview === undefined || source === undefined ? (
        <>
          <DropZone
            className="mt-5 flex max-w-2xl flex-wrap items-center gap-x-4 gap-y-3 rounded-md border-2 border-dashed border-edge p-6 data-[drop-target]:border-brand data-[drop-target]:bg-brand-soft"
            getDropOperation={() => 'copy'}
            onDrop={(event) => {
              const file = event.items.find((item): item is FileDropItem => item.kind === 'file');
              if (file !== undefined) void file.getFile().then(takeFile);
            }}
          >
            <FileUp aria-hidden className="size-7 text-quiet" />
            <Text slot="label">{t('import.drop')}</Text>
            <FileTrigger
              acceptedFileTypes={['.ics', '.csv', '.txt', 'text/calendar', 'text/csv']}
              onSelect={(files) => {
                const file = files?.[0];
                if (file !== undefined) void takeFile(file);
              }}
            >
              <Button className={buttonStyle({ kind: 'primary' })} isDisabled={isBusy}>
                {t('import.choose')}
              </Button>
            </FileTrigger>
          </DropZone>
          <p aria-live="polite" className="mt-3 min-h-6 text-quiet">
            {isBusy && t('import.reading')}
          </p>
          <details className="max-w-2xl">
            <summary className="cursor-pointer py-1 font-medium text-brand">{t('import.paste')}</summary>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (!isBusy) take({ name: t('import.pasted'), content: new Blob([pasted]) });
              }}
            >
              <TextField value={pasted} onChange={setPasted} className="mt-2">
                <Label className="mb-1 block font-medium">{t('import.paste.label')}</Label>
                <TextArea
                  rows={8}
                  spellCheck={false}
                  className="w-full rounded-sm border border-edge bg-paper px-3 py-2 font-mono text-sm"
                />
              </TextField>
              <button
                type="submit"
                aria-disabled={isBusy}
                className={`mt-3 ${buttonStyle({ kind: 'second' })}`}
              >
                {t('import.paste.go')}
              </button>
            </form>
          </details>
          <p className="mt-6 max-w-2xl text-quiet">{t('import.columns')}</p>
          <a
            href={sampleHref}
            download
            className="mt-1 inline-flex items-center gap-2 py-1 text-brand underline"
          >
            <Download aria-hidden className="size-4" />
            {t('import.sample')}
          </a>
        </>
      ) : (
        <ImportRows
          // Another preview begins with its own ticks.
          key={preview.preview.rows.map(({ mark }) => mark).join()}
          preview={preview.preview}
          from={source.name}
          isBusy={isBusy}
          onImport={run}
          onOther={startAgain}
        />
      )}
    </>
  );
}

async function ask(act: () => Promise<ImportAnswer>): Promise<Answer> {
  try {
    return await act();
  } catch {
    return { kind: 'unreachable' };
  }
}

/** Why nothing was read or imported, in words. */
function Refusal({ answer }: { answer: Answer }) {
  const t = useTranslate();
  if (answer.kind === 'imported' || (answer.kind === 'preview' && !answer.isOutdated)) return null;
  return (
    <div role="alert" className="mt-4 max-w-2xl rounded-md border border-danger bg-danger-soft p-4">
      {answer.kind === 'unreadable' && <p>{answer.sentence}</p>}
      {answer.kind === 'preview' && <p>{t('import.outdated')}</p>}
      {answer.kind === 'unreachable' && <p>{t(lostAnswer('import.unreachable'))}</p>}
      {answer.kind === 'refused' && (
        <>
          <p className="font-semibold">{t(`errors.${answer.code}.title`)}</p>
          <p>{t('import.failed')}</p>
          <p>{t(`errors.${answer.code}.todo`)}</p>
        </>
      )}
    </div>
  );
}
