/** The most time that somebody can be given more at the check-in; the database holds to it too. */
export const mostExtraMinutes = 15;
