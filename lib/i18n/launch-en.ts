/** Pages between the learning platform and the tool: signing in, placing links, registering. */
export const launchEn = {
  'launch.opening': 'Attendance is opening…',
  'launch.continue': 'Continue',
  'launch.new-tab.title': 'Attendance opens in a tab of its own',
  'launch.new-tab.why':
    'This browser lets no page keep a sign-in inside another page. In its own tab everything works as usual.',
  'launch.new-tab.go': 'Open Attendance',
  'launch.nothing-kept.title': 'This browser keeps nothing for this page',
  'launch.nothing-kept.todo':
    'To sign in, Attendance needs one cookie. Allow cookies for this page, or use another browser; then open Attendance again from your course.',
  'launch.needs-script':
    'This browser runs no scripts here and keeps no cookie inside other pages. Allow one of them, or use another browser.',

  'link.title': 'What should the link open?',
  'link.lead': 'With it, students see their own attendance, teachers that of the course.',
  'link.course': 'Attendance of this course',
  'link.coming': 'Coming meetings',
  'link.past': 'Past meetings',
  'link.none': 'There are no meetings yet. Once they are planned, you can link to each of them.',
  'link.more': 'Only the nearest meetings are listed here.',
  'link.go': 'Place the link',
  'link.cancel': 'Cancel',
  'link.placed': 'The link is on its way to your course…',

  'connect.title': 'Connect Attendance to {host}?',
  'connect.lead': 'Attendance registers itself with this learning platform and asks for:',
  'connect.asks.members': 'the members of a course, with names and sections, so that the list is complete',
  'connect.asks.grades':
    'gradebook columns of its own, so that attendance can count there if teachers want it',
  'connect.asks.links': 'an entry in the course navigation, and links to single meetings',
  'connect.go': 'Connect',
  'connect.done.title': 'Attendance is connected',
  'connect.done.platform': 'Platform',
  'connect.done.client': 'Client id',
  'connect.done.next.canvas':
    'Next: close this page, look at the settings in Canvas, turn the app on and install it for your account. Then open Attendance in a course.',
  'connect.done.next.other':
    'Next: close this page and activate the tool in your platform. Then teachers can add it to their courses.',
  'connect.done.close': 'Close',
  'connect.done.closed': 'You can leave this page now.',
} as const;
