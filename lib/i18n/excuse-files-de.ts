import type { excuseFilesEn } from './excuse-files-en.ts';

export const excuseFilesDe: Record<keyof typeof excuseFilesEn, string> = {
  'excuse-file.refused.empty': 'Diese Datei ist leer. Bitte wähle eine andere.',
  'excuse-file.refused.wrong-type':
    'In dieser Datei steckt kein PDF, JPEG, PNG oder HEIC. Bitte speichere sie als PDF, oder fotografiere die Seite.',
  'excuse-file.refused.too-large':
    'Diese Datei ist größer als {size}. Bitte wähle eine kleinere, oder fotografiere die Seite.',
  'excuse-file.refused.too-many-pixels':
    'Dieses Bild ist zu groß, um es zu öffnen. Bitte nimm es mit geringerer Auflösung noch einmal auf.',
  'excuse-file.refused.unreadable':
    'Diese Datei ist nicht lesbar, vielleicht beschädigt. Bitte fotografiere noch einmal, oder speichere die Datei neu.',
  'excuse-file.refused.pdf-active':
    'In diesem PDF stecken Programme oder andere Dateien. Bitte drucke es als PDF, oder fotografiere die Seite.',
  'excuse-file.refused.pdf-locked':
    'Dieses PDF ist gesperrt. Bitte speichere es ohne Passwort, oder fotografiere die Seite.',
  'excuse-file.refused.broken':
    'Das Hochladen ist abgebrochen. Bitte versuche es noch einmal; was du geschrieben hast, bleibt.',
  'excuse-file.refused.too-many':
    'Du hast seit gestern sehr viele Dateien hochgeladen. Du kannst ohne diese einreichen und sie morgen nachreichen.',
};
