/** Remembered phones: on the phone, among the student's own things, and for those who take attendance. */
export const devicesEn = {
  'phone.remember.title': 'Is this your own phone?',
  'phone.remember.lead':
    'Then one tap is enough next time, until the term ends. Do not press this on a shared or borrowed device.',
  'phone.remember.scanned-elsewhere':
    'You had scanned in another browser than this one. One tap is enough where scans open in this one.',
  'phone.remember.go': 'This is my phone',
  'phone.remember.done': 'This phone is remembered: next time one tap is enough.',
  'phone.remember.elsewhere': 'Your own phone can be remembered: then one tap is enough next time.',
  'phone.remember.refused.title': 'Only phones and tablets are remembered',
  'phone.remember.refused.lead':
    'This browser says that it runs on a computer, and somebody else may use that after you. Your check-in stands.',
  'phone.remember.refused.go': 'Back to the check-in',

  'mine.phones.title': 'My phones',
  'mine.phones.lead': 'With these you check in with one tap. The code on the wall is needed each time.',
  'mine.phones.none':
    'No phone is remembered. After your next check-in with your phone, press “This is my phone”.',
  'mine.phones.forget': 'Forget',
  'mine.phones.forgotten':
    '{phone} is not remembered any more. You sign in there at the next check-in, and can say again that it is yours.',

  'member-phones.forget': 'Revoke',
  'member-phones.forgotten':
    '{phone} is not remembered any more: the next check-in with it asks for the sign-in.',
  'members.phones.title': 'Remembered phones',
  'members.phones.lead':
    'With these, one tap and the code on the wall are enough. Revoke one that was lost, or that is in other hands.',
  'members.phones.none': 'No phone is remembered: every check-in asks for the sign-in.',

  'phones.forget-one': '{action}: {phone}',
  'phones.nameless': 'Phone',
  'phones.since': 'remembered since {day}',
  'phones.used': 'last used {when}',
  'phones.unused': 'not used yet',
} as const;
