import type { problemsEn } from './problems-en.ts';

/** Who reads a problem is not known yet, so these sentences address neither "du" nor "Sie". */
export const problemsDe: Record<keyof typeof problemsEn, string> = {
  'problem.request-id': 'Nummer dieses Ereignisses, falls jemand helfen soll:',
  'problem.retry': 'Erneut versuchen',

  'errors.not-signed-in.title': 'Hier ist niemand angemeldet',
  'errors.not-signed-in.todo':
    'Bitte „Anwesenheit“ im Kurs erneut öffnen. Eine Anmeldung gilt 12 Stunden und nur in diesem Browser. Kommt das gleich wieder, bitte Cookies für diese Seite erlauben.',
  'errors.not-for-assistants.title': 'In diesem Kurs dürfen das nur Lehrende',
  'errors.not-for-assistants.todo':
    'Es wurde nichts geändert. Lehrende des Kurses können es der Assistenz unter „Einstellungen“ erlauben.',
  'errors.other-person.title': 'Hier hat sich inzwischen jemand anderes angemeldet',
  'errors.other-person.todo':
    'Unter dessen Namen wurde nichts eingetragen. Öffnen Sie „Anwesenheit“ noch einmal aus dem Kurs, als Sie selbst.',
  'errors.no-access.title': 'Diese Seite ist nicht freigegeben',
  'errors.no-access.todo':
    'Sie gehört zu einem anderen Kurs oder zu dessen Lehrenden. Bitte „Anwesenheit“ im eigenen Kurs öffnen.',
  'errors.not-found.title': 'Unter dieser Adresse gibt es nichts',
  'errors.not-found.todo': 'Vielleicht wurde es gelöscht. Bitte „Anwesenheit“ im Kurs erneut öffnen.',
  'errors.invalid-input.title': 'Etwas in diesem Formular passt nicht',
  'errors.invalid-input.todo':
    'Es wurde nichts geändert. Bitte zurückgehen, die Felder prüfen und neu senden.',
  'errors.conflict.title': 'Jemand anderes war schneller',
  'errors.conflict.todo': 'Es wurde nichts überschrieben. Bitte die Seite neu laden, um den Stand zu sehen.',
  'errors.wrong-origin.title': 'Das kam nicht von unserer eigenen Seite',
  'errors.wrong-origin.todo':
    'Zur Sicherheit wurde nichts geändert. Bitte „Anwesenheit“ im Kurs öffnen und dort erneut versuchen.',
  'errors.too-many-attempts.title': 'Zu viele Versuche',
  'errors.too-many-attempts.todo':
    'Bitte zehn Minuten warten und erneut versuchen, oder die Lehrperson um den Check-in bitten.',
  'errors.body-too-large.title': 'Das war zu viel auf einmal',
  'errors.body-too-large.todo': 'Es wurde nichts geändert. Bitte mit weniger erneut versuchen.',
  'errors.handover-invalid.title': 'Dieses Fenster wurde zu spät geöffnet',
  'errors.handover-invalid.todo': 'Bitte schließen und im Kurs noch einmal auf die Schaltfläche drücken.',
  'errors.meeting-over.title': 'Dieser Termin ist vorbei',
  'errors.meeting-over.todo':
    'Codes würden nicht mehr zählen. Bitte den Termin verlängern oder in der Anwesenheitsliste eintragen, wer da war.',
  'errors.unavailable.title': 'Einen Moment, bitte',
  'errors.unavailable.todo':
    'Der Dienst ist gerade ausgelastet. Bestätigtes geht nicht verloren. Bitte in ein paar Sekunden erneut versuchen.',
  'errors.files-unavailable.title': 'Dokumente sind gerade nicht erreichbar',
  'errors.files-unavailable.todo':
    'Was eingereicht wurde, geht nicht verloren, und alles andere funktioniert. Bitte in ein paar Minuten erneut versuchen.',
  'errors.internal.title': 'Bei uns ist etwas schiefgegangen',
  'errors.internal.todo':
    'Was bestätigt war, ist sicher. Bitte erneut versuchen; bleibt es dabei, hilft der Administration die Nummer unten.',

  'errors.login-incomplete.title': 'Diese Anmeldung ist unvollständig',
  'errors.login-incomplete.todo':
    'Bitte „Anwesenheit“ im Kurs öffnen, nicht über eine gespeicherte Adresse. Sonst sollte die Administration die Login-Adresse des Tools prüfen.',
  'errors.platform-unknown.title': 'Diese Lernplattform ist nicht registriert',
  'errors.platform-unknown.todo':
    'Die Administration kann sie eintragen: Issuer und Client-ID der Plattform müssen bei diesem Tool registriert sein.',
  'errors.platform-disabled.title': 'Diese Lernplattform ist abgeschaltet',
  'errors.platform-disabled.todo': 'Die Administration kann sie wieder einschalten.',
  'errors.launch-incomplete.title': 'Die Lernplattform hat unvollständig geantwortet',
  'errors.launch-incomplete.todo': 'Bitte „Anwesenheit“ im Kurs erneut öffnen.',
  'errors.platform-refused.title': 'Die Lernplattform hat die Anmeldung abgelehnt',
  'errors.platform-refused.todo':
    'Vielleicht ist die Anmeldung dort abgelaufen oder es hat zu lange gedauert. Bitte den Kurs neu öffnen und „Anwesenheit“ wählen.',
  'errors.state-unknown.title': 'Diese Seite ist zu alt',
  'errors.state-unknown.todo': 'Bitte „Anwesenheit“ im Kurs erneut öffnen.',
  'errors.state-other-browser.title': 'Der Browser hat unser Cookie nicht behalten',
  'errors.state-other-browser.todo':
    'Zur Sicherheit geht es hier nicht weiter. Bitte „Anwesenheit“ im Kurs erneut öffnen; kommt das wieder, Cookies für diese Seite erlauben oder einen anderen Browser nehmen.',
  'errors.token-malformed.title': 'Die Anmeldung ist nicht lesbar',
  'errors.token-malformed.todo':
    'Bitte „Anwesenheit“ im Kurs erneut öffnen. Kommt das wieder, hilft der Administration die Nummer unten.',
  'errors.token-signature.title': 'Die Anmeldung ist nicht gültig unterschrieben',
  'errors.token-signature.todo':
    'Zur Sicherheit geht es hier nicht weiter. Bitte „Anwesenheit“ im Kurs öffnen; kommt das wieder, bitte der Administration melden.',
  'errors.token-key-unknown.title': 'Die Anmeldung trägt einen unbekannten Schlüssel',
  'errors.token-key-unknown.todo':
    'Bitte in einer Minute erneut versuchen. Kommt das wieder, sollte die Administration die Schlüssel-Adresse (JWKS) der Plattform prüfen.',
  'errors.platform-keys-unavailable.title': 'Die Lernplattform antwortet nicht',
  'errors.platform-keys-unavailable.todo':
    'Die Anmeldung ließ sich nicht prüfen. Bitte in einer Minute erneut versuchen; sonst bitte der Administration melden.',
  'errors.token-issuer.title': 'Die Anmeldung kommt von einer anderen Plattform als angegeben',
  'errors.token-issuer.todo':
    'Zur Sicherheit geht es hier nicht weiter. Die Administration sollte den Issuer Zeichen für Zeichen mit dem hier registrierten vergleichen.',
  'errors.token-audience.title': 'Die Anmeldung war für ein anderes Tool bestimmt',
  'errors.token-audience.todo': 'Die Administration sollte die Client-ID dieses Tools prüfen.',
  'errors.token-expired.title': 'Die Anmeldung ist abgelaufen',
  'errors.token-expired.todo': 'Bitte „Anwesenheit“ im Kurs erneut öffnen.',
  'errors.token-not-yet-valid.title': 'Die Anmeldung kommt aus der Zukunft',
  'errors.token-not-yet-valid.todo':
    'Die Uhren der Plattform und dieses Tools gehen verschieden. Die Administration sollte beide prüfen.',
  'errors.nonce-mismatch.title': 'Diese Anmeldung gehört nicht zu diesem Versuch',
  'errors.nonce-mismatch.todo': 'Bitte „Anwesenheit“ im Kurs erneut öffnen.',
  'errors.launch-replayed.title': 'Diese Anmeldung wurde schon benutzt',
  'errors.launch-replayed.todo':
    'Das passiert nach „Zurück“ oder „Neu laden“. Bitte „Anwesenheit“ im Kurs erneut öffnen.',
  'errors.claim-missing.title': 'Die Lernplattform hat etwas weggelassen',
  'errors.claim-missing.todo':
    'Die Administration sollte die Einstellungen dieses Tools in der Plattform prüfen; das Protokoll nennt den fehlenden Teil.',
  'errors.version-unsupported.title': 'Diese LTI-Version wird nicht unterstützt',
  'errors.version-unsupported.todo': 'Die Administration sollte das Tool als LTI-1.3-Tool einrichten.',
  'errors.message-unsupported.title': 'Dafür hat Anwesenheit keine Seite',
  'errors.message-unsupported.todo':
    'Bitte „Anwesenheit“ in der Navigation des Kurses öffnen oder in den Kursinhalten einen Link darauf setzen.',
  'errors.deployment-pending.title': 'Diese Installation wartet auf ihre Freigabe',
  'errors.deployment-pending.todo':
    'Wer „Anwesenheit“ betreibt, muss sie erst freigeben. Bitte die Nummer unten der Administration geben, die sie weiterleitet; danach „Anwesenheit“ erneut öffnen.',
  'errors.target-foreign.title': 'Dieser Link führt woandershin',
  'errors.target-foreign.todo':
    'Zur Sicherheit geht es hier nicht weiter. Die Administration sollte die Zieladresse des Tools prüfen.',
  'errors.launch-anonymous.title': 'Für die Anwesenheit braucht es eine Anmeldung',
  'errors.launch-anonymous.todo': 'Bitte in der Lernplattform anmelden und den Kurs erneut öffnen.',
  'errors.launch-without-course.title': 'Bitte „Anwesenheit“ in einem Kurs öffnen',
  'errors.launch-without-course.todo':
    'Dieser Link gehört zu keinem Kurs. Bitte „Anwesenheit“ in der Navigation eines Kurses wählen.',
  'errors.launch-without-role.title': 'In diesem Kurs gibt es für dieses Konto keine Rolle',
  'errors.launch-without-role.todo':
    '„Anwesenheit“ ist für die Menschen eines Kurses da. Wer dazugehört, bittet die Lehrperson um Aufnahme.',
  'errors.launch-masquerading.title': 'Hier handelt jemand als eine andere Person',
  'errors.launch-masquerading.todo':
    'So kann niemand eingecheckt werden. Bitte zuerst das Handeln als diese Person beenden.',
  'errors.link-request-expired.title': 'Die Auswahl hat zu lange gedauert',
  'errors.link-request-expired.todo':
    'Es wurde kein Link gesetzt. Bitte zum Kurs zurückgehen und den Link noch einmal hinzufügen.',
  'errors.registration-incomplete.title': 'Diese Adresse gehört in die Lernplattform',
  'errors.registration-incomplete.todo':
    'Die Administration trägt sie dort als Registrierungsadresse ein; was fehlt, ergänzt die Plattform.',
  'errors.invite-invalid.title': 'Dieser Registrierungslink gilt nicht mehr',
  'errors.invite-invalid.todo':
    'Jeder Link gilt für eine Plattform und einige Tage. Wer „Anwesenheit“ betreibt, kann einen neuen ausstellen.',
  'errors.registration-untrusted.title': 'Diesen Angaben ist nicht zu trauen',
  'errors.registration-untrusted.todo':
    'Die Plattform nennt Adressen auf fremden Servern oder unsichere Adressen. Es wurde nichts registriert, der Link gilt weiter. Wer „Anwesenheit“ betreibt, kann die Plattform von Hand eintragen.',
  'errors.registration-refused.title': 'Die Lernplattform hat die Registrierung abgelehnt',
  'errors.registration-refused.todo':
    'Es wurde nichts registriert, der Link gilt weiter. Bitte in der Plattform neu beginnen; deren eigene Erlaubnis ist vielleicht abgelaufen.',
  'errors.platform-known.title': 'Diese Plattform ist schon registriert',
  'errors.platform-known.todo':
    'Es wurde nichts geändert. Die frühere Registrierung ersetzen kann nur, wer „Anwesenheit“ betreibt.',
  'errors.address-refused.title': 'Eine Adresse der Plattform ist nicht erlaubt',
  'errors.address-refused.todo': 'Die Administration sollte die registrierten Adressen der Plattform prüfen.',
  'errors.platform-unreachable.title': 'Die Lernplattform antwortet nicht',
  'errors.platform-unreachable.todo':
    'Bitte in einer Minute erneut versuchen; kommt das wieder, bitte der Administration melden.',
  'errors.platform-answer.title': 'Die Lernplattform hat unerwartet geantwortet',
  'errors.platform-answer.todo':
    'Bitte in einer Minute erneut versuchen; kommt das wieder, bitte der Administration melden.',
};
