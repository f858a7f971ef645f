/** An open page, after the tool was renewed. */
export const releaseEn = {
  'release.new': 'A new version is there.',
  'release.kept': 'Nothing was changed just now. What you entered stays here until you reload.',
  'release.lost':
    'A new version is there. Nothing was changed just now; what you entered stays here until you reload the page.',
  'release.todo': 'This page is still of the old one. Reload, and go on.',
  'release.reload': 'Reload',
};
