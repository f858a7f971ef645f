/** A plain PDF of one page, red all over; `bytes` long, where that is said. */
export function pdfDocument(bytes?: number): Buffer<ArrayBuffer> {
  const page = '1 0 0 rg 0 0 600 800 re f\n';
  const lengthOf = (padding: number) => build(page, padding).length;
  if (bytes === undefined) return build(page, 0);
  // The more padding, the more digits say so: a few steps find the length.
  let padding = bytes - lengthOf(0);
  while (lengthOf(padding) > bytes) padding -= lengthOf(padding) - bytes;
  const document = build(page, padding);
  if (document.length !== bytes)
    return Buffer.concat([document, Buffer.from('\n'.repeat(bytes - document.length))]);
  return document;
}

function build(page: string, padding: number): Buffer<ArrayBuffer> {
  const content = page + ' '.repeat(padding);
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>',
    `<</Length ${String(content.length)}>>\nstream\n${content}\nendstream`,
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${String(index + 1)} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const count = String(objects.length + 1);
  const table = text.length;
  text += `xref\n0 ${count}\n0000000000 65535 f \n${offsets.join('')}`;
  text += `trailer\n<</Size ${count}/Root 1 0 R>>\nstartxref\n${String(table)}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
