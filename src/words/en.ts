/**
 * Every sentence that a person reads, in English. The other languages are of this one's type. `{…}` stands for a value;
 * `{in}` is a span such as "in 51 seconds", in words.
 */
export const en = {
  'mail.hello': 'Hello,',
  'mail.hello.name': 'Hello {name},',
  'mail.until.day': 'until {day}, {time} UTC ({date})',
  'mail.until.date': 'until {date}, {time} UTC',
  'mail.copy': 'If the button does not work, copy this link into your browser:',
  'mail.support': 'Questions? We are here to help: {support}',
  'mail.verification.subject': 'Verify your {brand} account',
  'mail.verification.preheader': 'One click, and your account is ready.',
  'mail.verification.title': 'Confirm your email address',
  'mail.verification.text':
    'Thank you for signing up for {brand}. Please confirm that this address is yours: your account is then ready.',
  'mail.verification.button': 'Confirm email address',
  'mail.verification.until': 'The link works {until}.',
  'mail.verification.why':
    'You receive this email because somebody used the address {email} to sign up for {brand}. If it was not you, please do not confirm: you can simply ignore this email.',
  'mail.account-exists.subject': 'You already have an account with {brand}',
  'mail.account-exists.preheader': 'There is nothing to set up: you can log in.',
  'mail.account-exists.title': 'You already have an account',
  'mail.account-exists.text':
    'Somebody, probably you, has just tried to sign up for {brand} with this address. There is an account with it already, so you can log in as usual.',
  'mail.account-exists.button': 'Log in',
  'mail.account-exists.why':
    'You receive this email because somebody used the address {email} to sign up for {brand}. If it was not you, you need not do anything: nothing about your account has changed.',

  'language.label': 'Language',
  'language.change': 'Change language',
  login: 'Log in',
  signup: 'Sign up',
  back: 'Back',
  'try-again': 'Try again',
  'try-again.in': 'Try again {in}.',
  'continue-to': 'Continue to {brand}',
  terms: 'Terms of Service',
  privacy: 'Privacy Policy',
  support: 'Get help',

  'signup.title': 'Create your account',
  'signup.email': 'Email address',
  'signup.password': 'Password',
  'signup.password.hint':
    'At least 8 characters. A few words that do not belong together are easy to remember and hard to guess.',
  'signup.password.show': 'Show password',
  'signup.password.hide': 'Hide password',
  'signup.password.shown': 'Your password is shown.',
  'signup.password.hidden': 'Your password is hidden.',
  'signup.name': 'Full name',
  'signup.optional': 'optional',
  'signup.languages': 'Your languages',
  'signup.languages.hint':
    'In meetings you speak in your own language and hear the others in the one you choose.',
  'signup.speaking': 'I speak',
  'signup.listening': 'I listen in',
  'signup.languages.search': 'Search for a language',
  'signup.languages.none': 'No language found',
  'signup.languages.suggested': 'Suggested',
  'signup.languages.all': 'All languages',
  'signup.invite': 'Invitation code',
  'signup.invite.hint': 'You find it in the invitation you received.',
  'signup.invite.for-email': 'This invitation is for {email}.',
  'signup.invite.for-domain': 'This invitation is for email addresses at {domain}.',
  'signup.terms': 'I accept the {terms}.',
  'signup.terms.notice': 'By creating an account you accept the {terms}.',
  'signup.privacy': 'How we handle your data is in our {privacy}.',
  'signup.submit': 'Create account',
  'signup.sending': 'Your account is being created …',
  'signup.have-account': 'Do you already have an account? {login}',
  'signup.taken.title': 'You already have an account',
  'signup.taken':
    'There is already an account with this email address. You can log in. If you have not confirmed your address yet, we can send you the email again.',
  'signup.closed.title': 'Registration is closed',
  'signup.closed': 'At the moment no new accounts can be created.',
  'signup.invite-required.title': 'You need an invitation',
  'signup.invite-required':
    'You can sign up with an invitation only. Open the link in it, or enter its code.',
  'signup.invite-invalid':
    'This invitation may have expired or been used already, or it is meant for another email address. Please ask the person who invited you for a new one.',
  'signup.challenge': 'Security check',
  'signup.challenge.start': 'Your device solves a small puzzle while you type, to keep machines out.',
  'signup.challenge.running': 'Security check running …',
  'signup.challenge.done': 'Security check done',
  'signup.challenge.failed': 'The security check failed. Please try again.',
  'signup.challenge.no-script':
    'The security check needs JavaScript. Turn it on in your browser and load this page again, or use another browser.',
  'signup.challenge.required': 'Please complete the security check.',
  'signup.changed': 'Your details have changed since you last sent them. Please press the button once more.',

  'faults.title': 'Please check your details',
  'faults.page-title': 'Error: {title}',
  'fault.UNKNOWN': 'Please check this entry.',
  'fault.EMAIL_MISSING': 'Enter your email address.',
  'fault.EMAIL_NOT_TEXT': 'Enter your email address.',
  'fault.EMAIL_WITHOUT_AT': 'An email address has an @, as in name@example.com.',
  'fault.EMAIL_TOO_LONG': 'This email address is too long. It may have 254 characters at most.',
  'fault.EMAIL_HOLDS_INVISIBLE':
    'The email address has an invisible character, as copying can leave it. Please type it by hand.',
  'fault.EMAIL_BEGINS_UNSAFE': 'An email address cannot begin with this character here.',
  'fault.EMAIL_LOCAL_PART_INVALID':
    'The part before the @ has a character that is not possible there. Unaccented letters, digits, dots, hyphens and plus signs are.',
  'fault.EMAIL_LOCAL_PART_TOO_LONG': 'The part before the @ is too long. It may have 64 characters at most.',
  'fault.EMAIL_DOMAIN_INVALID':
    'The part after the @ is not complete or not correct. It looks like example.com.',
  'fault.PASSWORD_MISSING': 'Choose a password.',
  'fault.PASSWORD_NOT_TEXT': 'Choose a password.',
  'fault.PASSWORD_TOO_SHORT': 'This password is too short. Use at least 8 characters.',
  'fault.PASSWORD_TOO_LONG': 'This password is too long. It may have 1,000 characters at most.',
  'fault.PASSWORD_HOLDS_NUL':
    'This password has an invisible character that cannot be used. Please type it by hand.',
  'fault.PASSWORD_MALFORMED': 'This password has a broken character. Please type it by hand.',
  'fault.PASSWORD_WEAK':
    'This password is too easy to guess. Add a few words that do not belong together, and leave out your name and address.',
  'fault.PASSWORD_COMMON':
    'This is one of the most used passwords, which are tried first. Choose another one.',
  'fault.PASSWORD_PERSONAL':
    'This is your address, your name or ours, which are tried first. Choose another password.',
  'fault.FULL_NAME_NOT_TEXT': 'Enter your name, or leave this empty.',
  'fault.FULL_NAME_TOO_LONG': 'This name is too long. It may have 255 characters at most.',
  'fault.FULL_NAME_HOLDS_CONTROLS':
    'The name has a line break or an invisible character. Please type it by hand.',
  'fault.FULL_NAME_TURNS_DIRECTION':
    'The name has an invisible character that changes the direction of the text. Please type it by hand.',
  'fault.FULL_NAME_MALFORMED': 'The name has a broken character. Please type it by hand.',
  'fault.FULL_NAME_HOLDS_ADDRESS':
    'The name may not contain a web or email address. If it has none, put a space after each full stop.',
  'fault.LANGUAGE_NOT_TEXT': 'Choose a language from the list.',
  'fault.LANGUAGE_MALFORMED': 'Choose a language from the list.',
  'fault.LANGUAGE_UNKNOWN': 'Choose a language from the list.',
  'fault.LANGUAGE_NOT_OFFERED': 'This language is not offered. Choose one from the list.',
  'fault.TERMS_NOT_ACCEPTED': 'To create an account, please accept the {terms}.',

  'check.title': 'Check your email',
  'check.text': 'We are sending an email to {email}. Open it and press its button to confirm your address.',
  'check.text.conceal': 'An email to {email} is on its way. It says how to go on.',
  'check.spam': 'Nothing there? It can take a few minutes. Please look in your spam folder, too.',
  'check.waiting': 'You can leave this page open: it goes on by itself as soon as you have confirmed.',
  'check.inbox': 'Open the mailbox',
  'check.again': 'Send the email again',
  'check.again.in': 'You can have the email sent again {in}.',
  'check.again.done':
    'If the address still has to be confirmed, we send the email again, unless it was sent a moment ago or too often.',
  'check.change': 'Use another email address',

  'resend.title': 'Send the email again',
  'resend.text': 'Enter the email address you signed up with. We will send you a new link.',
  'resend.submit': 'Send the email',
  'resent.title': 'Check your email',
  'resent.text':
    'If your address still has to be confirmed, a new link is on its way. It can take a few minutes. Please look in your spam folder, too.',

  'confirm.title': 'Confirm your email address',
  'confirm.text':
    'Press the button to confirm that this email address is yours. Your {brand} account is then ready.',
  'confirm.only-if-you':
    'Please confirm only if you signed up yourself: whoever did has chosen the password of this account.',
  'confirm.submit': 'Confirm email address',
  'confirm.password.text': 'Enter the password that you chose when you signed up.',
  'confirm.password.wrong': 'This is not the password that was chosen at signup.',
  'confirm.password.again': 'Please type your password again: for your safety, we did not keep it.',
  'confirm.password.new': 'Set a new password',
  'confirm.password.new.text':
    'You do not remember it, or it was not you who chose it? Set a new password. It replaces the old one.',
  'confirm.password.new.label': 'New password',
  'confirm.not-me.text': 'You did not sign up? Then somebody entered your address, perhaps by mistake.',
  'confirm.not-me': 'This wasn’t me',

  'remove.title': 'Remove this account?',
  'remove.text':
    'The account that was created with your email address will be removed, with everything stored for it: name, languages and password. This cannot be undone.',
  'remove.submit': 'Remove the account',
  'remove.keep': 'Keep the account',
  'removed.title': 'The account has been removed',
  'removed.text': 'Thank you for telling us. Your email address is no longer used here.',
  'held.title': 'The account could not be removed',
  'held.text': 'Other data is still connected with it, so nothing was changed. Please contact us.',

  'verified.title': 'Your email address is confirmed',
  'verified.text': 'Thank you. Your {brand} account is ready, and you can log in.',
  'already-verified.title': 'Already confirmed',
  'already-verified.text':
    'This email address has been confirmed before. There is nothing left to do: you can log in.',
  'expired.title': 'This link has expired',
  'expired.text':
    'For your safety, a link works for a limited time only. We can send a new one to the same address.',
  'expired.submit': 'Send me a new link',
  'invalid.title': 'This link is not valid',
  'invalid.text':
    'It may have been cut off on its way. Open the link in the email again, or copy all of it. If it still does not work, the account may no longer exist, and you can sign up again.',

  'too-many.title': 'One moment, please',
  'too-many.text': 'There were too many requests from your connection.',
  'away.title': 'We cannot be reached at the moment',
  'away.text': 'We are sorry, the fault is on our side.',
  'no-answer.title': 'No answer came',
  'no-answer.text':
    'Please check your internet connection and try again. What you entered is kept, and you will not be signed up twice.',
  'failed.title': 'Something went wrong',
  'failed.text': 'We are sorry, the fault is on our side. Please try again.',
  'too-large.title': 'This is too much at once',
  'too-large.text':
    'The form was larger than this page takes. Please shorten what you entered and try again.',
  'unreadable.title': 'This did not arrive as it should',
  'unreadable.text':
    'What your browser sent could not be read. Please open the page again and enter it anew.',
  'not-found.title': 'This page does not exist',
  'not-found.text': 'Perhaps the address was not copied in full.',
} as const;
