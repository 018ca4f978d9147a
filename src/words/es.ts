import type { Words } from './words.js';

export const es: Words = {
  'mail.hello': 'Hola:',
  'mail.hello.name': 'Hola, {name}:',
  'mail.until.day': 'hasta {day} a las {time} UTC ({date})',
  'mail.until.date': 'hasta el {date} a las {time} UTC',
  'mail.copy': 'Si el botón no funciona, copie este enlace y péguelo en su navegador:',
  'mail.support': '¿Tiene alguna pregunta? Estamos aquí para ayudarle: {support}',
  'mail.verification.subject': 'Confirme su cuenta de {brand}',
  'mail.verification.preheader': 'Solo falta un clic para que su cuenta esté lista.',
  'mail.verification.title': 'Confirme su dirección de correo',
  'mail.verification.text':
    'Gracias por registrarse en {brand}. Confirme que esta dirección es suya y su cuenta quedará lista.',
  'mail.verification.button': 'Confirmar la dirección de correo',
  'mail.verification.until': 'El enlace es válido {until}.',
  'mail.verification.why':
    'Recibe este correo porque alguien ha usado la dirección {email} para registrarse en {brand}. Si no ha sido usted, no confirme nada: puede simplemente ignorar este correo.',
  'mail.account-exists.subject': 'Ya tiene una cuenta de {brand}',
  'mail.account-exists.preheader': 'No hay nada que configurar: puede iniciar sesión.',
  'mail.account-exists.title': 'Ya tiene una cuenta',
  'mail.account-exists.text':
    'Alguien, probablemente usted, acaba de intentar registrarse en {brand} con esta dirección. Ya existe una cuenta con ella, así que puede iniciar sesión como siempre.',
  'mail.account-exists.button': 'Iniciar sesión',
  'mail.account-exists.why':
    'Recibe este correo porque alguien ha usado la dirección {email} para registrarse en {brand}. Si no ha sido usted, no tiene que hacer nada: en su cuenta no ha cambiado nada.',

  'language.label': 'Idioma',
  'language.change': 'Cambiar de idioma',
  login: 'Iniciar sesión',
  signup: 'Registrarse',
  back: 'Volver',
  'try-again': 'Intentar de nuevo',
  'try-again.in': 'Inténtelo de nuevo {in}.',
  'continue-to': 'Continuar a {brand}',
  terms: 'Condiciones del servicio',
  privacy: 'Política de privacidad',
  support: 'Obtener ayuda',

  'signup.title': 'Cree su cuenta',
  'signup.email': 'Dirección de correo electrónico',
  'signup.password': 'Contraseña',
  'signup.password.hint':
    'Al menos 8 caracteres. Unas cuantas palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.',
  'signup.password.show': 'Mostrar la contraseña',
  'signup.password.hide': 'Ocultar la contraseña',
  'signup.password.shown': 'Su contraseña está visible.',
  'signup.password.hidden': 'Su contraseña está oculta.',
  'signup.name': 'Nombre completo',
  'signup.optional': 'opcional',
  'signup.languages': 'Sus idiomas',
  'signup.languages.hint':
    'En las reuniones usted habla en su propio idioma y oye a los demás en el que elija.',
  'signup.speaking': 'Hablo',
  'signup.listening': 'Escucho en',
  'signup.languages.search': 'Buscar un idioma',
  'signup.languages.none': 'No se ha encontrado ningún idioma',
  'signup.languages.suggested': 'Sugerencias',
  'signup.languages.all': 'Todos los idiomas',
  'signup.invite': 'Código de invitación',
  'signup.invite.hint': 'Lo encontrará en la invitación que recibió.',
  'signup.invite.for-email': 'Esta invitación es para {email}.',
  'signup.invite.for-domain': 'Esta invitación es para direcciones de correo de {domain}.',
  'signup.terms': 'Acepto las {terms}.',
  'signup.terms.notice': 'Al crear una cuenta, acepta las {terms}.',
  'signup.privacy': 'En nuestra {privacy} explicamos cómo tratamos sus datos.',
  'signup.submit': 'Crear cuenta',
  'signup.sending': 'Creando su cuenta…',
  'signup.have-account': '¿Ya tiene una cuenta? {login}',
  'signup.taken.title': 'Ya tiene una cuenta',
  'signup.taken':
    'Ya existe una cuenta con esta dirección de correo. Puede iniciar sesión. Si todavía no ha confirmado su dirección, podemos volver a enviarle el correo.',
  'signup.closed.title': 'El registro está cerrado',
  'signup.closed': 'En este momento no se pueden crear cuentas nuevas.',
  'signup.invite-required.title': 'Necesita una invitación',
  'signup.invite-required':
    'Solo es posible registrarse con una invitación. Abra el enlace que contiene o introduzca su código.',
  'signup.invite-invalid':
    'Puede que esta invitación haya caducado, que ya se haya usado o que sea para otra dirección de correo. Pida una nueva a la persona que se la envió.',
  'signup.challenge': 'Comprobación de seguridad',
  'signup.challenge.start':
    'Su dispositivo resuelve un pequeño acertijo mientras escribe, para mantener fuera a los robots.',
  'signup.challenge.running': 'Comprobación de seguridad en curso…',
  'signup.challenge.done': 'Comprobación de seguridad terminada',
  'signup.challenge.failed': 'La comprobación de seguridad ha fallado. Inténtelo de nuevo.',
  'signup.challenge.no-script':
    'La comprobación de seguridad necesita JavaScript. Actívelo en su navegador y vuelva a cargar esta página, o use otro navegador.',
  'signup.challenge.required': 'Complete la comprobación de seguridad.',
  'signup.changed': 'Sus datos han cambiado desde el último envío. Pulse el botón una vez más.',

  'faults.title': 'Revise sus datos',
  'faults.page-title': 'Error: {title}',
  'fault.UNKNOWN': 'Revise este dato.',
  'fault.EMAIL_MISSING': 'Introduzca su dirección de correo.',
  'fault.EMAIL_NOT_TEXT': 'Introduzca su dirección de correo.',
  'fault.EMAIL_WITHOUT_AT': 'Una dirección de correo lleva una @, como name@example.com.',
  'fault.EMAIL_TOO_LONG':
    'Esta dirección de correo es demasiado larga. Puede tener 254 caracteres como máximo.',
  'fault.EMAIL_HOLDS_INVISIBLE':
    'La dirección de correo contiene un carácter invisible, como los que quedan a veces al copiar. Escríbala a mano.',
  'fault.EMAIL_BEGINS_UNSAFE': 'Aquí una dirección de correo no puede empezar con este carácter.',
  'fault.EMAIL_LOCAL_PART_INVALID':
    'La parte anterior a la @ contiene un carácter que no se admite. Se admiten letras sin acentos, cifras, puntos, guiones y el signo más.',
  'fault.EMAIL_LOCAL_PART_TOO_LONG':
    'La parte anterior a la @ es demasiado larga. Puede tener 64 caracteres como máximo.',
  'fault.EMAIL_DOMAIN_INVALID':
    'La parte posterior a la @ está incompleta o no es correcta. Tiene la forma example.com.',
  'fault.PASSWORD_MISSING': 'Elija una contraseña.',
  'fault.PASSWORD_NOT_TEXT': 'Elija una contraseña.',
  'fault.PASSWORD_TOO_SHORT': 'Esta contraseña es demasiado corta. Use al menos 8 caracteres.',
  'fault.PASSWORD_TOO_LONG': 'Esta contraseña es demasiado larga. Puede tener 1000 caracteres como máximo.',
  'fault.PASSWORD_HOLDS_NUL':
    'Esta contraseña contiene un carácter invisible que no se puede usar. Escríbala a mano.',
  'fault.PASSWORD_MALFORMED': 'Esta contraseña contiene un carácter dañado. Escríbala a mano.',
  'fault.PASSWORD_WEAK':
    'Esta contraseña es demasiado fácil de adivinar. Añada unas cuantas palabras sin relación entre sí, y no use su nombre ni su dirección.',
  'fault.PASSWORD_COMMON':
    'Es una de las contraseñas más usadas, que son las primeras que se prueban. Elija otra.',
  'fault.PASSWORD_PERSONAL':
    'Es su dirección, su nombre o el nuestro, que es lo primero que se prueba. Elija otra contraseña.',
  'fault.FULL_NAME_NOT_TEXT': 'Introduzca su nombre o deje este campo vacío.',
  'fault.FULL_NAME_TOO_LONG': 'Este nombre es demasiado largo. Puede tener 255 caracteres como máximo.',
  'fault.FULL_NAME_HOLDS_CONTROLS':
    'El nombre contiene un salto de línea o un carácter invisible. Escríbalo a mano.',
  'fault.FULL_NAME_TURNS_DIRECTION':
    'El nombre contiene un carácter invisible que cambia la dirección del texto. Escríbalo a mano.',
  'fault.FULL_NAME_MALFORMED': 'El nombre contiene un carácter dañado. Escríbalo a mano.',
  'fault.FULL_NAME_HOLDS_ADDRESS':
    'El nombre no puede contener una dirección web ni de correo. Si no contiene ninguna, ponga un espacio después de cada punto.',
  'fault.LANGUAGE_NOT_TEXT': 'Elija un idioma de la lista.',
  'fault.LANGUAGE_MALFORMED': 'Elija un idioma de la lista.',
  'fault.LANGUAGE_UNKNOWN': 'Elija un idioma de la lista.',
  'fault.LANGUAGE_NOT_OFFERED': 'Este idioma no está disponible. Elija uno de la lista.',
  'fault.TERMS_NOT_ACCEPTED': 'Para crear una cuenta, acepte las {terms}.',

  'check.title': 'Revise su correo',
  'check.text':
    'Estamos enviando un correo a {email}. Ábralo y pulse el botón que contiene para confirmar su dirección.',
  'check.text.conceal': 'Un correo va en camino a {email}. En él se explica cómo continuar.',
  'check.spam':
    '¿No ha llegado nada? Puede tardar unos minutos. Mire también en la carpeta de correo no deseado.',
  'check.waiting': 'Puede dejar esta página abierta: continuará por sí sola en cuanto haya confirmado.',
  'check.inbox': 'Abrir el buzón',
  'check.again': 'Enviar el correo de nuevo',
  'check.again.in': 'Podrá pedir que se envíe el correo de nuevo {in}.',
  'check.again.done':
    'Si la dirección aún está por confirmar, enviamos el correo de nuevo, salvo que se acabe de enviar o se haya enviado demasiadas veces.',
  'check.change': 'Usar otra dirección de correo',

  'resend.title': 'Enviar el correo de nuevo',
  'resend.text': 'Introduzca la dirección de correo con la que se registró. Le enviaremos un enlace nuevo.',
  'resend.submit': 'Enviar el correo',
  'resent.title': 'Revise su correo',
  'resent.text':
    'Si su dirección aún está por confirmar, un enlace nuevo va en camino. Puede tardar unos minutos. Mire también en la carpeta de correo no deseado.',

  'confirm.title': 'Confirme su dirección de correo',
  'confirm.text':
    'Pulse el botón para confirmar que esta dirección de correo es suya. Después, su cuenta de {brand} estará lista.',
  'confirm.only-if-you':
    'Confirme solo si fue usted quien se registró: quien lo hizo eligió la contraseña de esta cuenta.',
  'confirm.submit': 'Confirmar la dirección de correo',
  'confirm.password.text': 'Introduzca la contraseña que eligió al registrarse.',
  'confirm.password.wrong': 'Esta no es la contraseña que se eligió en el registro.',
  'confirm.password.again': 'Escriba de nuevo su contraseña: por su seguridad, no la hemos conservado.',
  'confirm.password.new': 'Establecer una contraseña nueva',
  'confirm.password.new.text':
    '¿No la recuerda, o no fue usted quien la eligió? Establezca una contraseña nueva. Sustituirá a la anterior.',
  'confirm.password.new.label': 'Contraseña nueva',
  'confirm.not-me.text': '¿No se ha registrado? Entonces alguien introdujo su dirección, quizá por error.',
  'confirm.not-me': 'No he sido yo',

  'remove.title': '¿Eliminar esta cuenta?',
  'remove.text':
    'La cuenta creada con su dirección de correo se eliminará con todo lo que se guarda de ella: nombre, idiomas y contraseña. Esto no se puede deshacer.',
  'remove.submit': 'Eliminar la cuenta',
  'remove.keep': 'Conservar la cuenta',
  'removed.title': 'La cuenta se ha eliminado',
  'removed.text': 'Gracias por avisarnos. Su dirección de correo ya no se usa aquí.',
  'held.title': 'No se ha podido eliminar la cuenta',
  'held.text':
    'Todavía hay otros datos vinculados a ella, así que no se ha cambiado nada. Póngase en contacto con nosotros.',

  'verified.title': 'Su dirección de correo está confirmada',
  'verified.text': 'Gracias. Su cuenta de {brand} está lista y ya puede iniciar sesión.',
  'already-verified.title': 'Ya está confirmada',
  'already-verified.text':
    'Esta dirección de correo ya se había confirmado. No queda nada por hacer: puede iniciar sesión.',
  'expired.title': 'Este enlace ha caducado',
  'expired.text':
    'Por su seguridad, un enlace solo es válido durante un tiempo limitado. Podemos enviar uno nuevo a la misma dirección.',
  'expired.submit': 'Enviarme un enlace nuevo',
  'invalid.title': 'Este enlace no es válido',
  'invalid.text':
    'Puede que se haya cortado por el camino. Abra de nuevo el enlace del correo o cópielo entero. Si sigue sin funcionar, puede que la cuenta ya no exista; en ese caso, regístrese de nuevo.',

  'too-many.title': 'Un momento, por favor',
  'too-many.text': 'Han llegado demasiadas solicitudes desde su conexión.',
  'away.title': 'En este momento no estamos disponibles',
  'away.text': 'Lo sentimos, el error es nuestro.',
  'no-answer.title': 'No ha llegado ninguna respuesta',
  'no-answer.text':
    'Compruebe su conexión a Internet e inténtelo de nuevo. Lo que ha escrito se conserva y no se creará una segunda cuenta.',
  'failed.title': 'Algo ha salido mal',
  'failed.text': 'Lo sentimos, el error es nuestro. Inténtelo de nuevo.',
  'too-large.title': 'Es demasiado de una vez',
  'too-large.text':
    'El formulario era más grande de lo que esta página acepta. Acorte lo que ha escrito e inténtelo de nuevo.',
  'unreadable.title': 'Esto no ha llegado bien',
  'unreadable.text':
    'No se pudo leer lo que envió su navegador. Abra la página de nuevo y vuelva a introducirlo.',
  'not-found.title': 'Esta página no existe',
  'not-found.text': 'Quizá la dirección no se copió entera.',
};
