import type { Words } from './words.js';

/** In the spelling of Brazil, as CLDR reads a bare `pt`; a host may add `pt-PT`. */
export const pt: Words = {
  'mail.hello': 'Olá!',
  'mail.hello.name': 'Olá, {name}!',
  'mail.until.day': 'até {day} às {time} UTC ({date})',
  'mail.until.date': 'até {date} às {time} UTC',
  'mail.copy': 'Se o botão não funcionar, copie este link e cole-o no seu navegador:',
  'mail.support': 'Alguma dúvida? Estamos aqui para ajudar: {support}',
  'mail.verification.subject': 'Confirme a sua conta {brand}',
  'mail.verification.preheader': 'Falta só um clique para a sua conta ficar pronta.',
  'mail.verification.title': 'Confirme o seu endereço de e-mail',
  'mail.verification.text':
    'Agradecemos o seu cadastro em {brand}. Confirme que este endereço é seu e a sua conta ficará pronta.',
  'mail.verification.button': 'Confirmar o endereço de e-mail',
  'mail.verification.until': 'O link é válido {until}.',
  'mail.verification.why':
    'Você recebeu este e-mail porque alguém usou o endereço {email} para se cadastrar em {brand}. Se não foi você, não confirme nada: pode simplesmente ignorar este e-mail.',
  'mail.account-exists.subject': 'Você já tem uma conta {brand}',
  'mail.account-exists.preheader': 'Não há nada a configurar: você já pode entrar.',
  'mail.account-exists.title': 'Você já tem uma conta',
  'mail.account-exists.text':
    'Alguém, provavelmente você, acabou de tentar se cadastrar em {brand} com este endereço. Já existe uma conta com ele; você pode entrar como de costume.',
  'mail.account-exists.button': 'Entrar',
  'mail.account-exists.why':
    'Você recebeu este e-mail porque alguém usou o endereço {email} para se cadastrar em {brand}. Se não foi você, não precisa fazer nada: nada mudou na sua conta.',

  'language.label': 'Idioma',
  'language.change': 'Mudar o idioma',
  login: 'Entrar',
  signup: 'Cadastrar-se',
  back: 'Voltar',
  'try-again': 'Tentar novamente',
  'try-again.in': 'Tente novamente {in}.',
  'continue-to': 'Ir para {brand}',
  terms: 'Termos de Serviço',
  privacy: 'Política de Privacidade',
  support: 'Obter ajuda',

  'signup.title': 'Crie a sua conta',
  'signup.email': 'Endereço de e-mail',
  'signup.password': 'Senha',
  'signup.password.hint':
    'Pelo menos 8 caracteres. Algumas palavras sem relação entre si são fáceis de lembrar e difíceis de adivinhar.',
  'signup.password.show': 'Mostrar a senha',
  'signup.password.hide': 'Ocultar a senha',
  'signup.password.shown': 'Sua senha está visível.',
  'signup.password.hidden': 'Sua senha está oculta.',
  'signup.name': 'Nome completo',
  'signup.optional': 'opcional',
  'signup.languages': 'Seus idiomas',
  'signup.languages.hint':
    'Nas reuniões, você fala no seu próprio idioma e ouve os outros no idioma que escolher.',
  'signup.speaking': 'Eu falo',
  'signup.listening': 'Eu ouço em',
  'signup.languages.search': 'Buscar um idioma',
  'signup.languages.none': 'Nenhum idioma encontrado',
  'signup.languages.suggested': 'Sugestões',
  'signup.languages.all': 'Todos os idiomas',
  'signup.invite': 'Código do convite',
  'signup.invite.hint': 'Ele está no convite que você recebeu.',
  'signup.invite.for-email': 'Este convite é para {email}.',
  'signup.invite.for-domain': 'Este convite é para endereços de e-mail de {domain}.',
  'signup.terms': 'Aceito os {terms}.',
  'signup.terms.notice': 'Ao criar uma conta, você aceita os {terms}.',
  'signup.privacy': 'Veja como tratamos os seus dados na nossa {privacy}.',
  'signup.submit': 'Criar conta',
  'signup.sending': 'Criando a sua conta…',
  'signup.have-account': 'Você já tem uma conta? {login}',
  'signup.taken.title': 'Você já tem uma conta',
  'signup.taken':
    'Já existe uma conta com este endereço de e-mail. Você pode entrar. Se ainda não confirmou o seu endereço, podemos enviar o e-mail novamente.',
  'signup.closed.title': 'Os cadastros estão fechados',
  'signup.closed': 'No momento não é possível criar novas contas.',
  'signup.invite-required.title': 'Você precisa de um convite',
  'signup.invite-required':
    'O cadastro só é possível com um convite. Abra o link que está nele ou digite o código.',
  'signup.invite-invalid':
    'Este convite pode ter expirado, já ter sido usado ou ser para outro endereço de e-mail. Peça um novo à pessoa que o enviou.',
  'signup.challenge': 'Verificação de segurança',
  'signup.challenge.start':
    'Seu dispositivo resolve um pequeno enigma enquanto você digita, para manter robôs afastados.',
  'signup.challenge.running': 'Verificação de segurança em andamento…',
  'signup.challenge.done': 'Verificação de segurança concluída',
  'signup.challenge.failed': 'A verificação de segurança falhou. Tente novamente.',
  'signup.challenge.no-script':
    'A verificação de segurança precisa de JavaScript. Ative-o no seu navegador e recarregue esta página, ou use outro navegador.',
  'signup.challenge.required': 'Conclua a verificação de segurança.',
  'signup.changed': 'Os seus dados mudaram desde o último envio. Pressione o botão mais uma vez.',

  'faults.title': 'Verifique os seus dados',
  'faults.page-title': 'Erro: {title}',
  'fault.UNKNOWN': 'Verifique este campo.',
  'fault.EMAIL_MISSING': 'Digite o seu endereço de e-mail.',
  'fault.EMAIL_NOT_TEXT': 'Digite o seu endereço de e-mail.',
  'fault.EMAIL_WITHOUT_AT': 'Um endereço de e-mail tem um @, como em name@example.com.',
  'fault.EMAIL_TOO_LONG': 'Este endereço de e-mail é longo demais. Ele pode ter no máximo 254 caracteres.',
  'fault.EMAIL_HOLDS_INVISIBLE':
    'O endereço de e-mail contém um caractere invisível, como os que às vezes ficam ao copiar. Digite-o à mão.',
  'fault.EMAIL_BEGINS_UNSAFE': 'Aqui um endereço de e-mail não pode começar com este caractere.',
  'fault.EMAIL_LOCAL_PART_INVALID':
    'A parte antes do @ contém um caractere que não é permitido. Use letras sem acento, algarismos, pontos, hifens e o sinal de mais.',
  'fault.EMAIL_LOCAL_PART_TOO_LONG':
    'A parte antes do @ é longa demais. Ela pode ter no máximo 64 caracteres.',
  'fault.EMAIL_DOMAIN_INVALID':
    'A parte depois do @ está incompleta ou incorreta. Ela tem a forma example.com.',
  'fault.PASSWORD_MISSING': 'Escolha uma senha.',
  'fault.PASSWORD_NOT_TEXT': 'Escolha uma senha.',
  'fault.PASSWORD_TOO_SHORT': 'Esta senha é curta demais. Use pelo menos 8 caracteres.',
  'fault.PASSWORD_TOO_LONG': 'Esta senha é longa demais. Ela pode ter no máximo 1.000 caracteres.',
  'fault.PASSWORD_HOLDS_NUL':
    'Esta senha contém um caractere invisível que não pode ser usado. Digite-a à mão.',
  'fault.PASSWORD_MALFORMED': 'Esta senha contém um caractere danificado. Digite-a à mão.',
  'fault.PASSWORD_WEAK':
    'Esta senha é fácil demais de adivinhar. Acrescente algumas palavras sem relação entre si e deixe de fora o seu nome e o seu endereço.',
  'fault.PASSWORD_COMMON':
    'Esta é uma das senhas mais usadas, que são as primeiras a ser testadas. Escolha outra.',
  'fault.PASSWORD_PERSONAL':
    'Isto é o seu endereço, o seu nome ou o nosso, que são testados primeiro. Escolha outra senha.',
  'fault.FULL_NAME_NOT_TEXT': 'Digite o seu nome ou deixe este campo vazio.',
  'fault.FULL_NAME_TOO_LONG': 'Este nome é longo demais. Ele pode ter no máximo 255 caracteres.',
  'fault.FULL_NAME_HOLDS_CONTROLS':
    'O nome contém uma quebra de linha ou um caractere invisível. Digite-o à mão.',
  'fault.FULL_NAME_TURNS_DIRECTION':
    'O nome contém um caractere invisível que muda a direção do texto. Digite-o à mão.',
  'fault.FULL_NAME_MALFORMED': 'O nome contém um caractere danificado. Digite-o à mão.',
  'fault.FULL_NAME_HOLDS_ADDRESS':
    'O nome não pode conter um endereço da web ou de e-mail. Se não contém nenhum, coloque um espaço depois de cada ponto.',
  'fault.LANGUAGE_NOT_TEXT': 'Escolha um idioma da lista.',
  'fault.LANGUAGE_MALFORMED': 'Escolha um idioma da lista.',
  'fault.LANGUAGE_UNKNOWN': 'Escolha um idioma da lista.',
  'fault.LANGUAGE_NOT_OFFERED': 'Este idioma não está disponível. Escolha um da lista.',
  'fault.TERMS_NOT_ACCEPTED': 'Para criar uma conta, aceite os {terms}.',

  'check.title': 'Verifique o seu e-mail',
  'check.text':
    'Estamos enviando um e-mail para {email}. Abra-o e pressione o botão que está nele para confirmar o seu endereço.',
  'check.text.conceal': 'Um e-mail está a caminho de {email}. Ele explica como continuar.',
  'check.spam': 'Não chegou nada? Pode levar alguns minutos. Olhe também na pasta de spam.',
  'check.waiting': 'Você pode deixar esta página aberta: ela continua sozinha assim que você confirmar.',
  'check.inbox': 'Abrir a caixa de entrada',
  'check.again': 'Enviar o e-mail novamente',
  'check.again.in': 'Você poderá pedir o envio do e-mail novamente {in}.',
  'check.again.done':
    'Se o endereço ainda precisa ser confirmado, enviamos o e-mail novamente, a menos que tenha acabado de ser enviado ou já tenha sido enviado vezes demais.',
  'check.change': 'Usar outro endereço de e-mail',

  'resend.title': 'Enviar o e-mail novamente',
  'resend.text': 'Digite o endereço de e-mail com o qual você se cadastrou. Enviaremos um novo link.',
  'resend.submit': 'Enviar o e-mail',
  'resent.title': 'Verifique o seu e-mail',
  'resent.text':
    'Se o seu endereço ainda precisa ser confirmado, um novo link está a caminho. Pode levar alguns minutos. Olhe também na pasta de spam.',

  'confirm.title': 'Confirme o seu endereço de e-mail',
  'confirm.text':
    'Pressione o botão para confirmar que este endereço de e-mail é seu. Depois disso, a sua conta {brand} estará pronta.',
  'confirm.only-if-you':
    'Confirme somente se foi você quem se cadastrou: quem fez isso escolheu a senha desta conta.',
  'confirm.submit': 'Confirmar o endereço de e-mail',
  'confirm.password.text': 'Digite a senha que você escolheu ao se cadastrar.',
  'confirm.password.wrong': 'Esta não é a senha escolhida no cadastro.',
  'confirm.password.again': 'Digite a sua senha novamente: para a sua segurança, ela não foi guardada.',
  'confirm.password.new': 'Definir uma nova senha',
  'confirm.password.new.text':
    'Você não se lembra dela, ou não foi você quem a escolheu? Defina uma nova senha. Ela substitui a anterior.',
  'confirm.password.new.label': 'Nova senha',
  'confirm.not-me.text': 'Você não se cadastrou? Então alguém digitou o seu endereço, talvez por engano.',
  'confirm.not-me': 'Não fui eu',

  'remove.title': 'Remover esta conta?',
  'remove.text':
    'A conta criada com o seu endereço de e-mail será removida com tudo o que está guardado sobre ela: nome, idiomas e senha. Isso não pode ser desfeito.',
  'remove.submit': 'Remover a conta',
  'remove.keep': 'Manter a conta',
  'removed.title': 'A conta foi removida',
  'removed.text': 'Agradecemos o aviso. O seu endereço de e-mail não é mais usado aqui.',
  'held.title': 'Não foi possível remover a conta',
  'held.text': 'Ainda há outros dados ligados a ela, por isso nada foi alterado. Entre em contato conosco.',

  'verified.title': 'O seu endereço de e-mail está confirmado',
  'verified.text': 'Tudo certo. A sua conta {brand} está pronta e você já pode entrar.',
  'already-verified.title': 'Já confirmado',
  'already-verified.text':
    'Este endereço de e-mail já tinha sido confirmado. Não há mais nada a fazer: você pode entrar.',
  'expired.title': 'Este link expirou',
  'expired.text':
    'Para a sua segurança, um link só vale por tempo limitado. Podemos enviar um novo para o mesmo endereço.',
  'expired.submit': 'Enviar um novo link',
  'invalid.title': 'Este link não é válido',
  'invalid.text':
    'Ele pode ter sido cortado no caminho. Abra de novo o link do e-mail ou copie-o por inteiro. Se ainda não funcionar, a conta talvez não exista mais, e você pode se cadastrar novamente.',

  'too-many.title': 'Um momento, por favor',
  'too-many.text': 'Recebemos solicitações demais da sua conexão.',
  'away.title': 'Não estamos disponíveis no momento',
  'away.text': 'Pedimos desculpas, o erro é nosso.',
  'no-answer.title': 'Não houve resposta',
  'no-answer.text':
    'Verifique a sua conexão com a internet e tente novamente. O que você digitou fica guardado, e não será criada uma segunda conta.',
  'failed.title': 'Algo deu errado',
  'failed.text': 'Pedimos desculpas, o erro é nosso. Tente novamente.',
  'too-large.title': 'Isto é demais de uma só vez',
  'too-large.text':
    'O formulário era maior do que esta página aceita. Encurte o que digitou e tente novamente.',
  'unreadable.title': 'Isto não chegou corretamente',
  'unreadable.text':
    'Não foi possível ler o que o seu navegador enviou. Abra a página novamente e digite outra vez.',
  'not-found.title': 'Esta página não existe',
  'not-found.text': 'Talvez o endereço não tenha sido copiado por inteiro.',
};
