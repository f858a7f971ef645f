import type { settingsEn } from './settings-en.ts';

export const settingsDe: Record<keyof typeof settingsEn, string> = {
  'settings.title': 'Einstellungen',
  'settings.lead':
    'So zählt dieser Kurs die Anwesenheit. Während Sie etwas ändern, sehen Sie, wen es betrifft; es gilt erst, wenn Sie speichern.',
  'settings.read-only':
    'Sie können diese Einstellungen ansehen. Ändern können sie nur die Lehrenden dieses Kurses.',

  'settings.group.presence': 'Da sein',
  'settings.group.check-in': 'Check-in und Check-out',
  'settings.group.evidence': 'Weitere Hinweise, wenn Sie möchten',
  'settings.evidence.lead':
    'Beides ist aus, solange Sie nichts eintragen. Es gibt Ihnen nur einen Anlass, hinzusehen: Niemand wird dadurch vom Check-in abgehalten, niemand gilt dadurch als abwesend.',
  'settings.group.counting': 'Zählen',
  'settings.group.mails': 'Mails',
  'settings.group.assistants': 'Assistenzen',
  'settings.assistants.teachers-only': 'Was Assistenzen dürfen, bestimmen die Lehrenden.',

  'settings.graceMinutes':
    'Wer höchstens {field} {count, plural, one {Minute} other {Minuten}} später kommt oder früher geht, war von Anfang bis Ende da. Wer danach kommt, ist verspätet.',
  'settings.graceMinutes.label': 'Toleranz am Anfang und am Ende, in Minuten',
  'settings.absentAfterMinutes':
    'Wer mehr als {field} {count, plural, one {Minute} other {Minuten}} nach Beginn kommt, ist abwesend. Die Minuten zählen trotzdem.',
  'settings.absentAfterMinutes.label': 'Abwesend nach so vielen Minuten',
  'settings.autoAbsent':
    'Wird eine Anwesenheitsliste abgeschlossen, ist abwesend, wer noch nicht erfasst ist.',
  'settings.autoAbsent.label': 'Abwesend beim Abschließen der Liste',
  'settings.excusedCounts': 'Entschuldigte Zeit {field}.',
  'settings.excusedCounts.label': 'Wie entschuldigte Zeit zählt',
  'settings.excusedCounts.exempt': 'zählt nicht',
  'settings.excusedCounts.absent': 'zählt als versäumt',
  'settings.excusedCounts.present': 'zählt als besucht',
  'settings.rateBy': 'Die Quote zählt {field}.',
  'settings.rateBy.label': 'Was die Quote zählt',
  'settings.rateBy.minutes': 'Minuten',
  'settings.rateBy.meetings': 'Termine',
  'settings.requiredPercent': 'Mindestens {field} % sind verlangt.',
  'settings.requiredPercent.label': 'Verlangte Quote, in Prozent',
  'settings.warnPercent': 'Unter {field} % wird jemand als gefährdet gezeigt.',
  'settings.warnPercent.label': 'Gefährdet unter dieser Quote, in Prozent',
  'settings.roundingMinutes': 'Minuten zählen {field}.',
  'settings.roundingMinutes.label': 'Wie Minuten gerundet werden',
  'settings.roundingMinutes.0': 'wie nachgewiesen',
  'settings.roundingMinutes.5': 'in 5er-Schritten, abgerundet',
  'settings.roundingMinutes.15': 'in 15er-Schritten, abgerundet',
  'settings.lessonUnitMinutes': 'Eine Unterrichtseinheit (UE) hat {field} Minuten.',
  'settings.lessonUnitMinutes.label': 'Länge einer Unterrichtseinheit',
  'settings.lessonUnitMinutes.45': '45',
  'settings.lessonUnitMinutes.60': '60',
  'settings.lateArrivalsCountFrom': 'Wer später in den Kurs kommt, wird {field} erwartet.',
  'settings.lateArrivalsCountFrom.label': 'Ab wann spätere Teilnehmende erwartet werden',
  'settings.lateArrivalsCountFrom.first-seen': 'ab dem ersten Tag auf der Liste',
  'settings.lateArrivalsCountFrom.course-start': 'ab Kursbeginn',
  'settings.lateArrivalsCountFrom.hint': 'Das gilt für alle, die von jetzt an dazukommen.',
  'settings.checkOutRequired': 'Ein Check-out ist {field}.',
  'settings.checkOutRequired.label': 'Ob ein Check-out nötig ist',
  'settings.checkOutRequired.false': 'nicht nötig',
  'settings.checkOutRequired.true': 'nötig',
  'settings.checkOutRequired.hint':
    'Wo er nötig ist, zählen die Minuten vom Check-in bis zum Check-out. Wer nicht auscheckt, hat keine Minuten, bis Sie entscheiden; in der Liste steht „Check-out fehlt“. Das gilt auch für vergangene Termine.',
  'settings.codeSeconds': 'Alle {field} {count, plural, one {Sekunde} other {Sekunden}} ein neuer Code.',
  'settings.codeSeconds.label': 'Sekunden bis zum nächsten Code',
  'settings.codeSeconds.hint':
    'Das gilt für Check-ins, die ab jetzt gestartet werden. Je kürzer, desto schwerer lässt er sich weitergeben; je länger, desto leichter lässt er sich scannen.',
  'settings.allowedNetworks': 'Check-ins werden aus diesen Netzen erwartet: {field}',
  'settings.allowedNetworks.label': 'Erwartete Netze',
  'settings.allowedNetworks.any': 'alle',
  'settings.allowedNetworks.hint':
    'Zum Beispiel 192.0.2.0/24 oder 2001:db8::/32, durch Leerzeichen getrennt; leer: alle. Handys mit mobilen Daten kommen von woanders, auch im Raum. Gespeichert wird nur, ob es eines davon war, nie die Adresse.',
  'settings.allowedNetworks.own': 'Ihre eigene Adresse gerade: {address}.',
  'settings.roomPosition':
    'Handys fragen, wer den Abstand zum Raum mitteilen möchte. Der Raum liegt bei {field}',
  'settings.roomPosition.label': 'Lage des Raums, Breite und Länge',
  'settings.roomPosition.off': 'wird nicht gefragt',
  'settings.roomPosition.hint':
    'Wie eine Karte sie zeigt, zum Beispiel 52.52003, 13.40495. Niemand muss etwas mitteilen: Der Check-in ist ohne genau derselbe. Gespeichert werden die Meter, nie der Ort. In Gebäuden irren sich Handys um hundert Meter und mehr. Nach einer Anmeldung fragen sie nicht.',
  'settings.roomPosition.locate': 'Meinen jetzigen Standort nehmen',
  'settings.roomPosition.looking': 'Wird gesucht …',
  'settings.roomPosition.found': 'Gefunden, auf {meters} m genau.',
  'settings.roomPosition.failed':
    'Ihr Browser hat es nicht verraten. Erlauben Sie es ihm, oder tragen Sie die Lage ein, wie eine Karte sie zeigt.',
  'settings.roomRadiusMeters':
    'Bis zu {field} {count, plural, one {Meter} other {Meter}} davon entfernt gilt als nah.',
  'settings.roomRadiusMeters.label': 'Bis wohin es nah ist, in Metern',
  'settings.assistantsMayMark':
    'Assistenzen dürfen Termine planen, Check-ins starten und Anwesenheit erfassen.',
  'settings.assistantsMayMark.label': 'Assistenzen erfassen Anwesenheit',
  'settings.assistantsMaySeeExcuses': 'Assistenzen dürfen Entschuldigungen sehen.',
  'settings.assistantsMaySeeExcuses.label': 'Assistenzen sehen Entschuldigungen',
  'settings.assistantsMayChangeSettings': 'Assistenzen dürfen Teilnehmende und diese Einstellungen ändern.',
  'settings.assistantsMayChangeSettings.label': 'Assistenzen ändern Teilnehmende und Einstellungen',
  'settings.mails.lead':
    'In der Sprache der jeweiligen Person. Wer eine Art nicht möchte, bestellt sie über einen Link in der Mail ab.',
  'settings.mails.no-server':
    'Es ist kein Mailserver eingerichtet: Es wird nichts verschickt, was auch immer hier gewählt ist. Wer dieses Werkzeug betreibt, kann einen einrichten (SMTP_URL).',
  'settings.mailExcuses':
    'Teilnehmende bekommen eine Mail, wenn über ihre Entschuldigung entschieden ist, Lehrende, wenn Entschuldigungen warten (höchstens eine in drei Stunden).',
  'settings.mailExcuses.label': 'Mails zu Entschuldigungen',
  'settings.mailAbsences':
    'Teilnehmende bekommen eine Mail, einige Stunden nachdem sie als abwesend eingetragen wurden.',
  'settings.mailAbsences.label': 'Mails zu Abwesenheiten',
  'settings.mailRateBelow':
    'Teilnehmende bekommen ein einziges Mal eine Mail, wenn ihre Quote unter die verlangte fällt (ab ihrem dritten Termin).',
  'settings.mailRateBelow.label': 'Mail bei niedriger Quote',
  'settings.yes': 'ja',
  'settings.no': 'nein',
  'settings.never': 'nie',

  'settings.differs': 'Ihre Einrichtung: {value}.',
  'settings.as-institution': 'Wie die Einrichtung',
  'settings.as-institution.spoken': '{field}: wie die Einrichtung',

  'settings.problem.graceMinutes': 'Bitte ganze Minuten von 0 bis 60.',
  'settings.problem.absentAfterMinutes': 'Bitte ganze Minuten von 1 bis 600.',
  'settings.problem.absent-within-grace':
    'Das müssen mehr sein als die Minuten, die noch als da gewesen gelten.',
  'settings.problem.requiredPercent': 'Bitte ganze Prozent von 0 bis 100.',
  'settings.problem.warnPercent': 'Bitte ganze Prozent von 1 bis 100.',
  'settings.problem.warn-not-above':
    'Das muss mehr sein als die verlangte Quote, sonst würde niemand gewarnt.',
  'settings.problem.codeSeconds': 'Bitte ganze Sekunden von 5 bis 60.',
  'settings.problem.allowedNetworks':
    '„{entry}“ ist kein Netz, oder es sind mehr als fünfzig. Bitte so: 192.0.2.0/24 oder 2001:db8::/32, durch Leerzeichen getrennt.',
  'settings.problem.roomPosition': 'Bitte Breite und Länge in Grad, zum Beispiel 52.52003, 13.40495.',
  'settings.problem.roomRadiusMeters': 'Bitte ganze Meter von 10 bis 10000.',
  'settings.problem.choice': 'Bitte wählen Sie einen der Werte.',

  'settings.save': 'Speichern',
  'settings.as-before': 'Wie vorher',
  'settings.undo': 'Rückgängig',
  'settings.saved.records':
    'Gespeichert. {count, plural, =0 {Kein Eintrag hat sich geändert.} one {# Eintrag wurde neu beurteilt.} other {# Einträge wurden neu beurteilt.}}',
  'settings.undone': 'Rückgängig gemacht: Alles ist wie vorher.',
  'settings.conflict.title': 'Jemand anderes hat diese Einstellungen inzwischen geändert',

  'settings.preview.title': 'Was sich ändern würde',
  'settings.preview.idle': 'Ändern Sie etwas, und hier steht, wen es betrifft.',
  'settings.preview.loading': 'Wird gezählt …',
  'settings.preview.invalid': 'Bitte sehen Sie zuerst die markierten Felder an.',
  'settings.preview.failed': 'Die Vorschau kam nicht an. Es wurde nichts geändert.',
  'settings.preview.retry': 'Erneut versuchen',
  'settings.preview.nobody': 'Damit ändert sich für niemanden etwas.',
  'settings.preview.nobody.lead': 'Kein Eintrag, keine Quote und kein Stand würde etwas anderes sagen.',
  'settings.preview.count': 'Damit ändert sich bei {count} von {students} Teilnehmenden etwas.',
  'settings.preview.change': '{before} → {after}',
  'settings.preview.open': 'Check-out fehlt',
  'settings.preview.no-longer-open': 'Check-out fehlt nicht mehr',
  'settings.preview.no-rate': 'noch keine Quote',
  'settings.preview.hardly': '{rate}, kaum verändert',
  'settings.preview.standing.below': 'jetzt unter {percent} %',
  'settings.preview.standing.at-risk': 'jetzt gefährdet',
  'settings.preview.standing.fine': 'jetzt ausreichend',
  'settings.preview.standing.none': 'jetzt ohne Quote',
  'settings.preview.record': '{change} am {day}',
  'settings.preview.more-records':
    '{count, plural, one {und # weiterer Termin} other {und # weitere Termine}}',
  'settings.preview.show-all': 'Alle {count} zeigen',
  'settings.preview.more-members':
    '{count, plural, one {und # weitere Person} other {und # weitere Personen}}',

  'settings.zone.title': 'Zeitzone',
  'settings.zone.lead':
    'Neue Termine werden in dieser Zone geplant. Bereits geplante behalten ihre: Was um 09:00 Uhr beginnt, beginnt weiter um 09:00 Uhr.',
  'settings.zone.label': 'Zeitzone des Kurses',
  'settings.zone.open': 'Zonen zeigen',
  'settings.zone.none': 'So heißt keine Zone.',
  'settings.zone.save': 'Zeitzone speichern',
  'settings.zone.saved': 'Gespeichert. Neue Termine werden in {zone} geplant.',
  'settings.zone.problem':
    'Bitte wählen Sie eine Zone aus der Liste, zum Beispiel Europe/Berlin. Es wurde nichts geändert.',
  'settings.zone.conflict':
    'Jemand anderes hat inzwischen {zone} gesetzt. Es wurde nichts überschrieben: Wählen Sie neu, wenn Sie eine andere möchten.',

  'settings.more': 'Mehr',
  'settings.history': 'Alles, was in diesem Kurs geändert wurde',
};
