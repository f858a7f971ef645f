/** Why a document was not taken; `size` is what one may have at most. */
export const excuseFilesEn = {
  'excuse-file.refused.empty': 'This file is empty. Please choose another one.',
  'excuse-file.refused.wrong-type':
    'Inside, this is no PDF, JPEG, PNG or HEIC file. Please save it as a PDF, or take a photo of the page.',
  'excuse-file.refused.too-large':
    'This file is larger than {size}. Please choose a smaller one, or take a photo of the page.',
  'excuse-file.refused.too-many-pixels':
    'This picture is too large to be opened. Please take it again at a lower resolution.',
  'excuse-file.refused.unreadable':
    'This file cannot be read; it may be damaged. Please take the photo again, or save the file once more.',
  'excuse-file.refused.pdf-active':
    'This PDF holds programs or other files. Please print it as a PDF, or take a photo of the page.',
  'excuse-file.refused.pdf-locked':
    'This PDF is locked. Please save it without a password, or take a photo of the page.',
  'excuse-file.refused.broken': 'The upload broke off. Please try again; what you have written stays.',
  'excuse-file.refused.too-many':
    'You have uploaded a lot of files since yesterday. You can hand in without this one and add it tomorrow.',
} as const;
