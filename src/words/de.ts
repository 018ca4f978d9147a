import type { Words } from './words.js';

export const de: Words = {
  'mail.hello': 'Guten Tag,',
  'mail.hello.name': 'Guten Tag {name},',
  'mail.until.day': 'bis {day}, {time} Uhr UTC ({date})',
  'mail.until.date': 'bis {date}, {time} Uhr UTC',
  'mail.copy': 'Falls die Schaltfläche nicht funktioniert, kopieren Sie bitte diesen Link in Ihren Browser:',
  'mail.support': 'Haben Sie Fragen? Wir helfen Ihnen gern: {support}',
  'mail.verification.subject': 'Bestätigen Sie Ihr Konto bei {brand}',
  'mail.verification.preheader': 'Nur noch ein Klick, dann ist Ihr Konto bereit.',
  'mail.verification.title': 'Bestätigen Sie Ihre E-Mail-Adresse',
  'mail.verification.text':
    'Vielen Dank für Ihre Registrierung bei {brand}. Bitte bestätigen Sie, dass diese Adresse Ihnen gehört: Danach ist Ihr Konto bereit.',
  'mail.verification.button': 'E-Mail-Adresse bestätigen',
  'mail.verification.until': 'Der Link ist {until} gültig.',
  'mail.verification.why':
    'Sie erhalten diese E-Mail, weil jemand die Adresse {email} für eine Registrierung bei {brand} verwendet hat. Falls Sie das nicht waren, bestätigen Sie bitte nichts: Sie können diese E-Mail einfach ignorieren.',
  'mail.account-exists.subject': 'Sie haben bereits ein Konto bei {brand}',
  'mail.account-exists.preheader': 'Sie brauchen nichts einzurichten: Melden Sie sich einfach an.',
  'mail.account-exists.title': 'Sie haben bereits ein Konto',
  'mail.account-exists.text':
    'Jemand, vermutlich Sie selbst, wollte sich gerade mit dieser Adresse bei {brand} registrieren. Zu ihr gibt es schon ein Konto: Sie können sich wie gewohnt anmelden.',
  'mail.account-exists.button': 'Anmelden',
  'mail.account-exists.why':
    'Sie erhalten diese E-Mail, weil jemand die Adresse {email} für eine Registrierung bei {brand} verwendet hat. Falls Sie das nicht waren, brauchen Sie nichts zu tun: An Ihrem Konto hat sich nichts geändert.',

  'language.label': 'Sprache',
  'language.change': 'Sprache wechseln',
  login: 'Anmelden',
  signup: 'Registrieren',
  back: 'Zurück',
  'try-again': 'Erneut versuchen',
  'try-again.in': 'Versuchen Sie es {in} erneut.',
  'continue-to': 'Weiter zu {brand}',
  terms: 'Nutzungsbedingungen',
  privacy: 'Datenschutzerklärung',
  support: 'Hilfe',

  'signup.title': 'Konto erstellen',
  'signup.email': 'E-Mail-Adresse',
  'signup.password': 'Passwort',
  'signup.password.hint':
    'Mindestens 8 Zeichen. Einige Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten.',
  'signup.password.show': 'Passwort anzeigen',
  'signup.password.hide': 'Passwort verbergen',
  'signup.password.shown': 'Ihr Passwort wird angezeigt.',
  'signup.password.hidden': 'Ihr Passwort ist verborgen.',
  'signup.name': 'Vollständiger Name',
  'signup.optional': 'freiwillig',
  'signup.languages': 'Ihre Sprachen',
  'signup.languages.hint':
    'In Besprechungen sprechen Sie Ihre eigene Sprache und hören die anderen in der Sprache, die Sie wählen.',
  'signup.speaking': 'Ich spreche',
  'signup.listening': 'Ich höre die anderen auf',
  'signup.languages.search': 'Sprache suchen',
  'signup.languages.none': 'Keine Sprache gefunden',
  'signup.languages.suggested': 'Vorschläge',
  'signup.languages.all': 'Alle Sprachen',
  'signup.invite': 'Einladungscode',
  'signup.invite.hint': 'Sie finden ihn in Ihrer Einladung.',
  'signup.invite.for-email': 'Diese Einladung gilt für {email}.',
  'signup.invite.for-domain': 'Diese Einladung gilt für E-Mail-Adressen bei {domain}.',
  'signup.terms': 'Ich akzeptiere die {terms}.',
  'signup.terms.notice': 'Mit der Registrierung akzeptieren Sie die {terms}.',
  'signup.privacy': 'Wie wir mit Ihren Daten umgehen, steht in unserer {privacy}.',
  'signup.submit': 'Konto erstellen',
  'signup.sending': 'Ihr Konto wird erstellt …',
  'signup.have-account': 'Haben Sie schon ein Konto? {login}',
  'signup.taken.title': 'Sie haben bereits ein Konto',
  'signup.taken':
    'Zu dieser E-Mail-Adresse gibt es schon ein Konto. Sie können sich anmelden. Falls Sie Ihre Adresse noch nicht bestätigt haben, können wir Ihnen die E-Mail noch einmal senden.',
  'signup.closed.title': 'Die Registrierung ist geschlossen',
  'signup.closed': 'Zurzeit können keine neuen Konten erstellt werden.',
  'signup.invite-required.title': 'Sie brauchen eine Einladung',
  'signup.invite-required':
    'Sie können sich nur mit einer Einladung registrieren. Öffnen Sie den Link darin, oder geben Sie ihren Code ein.',
  'signup.invite-invalid':
    'Diese Einladung ist vielleicht abgelaufen oder schon verwendet worden, oder sie ist für eine andere E-Mail-Adresse bestimmt. Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
  'signup.challenge': 'Sicherheitsprüfung',
  'signup.challenge.start':
    'Ihr Gerät löst während der Eingabe ein kleines Rätsel, um Maschinen fernzuhalten.',
  'signup.challenge.running': 'Sicherheitsprüfung läuft …',
  'signup.challenge.done': 'Sicherheitsprüfung abgeschlossen',
  'signup.challenge.failed': 'Die Sicherheitsprüfung ist fehlgeschlagen. Bitte versuchen Sie es noch einmal.',
  'signup.challenge.no-script':
    'Die Sicherheitsprüfung braucht JavaScript. Schalten Sie es in Ihrem Browser ein und laden Sie diese Seite neu, oder verwenden Sie einen anderen Browser.',
  'signup.challenge.required': 'Bitte führen Sie die Sicherheitsprüfung durch.',
  'signup.changed':
    'Ihre Angaben haben sich seit dem letzten Absenden geändert. Bitte drücken Sie noch einmal auf die Schaltfläche.',

  'faults.title': 'Bitte prüfen Sie Ihre Angaben',
  'faults.page-title': 'Fehler: {title}',
  'fault.UNKNOWN': 'Bitte prüfen Sie diese Angabe.',
  'fault.EMAIL_MISSING': 'Geben Sie Ihre E-Mail-Adresse ein.',
  'fault.EMAIL_NOT_TEXT': 'Geben Sie Ihre E-Mail-Adresse ein.',
  'fault.EMAIL_WITHOUT_AT': 'Eine E-Mail-Adresse enthält ein @, wie in name@example.com.',
  'fault.EMAIL_TOO_LONG': 'Diese E-Mail-Adresse ist zu lang. Sie darf höchstens 254 Zeichen haben.',
  'fault.EMAIL_HOLDS_INVISIBLE':
    'Die E-Mail-Adresse enthält ein unsichtbares Zeichen, wie es beim Kopieren entstehen kann. Bitte tippen Sie sie von Hand ein.',
  'fault.EMAIL_BEGINS_UNSAFE': 'Mit diesem Zeichen kann eine E-Mail-Adresse hier nicht beginnen.',
  'fault.EMAIL_LOCAL_PART_INVALID':
    'Der Teil vor dem @ enthält ein Zeichen, das dort nicht erlaubt ist. Erlaubt sind Buchstaben ohne Akzente und Umlaute, Ziffern, Punkte, Bindestriche und Pluszeichen.',
  'fault.EMAIL_LOCAL_PART_TOO_LONG': 'Der Teil vor dem @ ist zu lang. Er darf höchstens 64 Zeichen haben.',
  'fault.EMAIL_DOMAIN_INVALID':
    'Der Teil nach dem @ ist nicht vollständig oder nicht richtig. Er sieht aus wie example.com.',
  'fault.PASSWORD_MISSING': 'Wählen Sie ein Passwort.',
  'fault.PASSWORD_NOT_TEXT': 'Wählen Sie ein Passwort.',
  'fault.PASSWORD_TOO_SHORT': 'Dieses Passwort ist zu kurz. Verwenden Sie mindestens 8 Zeichen.',
  'fault.PASSWORD_TOO_LONG': 'Dieses Passwort ist zu lang. Es darf höchstens 1.000 Zeichen haben.',
  'fault.PASSWORD_HOLDS_NUL':
    'Dieses Passwort enthält ein unsichtbares Zeichen, das nicht verwendet werden kann. Bitte tippen Sie es von Hand ein.',
  'fault.PASSWORD_MALFORMED':
    'Dieses Passwort enthält ein beschädigtes Zeichen. Bitte tippen Sie es von Hand ein.',
  'fault.PASSWORD_WEAK':
    'Dieses Passwort ist zu leicht zu erraten. Fügen Sie einige Wörter hinzu, die nicht zusammengehören, und lassen Sie Ihren Namen und Ihre Adresse weg.',
  'fault.PASSWORD_COMMON':
    'Das ist eines der häufigsten Passwörter, und die werden zuerst ausprobiert. Wählen Sie ein anderes.',
  'fault.PASSWORD_PERSONAL':
    'Das ist Ihre Adresse, Ihr Name oder unserer, und die werden zuerst ausprobiert. Wählen Sie ein anderes Passwort.',
  'fault.FULL_NAME_NOT_TEXT': 'Geben Sie Ihren Namen ein, oder lassen Sie das Feld leer.',
  'fault.FULL_NAME_TOO_LONG': 'Dieser Name ist zu lang. Er darf höchstens 255 Zeichen haben.',
  'fault.FULL_NAME_HOLDS_CONTROLS':
    'Der Name enthält einen Zeilenumbruch oder ein unsichtbares Zeichen. Bitte tippen Sie ihn von Hand ein.',
  'fault.FULL_NAME_TURNS_DIRECTION':
    'Der Name enthält ein unsichtbares Zeichen, das die Schreibrichtung ändert. Bitte tippen Sie ihn von Hand ein.',
  'fault.FULL_NAME_MALFORMED':
    'Der Name enthält ein beschädigtes Zeichen. Bitte tippen Sie ihn von Hand ein.',
  'fault.FULL_NAME_HOLDS_ADDRESS':
    'Der Name darf keine Web- oder E-Mail-Adresse enthalten. Falls er keine enthält, setzen Sie nach jedem Punkt ein Leerzeichen.',
  'fault.LANGUAGE_NOT_TEXT': 'Wählen Sie eine Sprache aus der Liste.',
  'fault.LANGUAGE_MALFORMED': 'Wählen Sie eine Sprache aus der Liste.',
  'fault.LANGUAGE_UNKNOWN': 'Wählen Sie eine Sprache aus der Liste.',
  'fault.LANGUAGE_NOT_OFFERED': 'Diese Sprache wird nicht angeboten. Wählen Sie eine aus der Liste.',
  'fault.TERMS_NOT_ACCEPTED': 'Um ein Konto zu erstellen, akzeptieren Sie bitte die {terms}.',

  'check.title': 'Sehen Sie in Ihrem Postfach nach',
  'check.text':
    'Wir senden eine E-Mail an {email}. Öffnen Sie sie, und drücken Sie auf die Schaltfläche darin, um Ihre Adresse zu bestätigen.',
  'check.text.conceal': 'Eine E-Mail an {email} ist unterwegs. Darin steht, wie es weitergeht.',
  'check.spam': 'Nichts angekommen? Es kann einige Minuten dauern. Sehen Sie bitte auch im Spam-Ordner nach.',
  'check.waiting':
    'Sie können diese Seite offen lassen: Es geht von selbst weiter, sobald Sie bestätigt haben.',
  'check.inbox': 'Postfach öffnen',
  'check.again': 'E-Mail noch einmal senden',
  'check.again.in': 'Sie können die E-Mail {in} noch einmal senden lassen.',
  'check.again.done':
    'Falls die Adresse noch bestätigt werden muss, senden wir die E-Mail noch einmal, sofern das nicht eben erst oder zu oft geschehen ist.',
  'check.change': 'Andere E-Mail-Adresse verwenden',

  'resend.title': 'E-Mail noch einmal senden',
  'resend.text':
    'Geben Sie die E-Mail-Adresse ein, mit der Sie sich registriert haben. Wir senden Ihnen einen neuen Link.',
  'resend.submit': 'E-Mail senden',
  'resent.title': 'Sehen Sie in Ihrem Postfach nach',
  'resent.text':
    'Falls Ihre Adresse noch bestätigt werden muss, ist ein neuer Link unterwegs. Es kann einige Minuten dauern. Sehen Sie bitte auch im Spam-Ordner nach.',

  'confirm.title': 'Bestätigen Sie Ihre E-Mail-Adresse',
  'confirm.text':
    'Drücken Sie auf die Schaltfläche, um zu bestätigen, dass diese E-Mail-Adresse Ihnen gehört. Danach ist Ihr Konto bei {brand} bereit.',
  'confirm.only-if-you':
    'Bitte bestätigen Sie nur, wenn Sie sich selbst registriert haben: Wer es war, hat das Passwort dieses Kontos gewählt.',
  'confirm.submit': 'E-Mail-Adresse bestätigen',
  'confirm.password.text': 'Geben Sie das Passwort ein, das Sie bei der Registrierung gewählt haben.',
  'confirm.password.wrong': 'Das ist nicht das Passwort, das bei der Registrierung gewählt wurde.',
  'confirm.password.again':
    'Bitte geben Sie Ihr Passwort noch einmal ein: Zu Ihrer Sicherheit haben wir es nicht behalten.',
  'confirm.password.new': 'Neues Passwort festlegen',
  'confirm.password.new.text':
    'Sie erinnern sich nicht daran, oder nicht Sie haben es gewählt? Legen Sie ein neues Passwort fest. Es ersetzt das alte.',
  'confirm.password.new.label': 'Neues Passwort',
  'confirm.not-me.text':
    'Sie haben sich nicht registriert? Dann hat jemand Ihre Adresse eingegeben, vielleicht aus Versehen.',
  'confirm.not-me': 'Das war ich nicht',

  'remove.title': 'Dieses Konto entfernen?',
  'remove.text':
    'Das Konto, das mit Ihrer E-Mail-Adresse erstellt wurde, wird mit allem entfernt, was dazu gespeichert ist: Name, Sprachen und Passwort. Das lässt sich nicht rückgängig machen.',
  'remove.submit': 'Konto entfernen',
  'remove.keep': 'Konto behalten',
  'removed.title': 'Das Konto ist entfernt',
  'removed.text': 'Vielen Dank für Ihren Hinweis. Ihre E-Mail-Adresse wird hier nicht mehr verwendet.',
  'held.title': 'Das Konto konnte nicht entfernt werden',
  'held.text':
    'Damit sind noch andere Daten verbunden, deshalb wurde nichts geändert. Bitte wenden Sie sich an uns.',

  'verified.title': 'Ihre E-Mail-Adresse ist bestätigt',
  'verified.text': 'Vielen Dank. Ihr Konto bei {brand} ist bereit, und Sie können sich anmelden.',
  'already-verified.title': 'Schon bestätigt',
  'already-verified.text':
    'Diese E-Mail-Adresse wurde bereits bestätigt. Es ist nichts mehr zu tun: Sie können sich anmelden.',
  'expired.title': 'Dieser Link ist abgelaufen',
  'expired.text':
    'Zu Ihrer Sicherheit ist ein Link nur begrenzte Zeit gültig. Wir können einen neuen an dieselbe Adresse senden.',
  'expired.submit': 'Neuen Link senden',
  'invalid.title': 'Dieser Link ist nicht gültig',
  'invalid.text':
    'Vielleicht wurde er unterwegs abgeschnitten. Öffnen Sie den Link in der E-Mail noch einmal, oder kopieren Sie ihn vollständig. Falls das nicht hilft, gibt es das Konto vielleicht nicht mehr, und Sie können sich neu registrieren.',

  'too-many.title': 'Einen Moment, bitte',
  'too-many.text': 'Von Ihrem Anschluss kamen zu viele Anfragen.',
  'away.title': 'Wir sind gerade nicht erreichbar',
  'away.text': 'Das tut uns leid, der Fehler liegt bei uns.',
  'no-answer.title': 'Es kam keine Antwort',
  'no-answer.text':
    'Bitte prüfen Sie Ihre Internetverbindung, und versuchen Sie es noch einmal. Ihre Angaben bleiben erhalten, und Sie werden nicht doppelt registriert.',
  'failed.title': 'Etwas ist schiefgegangen',
  'failed.text': 'Das tut uns leid, der Fehler liegt bei uns. Bitte versuchen Sie es noch einmal.',
  'too-large.title': 'Das war zu viel auf einmal',
  'too-large.text':
    'Das Formular war größer, als diese Seite annimmt. Bitte kürzen Sie Ihre Eingaben und versuchen Sie es noch einmal.',
  'unreadable.title': 'Das kam nicht richtig an',
  'unreadable.text':
    'Was Ihr Browser gesendet hat, ließ sich nicht lesen. Bitte öffnen Sie die Seite noch einmal und geben Sie es neu ein.',
  'not-found.title': 'Diese Seite gibt es nicht',
  'not-found.text': 'Vielleicht wurde die Adresse nicht vollständig kopiert.',
};
