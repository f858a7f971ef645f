import type { reviewsEn } from './reviews-en.ts';

export const reviewsDe: Record<keyof typeof reviewsEn, string> = {
  'review.title': 'Check-ins prüfen',
  'review.lead':
    'Was hier auffällt, kann harmlos sein. Von selbst wird niemandem etwas genommen: Sie entscheiden, und Sie können es rückgängig machen.',
  'review.back': 'Anwesenheitsliste',
  'review.none.title': 'Nichts fällt auf',
  'review.none.lead': 'Kein Check-in dieses Termins braucht einen zweiten Blick.',
  'review.none-left.title': 'Alles angesehen',
  'review.none-left.lead': 'Über alles, was auffiel, ist entschieden.',
  'review.open': 'Anzusehen',
  'review.ask': 'Nachzufragen',
  'review.done': 'Entschieden ({count})',
  'review.more-cards':
    '{count, plural, one {# weiterer folgt} other {# weitere folgen}}, wenn diese entschieden sind.',
  'review.people': '{count, plural, one {# Person} other {# Personen}}',
  'review.innocent': 'Das kann harmlos sein: {example}',

  'review.shared-phone.title': 'Ein Handy hat {count} Personen eingecheckt',
  'review.shared-phone.what': 'Alle diese Check-ins wurden im selben Browser bestätigt.',
  'review.shared-phone.innocent':
    'Ein Akku war leer und jemand hat ausgeholfen, oder ein Tablet ging durch die Reihen.',
  'review.passed-on.title': 'Ein Scan wurde weitergegeben',
  'review.passed-on.title-of': 'Ein Scan von {name} wurde weitergegeben',
  'review.passed-on.what':
    'Der Code wurde mit einem Handy gescannt, und andere haben den Check-in anderswo abgeschlossen.',
  'review.passed-on.innocent':
    'Eine Kamera war kaputt, und die Nachbarin hat gescannt und den Link geschickt.',
  'review.other-persons-phone.title': 'Mit dem Handy einer anderen Person eingecheckt',
  'review.other-persons-phone.what': 'Das Handy ist als das einer anderen Person gemerkt.',
  'review.other-persons-phone.innocent': 'Ein Handy lag zu Hause, und jemand hat seines geliehen.',
  'review.far-away.title': 'Weit weg vom Raum',
  'review.far-away.what':
    'Das Handy hat eine Entfernung mitgeteilt, die größer ist, als dieser Kurs erwartet.',
  'review.far-away.innocent': 'Handys irren sich oft über ihren Ort, vor allem in Gebäuden.',
  'review.outside-network.title': 'Von außerhalb der erwarteten Netze',
  'review.outside-network.what': 'Der Check-in kam nicht über ein Netz, das dieser Kurs erwartet.',
  'review.outside-network.innocent': 'Mobile Daten, oder das Handy hatte das WLAN verloren.',
  'review.no-check-in.title': 'Check-out ohne Check-in',
  'review.no-check-in.what': 'Ein Check-out allein belegt keine Zeit.',
  'review.no-check-in.innocent':
    'Der Check-in wurde beim Kommen verpasst. Die Zeiten können Sie in der Anwesenheitsliste eintragen.',
  'review.wrong-codes.title': 'Viele falsche Codes',
  'review.wrong-codes.what': 'Jemand hat Codes eingetippt, die nicht an der Wand standen.',
  'review.wrong-codes.innocent': 'Der Code war aus der letzten Reihe schlecht zu lesen.',
  'review.other-browser.title': 'In einem Browser gescannt, in einem anderen abgeschlossen',
  'review.other-browser.what':
    'Der Check-in wurde in einem anderen Browser abgeschlossen als dem, der gescannt hat.',
  'review.other-browser.innocent':
    'Die Scan-App öffnet einen eigenen Browser, oder Cookies wurden gelöscht. Das kommt oft vor.',
  'review.old-code.title': 'Der Code war schon von der Wand verschwunden',
  'review.old-code.what': 'Er galt noch, war aber älter als die Codes fast aller anderen.',
  'review.old-code.innocent': 'Eine langsame Verbindung.',
  'review.alone-in-network.title': 'Allein in einem Netz',
  'review.alone-in-network.what': 'Fast alle kamen über dasselbe Netz, diese über ein anderes.',
  'review.alone-in-network.innocent': 'Mobile Daten sind normal.',
  'review.no-check-out.title': 'Nicht ausgecheckt',
  'review.no-check-out.what': 'Ein Check-out ist hier nötig, und andere haben ausgecheckt.',
  'review.no-check-out.innocent':
    'Er wurde im Aufbruch vergessen. Die Zeit können Sie in der Anwesenheitsliste eintragen.',
  'review.by-hand.title': 'Ohne Hinweis entschieden',
  'review.by-hand.what':
    'Jemand, der den Kurs betreut, hat das entschieden, zum Beispiel nach einer Stichprobe.',

  'review.fact.in': 'gekommen {time}',
  'review.fact.out': 'gegangen {time}',
  'review.fact.tried': 'versucht {time}, abgelehnt',
  'review.fact.guesses': '{count, plural, one {# falscher Code} other {# falsche Codes}}, zuletzt {time}',
  'review.fact.code-age': 'Code {seconds} s alt',
  'review.fact.distance': '{distance} entfernt',
  'review.fact.entered': 'In der Anwesenheitsliste steht „{status}“, von Hand eingetragen: Das bleibt so.',
  'review.fact.by-helper': 'von Lehrenden eingetragen',

  'review.spot.title': 'Stichprobe',
  'review.spot.lead':
    'Rufen Sie einige auf, die das Los bestimmt. Daraus, wie viele fehlen, folgt, wie viele Check-ins falsch sein können.',
  'review.spot.nobody':
    'Gerade ist niemand durch einen eigenen Check-in im Raum, also gibt es niemanden aufzurufen.',
  'review.spot.going-on':
    '{count, plural, one {Rufen Sie diese Person auf, und haken Sie ab, ob sie da ist} other {Rufen Sie diese # auf, und haken Sie ab, wer da ist}}',
  'review.spot.ended': 'Um {time}: {missing} von {called} nicht da',
  'review.spot.range':
    'Von {checkedIn, plural, one {dem # Check-in} other {den # Check-ins}} zu dieser Zeit können zwischen {low} und {high} falsch sein.',
  'review.spot.known':
    'Alle, die zu dieser Zeit eingecheckt waren, wurden aufgerufen: Von {checkedIn, plural, one {dem # Check-in} other {den # Check-ins}} können höchstens {high} falsch sein.',
  'review.spot.range.note':
    'In 95 von 100 solchen Stichproben liegt der wahre Anteil in diesem Bereich. Je mehr Namen Sie aufrufen, desto enger wird er.',
  'review.spot.course': 'Alle {count} Stichproben dieses Kurses zusammen: {missing} von {called} nicht da',
  'review.spot.course.range':
    'Im Durchschnitt dieser Stichproben können zwischen {low} und {high} der Check-ins falsch sein.',
  'review.spot.missing': 'Beim Aufruf nicht da',
  'review.spot.missing.lead': 'Auch das kann harmlos sein: Jemand war gerade hinausgegangen.',
  'review.spot.all-there': 'Alle waren da.',
  'review.spot.bar': 'Zwischen {low} und {high}',

  'reviewing.fine': 'In Ordnung',
  'reviewing.ask': 'Nachfragen',
  'reviewing.set-aside': 'Zählt nicht',
  'reviewing.of': '{what}: {name}',
  'reviewing.all-fine': 'Alle in Ordnung',
  'reviewing.undo': 'Rückgängig',
  'reviewing.close': 'Schließen',
  'reviewing.is.fine': 'in Ordnung',
  'reviewing.is.ask': 'nachzufragen',
  'reviewing.is.set-aside': 'zählt nicht',
  'reviewing.said.fine': '{names}: in Ordnung',
  'reviewing.said.ask': '{names}: nachzufragen',
  'reviewing.said.set-aside': '{names}: zählt nicht',
  'reviewing.said.undone': '{names}: rückgängig gemacht',
  'reviewing.said.many': '{count} Personen',
  'reviewing.failed':
    'Der Server ist nicht zu erreichen. Versuchen Sie es gleich noch einmal; zweimal schadet nicht.',

  'spot.size': 'Wie viele Namen',
  'spot.start': 'Namen ziehen',
  'spot.left': 'ausgecheckt um {time}',
  'spot.end': 'Fertig',
  'spot.end.hint': 'Wer nicht abgehakt ist, war nicht da.',
  'spot.drop': 'Stichprobe verwerfen',
  'spot.correct': 'Korrigieren',
  'spot.mark-absent': 'Abwesend eintragen',
  'spot.changed': 'Das hat inzwischen jemand anders geändert. Was Sie jetzt sehen, steht da.',
  'spot.nobody': 'Gerade ist niemand durch einen eigenen Check-in im Raum.',

  'register.review': 'Prüfen und Stichprobe',
  'register.review.flags':
    '{count, plural, one {# Check-in verdient einen Blick} other {# Check-ins verdienen einen Blick}}',
};
