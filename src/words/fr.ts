import type { Words } from './words.js';

/** A no-break space stands before `:`, `?` and `!`, as French typography has it. */
export const fr: Words = {
  'mail.hello': 'Bonjour,',
  'mail.hello.name': 'Bonjour {name},',
  'mail.until.day': 'jusqu’à {day}, {time} UTC ({date})',
  'mail.until.date': 'jusqu’au {date}, {time} UTC',
  'mail.copy': 'Si le bouton ne fonctionne pas, copiez ce lien et collez-le dans votre navigateur :',
  'mail.support': 'Des questions ? Nous sommes là pour vous aider : {support}',
  'mail.verification.subject': 'Confirmez votre compte {brand}',
  'mail.verification.preheader': 'Plus qu’un clic, et votre compte est prêt.',
  'mail.verification.title': 'Confirmez votre adresse e-mail',
  'mail.verification.text':
    'Merci pour votre inscription à {brand}. Veuillez confirmer que cette adresse est bien la vôtre : votre compte sera alors prêt.',
  'mail.verification.button': 'Confirmer l’adresse e-mail',
  'mail.verification.until': 'Le lien est valable {until}.',
  'mail.verification.why':
    'Vous recevez cet e-mail parce que quelqu’un a utilisé l’adresse {email} pour s’inscrire à {brand}. Si ce n’était pas vous, ne confirmez rien : vous pouvez simplement ignorer cet e-mail.',
  'mail.account-exists.subject': 'Vous avez déjà un compte {brand}',
  'mail.account-exists.preheader': 'Rien à créer : vous pouvez vous connecter.',
  'mail.account-exists.title': 'Vous avez déjà un compte',
  'mail.account-exists.text':
    'Quelqu’un, sans doute vous, vient d’essayer de s’inscrire à {brand} avec cette adresse. Elle est déjà associée à un compte : vous pouvez vous connecter comme d’habitude.',
  'mail.account-exists.button': 'Se connecter',
  'mail.account-exists.why':
    'Vous recevez cet e-mail parce que quelqu’un a utilisé l’adresse {email} pour s’inscrire à {brand}. Si ce n’était pas vous, vous n’avez rien à faire : rien n’a changé dans votre compte.',

  'language.label': 'Langue',
  'language.change': 'Changer de langue',
  login: 'Se connecter',
  signup: 'S’inscrire',
  back: 'Retour',
  'try-again': 'Réessayer',
  'try-again.in': 'Réessayez {in}.',
  'continue-to': 'Continuer vers {brand}',
  terms: 'Conditions d’utilisation',
  privacy: 'Politique de confidentialité',
  support: 'Obtenir de l’aide',

  'signup.title': 'Créez votre compte',
  'signup.email': 'Adresse e-mail',
  'signup.password': 'Mot de passe',
  'signup.password.hint':
    'Au moins 8 caractères. Quelques mots sans lien entre eux sont faciles à retenir et difficiles à deviner.',
  'signup.password.show': 'Afficher le mot de passe',
  'signup.password.hide': 'Masquer le mot de passe',
  'signup.password.shown': 'Votre mot de passe est affiché.',
  'signup.password.hidden': 'Votre mot de passe est masqué.',
  'signup.name': 'Nom complet',
  'signup.optional': 'facultatif',
  'signup.languages': 'Vos langues',
  'signup.languages.hint':
    'En réunion, vous parlez votre propre langue et entendez les autres dans celle que vous choisissez.',
  'signup.speaking': 'Je parle',
  'signup.listening': 'J’écoute en',
  'signup.languages.search': 'Rechercher une langue',
  'signup.languages.none': 'Aucune langue trouvée',
  'signup.languages.suggested': 'Suggestions',
  'signup.languages.all': 'Toutes les langues',
  'signup.invite': 'Code d’invitation',
  'signup.invite.hint': 'Il se trouve dans l’invitation que vous avez reçue.',
  'signup.invite.for-email': 'Cette invitation est destinée à {email}.',
  'signup.invite.for-domain': 'Cette invitation est destinée aux adresses e-mail de {domain}.',
  'signup.terms': 'J’accepte les {terms}.',
  'signup.terms.notice': 'En créant un compte, vous acceptez les {terms}.',
  'signup.privacy': 'Pour savoir comment nous traitons vos données, consultez notre {privacy}.',
  'signup.submit': 'Créer un compte',
  'signup.sending': 'Création de votre compte…',
  'signup.have-account': 'Vous avez déjà un compte ? {login}',
  'signup.taken.title': 'Vous avez déjà un compte',
  'signup.taken':
    'Il existe déjà un compte avec cette adresse e-mail. Vous pouvez vous connecter. Si vous n’avez pas encore confirmé votre adresse, nous pouvons vous renvoyer l’e-mail.',
  'signup.closed.title': 'Les inscriptions sont fermées',
  'signup.closed': 'Il n’est pas possible de créer un compte pour le moment.',
  'signup.invite-required.title': 'Il vous faut une invitation',
  'signup.invite-required':
    'L’inscription se fait uniquement sur invitation. Ouvrez le lien de votre invitation ou saisissez son code.',
  'signup.invite-invalid':
    'Cette invitation a peut-être expiré, a déjà été utilisée ou est destinée à une autre adresse e-mail. Demandez-en une nouvelle à la personne qui vous l’a envoyée.',
  'signup.challenge': 'Contrôle de sécurité',
  'signup.challenge.start':
    'Votre appareil résout une petite énigme pendant la saisie, pour tenir les robots à l’écart.',
  'signup.challenge.running': 'Contrôle de sécurité en cours…',
  'signup.challenge.done': 'Contrôle de sécurité terminé',
  'signup.challenge.failed': 'Le contrôle de sécurité a échoué. Veuillez réessayer.',
  'signup.challenge.no-script':
    'Le contrôle de sécurité nécessite JavaScript. Activez-le dans votre navigateur et rechargez cette page, ou utilisez un autre navigateur.',
  'signup.challenge.required': 'Veuillez effectuer le contrôle de sécurité.',
  'signup.changed':
    'Vos informations ont changé depuis le dernier envoi. Veuillez appuyer encore une fois sur le bouton.',

  'faults.title': 'Veuillez vérifier vos informations',
  'faults.page-title': 'Erreur : {title}',
  'fault.UNKNOWN': 'Veuillez vérifier ce champ.',
  'fault.EMAIL_MISSING': 'Saisissez votre adresse e-mail.',
  'fault.EMAIL_NOT_TEXT': 'Saisissez votre adresse e-mail.',
  'fault.EMAIL_WITHOUT_AT': 'Une adresse e-mail contient un @, comme name@example.com.',
  'fault.EMAIL_TOO_LONG': 'Cette adresse e-mail est trop longue. Elle peut avoir 254 caractères au plus.',
  'fault.EMAIL_HOLDS_INVISIBLE':
    'L’adresse e-mail contient un caractère invisible, comme il en reste parfois après une copie. Veuillez la saisir au clavier.',
  'fault.EMAIL_BEGINS_UNSAFE': 'Une adresse e-mail ne peut pas commencer ici par ce caractère.',
  'fault.EMAIL_LOCAL_PART_INVALID':
    'La partie avant le @ contient un caractère qui n’y est pas admis. Sont admis les lettres sans accent, les chiffres, les points, les tirets et le signe plus.',
  'fault.EMAIL_LOCAL_PART_TOO_LONG':
    'La partie avant le @ est trop longue. Elle peut avoir 64 caractères au plus.',
  'fault.EMAIL_DOMAIN_INVALID':
    'La partie après le @ est incomplète ou incorrecte. Elle doit ressembler à example.com.',
  'fault.PASSWORD_MISSING': 'Choisissez un mot de passe.',
  'fault.PASSWORD_NOT_TEXT': 'Choisissez un mot de passe.',
  'fault.PASSWORD_TOO_SHORT': 'Ce mot de passe est trop court. Utilisez au moins 8 caractères.',
  'fault.PASSWORD_TOO_LONG': 'Ce mot de passe est trop long. Il peut avoir 1 000 caractères au plus.',
  'fault.PASSWORD_HOLDS_NUL':
    'Ce mot de passe contient un caractère invisible qui ne peut pas être utilisé. Veuillez le saisir au clavier.',
  'fault.PASSWORD_MALFORMED':
    'Ce mot de passe contient un caractère endommagé. Veuillez le saisir au clavier.',
  'fault.PASSWORD_WEAK':
    'Ce mot de passe est trop facile à deviner. Ajoutez quelques mots sans lien entre eux, sans votre nom ni votre adresse.',
  'fault.PASSWORD_COMMON':
    'C’est l’un des mots de passe les plus utilisés, qui sont essayés en premier. Choisissez-en un autre.',
  'fault.PASSWORD_PERSONAL':
    'C’est votre adresse, votre nom ou le nôtre, qui sont essayés en premier. Choisissez un autre mot de passe.',
  'fault.FULL_NAME_NOT_TEXT': 'Saisissez votre nom, ou laissez ce champ vide.',
  'fault.FULL_NAME_TOO_LONG': 'Ce nom est trop long. Il peut avoir 255 caractères au plus.',
  'fault.FULL_NAME_HOLDS_CONTROLS':
    'Le nom contient un retour à la ligne ou un caractère invisible. Veuillez le saisir au clavier.',
  'fault.FULL_NAME_TURNS_DIRECTION':
    'Le nom contient un caractère invisible qui change le sens de l’écriture. Veuillez le saisir au clavier.',
  'fault.FULL_NAME_MALFORMED': 'Le nom contient un caractère endommagé. Veuillez le saisir au clavier.',
  'fault.FULL_NAME_HOLDS_ADDRESS':
    'Le nom ne peut pas contenir d’adresse web ou e-mail. S’il n’en contient pas, ajoutez une espace après chaque point.',
  'fault.LANGUAGE_NOT_TEXT': 'Choisissez une langue dans la liste.',
  'fault.LANGUAGE_MALFORMED': 'Choisissez une langue dans la liste.',
  'fault.LANGUAGE_UNKNOWN': 'Choisissez une langue dans la liste.',
  'fault.LANGUAGE_NOT_OFFERED': 'Cette langue n’est pas proposée. Choisissez-en une dans la liste.',
  'fault.TERMS_NOT_ACCEPTED': 'Pour créer un compte, veuillez accepter les {terms}.',

  'check.title': 'Consultez votre boîte de réception',
  'check.text':
    'Nous envoyons un e-mail à {email}. Ouvrez-le et appuyez sur son bouton pour confirmer votre adresse.',
  'check.text.conceal': 'Un e-mail est en route vers {email}. Il vous indique la suite.',
  'check.spam':
    'Rien reçu ? Cela peut prendre quelques minutes. Pensez à regarder aussi dans les courriers indésirables.',
  'check.waiting':
    'Vous pouvez laisser cette page ouverte : la suite s’affichera d’elle-même dès que vous aurez confirmé.',
  'check.inbox': 'Ouvrir la boîte de réception',
  'check.again': 'Renvoyer l’e-mail',
  'check.again.in': 'Vous pourrez faire renvoyer l’e-mail {in}.',
  'check.again.done':
    'Si l’adresse reste à confirmer, nous renvoyons l’e-mail, sauf s’il vient d’être envoyé ou l’a été trop souvent.',
  'check.change': 'Utiliser une autre adresse e-mail',

  'resend.title': 'Renvoyer l’e-mail',
  'resend.text':
    'Saisissez l’adresse e-mail que vous avez indiquée à l’inscription. Nous vous enverrons un nouveau lien.',
  'resend.submit': 'Envoyer l’e-mail',
  'resent.title': 'Consultez votre boîte de réception',
  'resent.text':
    'Si votre adresse reste à confirmer, un nouveau lien est en route. Cela peut prendre quelques minutes. Pensez à regarder aussi dans les courriers indésirables.',

  'confirm.title': 'Confirmez votre adresse e-mail',
  'confirm.text':
    'Appuyez sur le bouton pour confirmer que cette adresse e-mail est la vôtre. Votre compte {brand} sera alors prêt.',
  'confirm.only-if-you':
    'Ne confirmez que si c’est vous qui avez créé ce compte : la personne qui l’a fait en a choisi le mot de passe.',
  'confirm.submit': 'Confirmer l’adresse e-mail',
  'confirm.password.text': 'Saisissez le mot de passe que vous avez choisi à l’inscription.',
  'confirm.password.wrong': 'Ce n’est pas le mot de passe choisi à l’inscription.',
  'confirm.password.again':
    'Veuillez saisir de nouveau votre mot de passe : pour votre sécurité, nous ne l’avons pas conservé.',
  'confirm.password.new': 'Définir un nouveau mot de passe',
  'confirm.password.new.text':
    'Vous ne vous en souvenez pas, ou ce n’est pas vous qui l’avez choisi ? Définissez un nouveau mot de passe. Il remplace l’ancien.',
  'confirm.password.new.label': 'Nouveau mot de passe',
  'confirm.not-me.text':
    'Ce n’est pas vous qui avez créé ce compte ? Alors quelqu’un a saisi votre adresse, peut-être par erreur.',
  'confirm.not-me': 'Ce n’était pas moi',

  'remove.title': 'Supprimer ce compte ?',
  'remove.text':
    'Le compte créé avec votre adresse e-mail sera supprimé, avec tout ce qui est enregistré à son sujet : nom, langues et mot de passe. Cette action est définitive.',
  'remove.submit': 'Supprimer le compte',
  'remove.keep': 'Garder le compte',
  'removed.title': 'Le compte est supprimé',
  'removed.text': 'Merci de nous l’avoir signalé. Votre adresse e-mail n’est plus utilisée ici.',
  'held.title': 'Le compte n’a pas pu être supprimé',
  'held.text': 'D’autres données y sont encore liées, rien n’a donc été modifié. Veuillez nous contacter.',

  'verified.title': 'Votre adresse e-mail est confirmée',
  'verified.text': 'Merci. Votre compte {brand} est prêt, et vous pouvez vous connecter.',
  'already-verified.title': 'Déjà confirmée',
  'already-verified.text':
    'Cette adresse e-mail a déjà été confirmée. Il n’y a plus rien à faire : vous pouvez vous connecter.',
  'expired.title': 'Ce lien a expiré',
  'expired.text':
    'Pour votre sécurité, un lien n’est valable que pour une durée limitée. Nous pouvons en envoyer un nouveau à la même adresse.',
  'expired.submit': 'M’envoyer un nouveau lien',
  'invalid.title': 'Ce lien n’est pas valable',
  'invalid.text':
    'Il a peut-être été coupé en chemin. Ouvrez de nouveau le lien de l’e-mail, ou copiez-le en entier. S’il ne fonctionne toujours pas, le compte n’existe peut-être plus, et vous pouvez vous inscrire de nouveau.',

  'too-many.title': 'Un instant, s’il vous plaît',
  'too-many.text': 'Trop de demandes sont parvenues depuis votre connexion.',
  'away.title': 'Nous sommes injoignables pour le moment',
  'away.text': 'Nous en sommes désolés, l’erreur vient de nous.',
  'no-answer.title': 'Aucune réponse',
  'no-answer.text':
    'Vérifiez votre connexion à Internet et réessayez. Ce que vous avez saisi est conservé, et un seul compte sera créé.',
  'failed.title': 'Un problème est survenu',
  'failed.text': 'Nous en sommes désolés, l’erreur vient de nous. Veuillez réessayer.',
  'too-large.title': 'C’est trop à la fois',
  'too-large.text':
    'Le formulaire était plus grand que ce que cette page accepte. Veuillez raccourcir votre saisie et réessayer.',
  'unreadable.title': 'L’envoi n’est pas arrivé correctement',
  'unreadable.text':
    'Ce que votre navigateur a envoyé n’a pas pu être lu. Veuillez rouvrir la page et refaire la saisie.',
  'not-found.title': 'Cette page n’existe pas',
  'not-found.text': 'L’adresse n’a peut-être pas été copiée en entier.',
};
