/** Where a course asks phones how far they are from the room. */
export const whereaboutsEn = {
  'phone.where.ask': 'Share how far you are from the room?',
  'phone.where.looking': 'Your phone is looking…',
  'phone.where.found': 'Found. Only the distance is kept.',
  'phone.where.failed': 'Your phone does not tell. You can check in all the same.',
  'phone.where.why': 'Why am I asked?',
  'phone.where.because':
    'So that your teacher can see that you are near. Kept are only the metres to the room; where you are is thrown away at once. It is up to you: without the tick your check-in counts just the same.',
} as const;
