import type { Words } from './words.js';

export const ja: Words = {
  'mail.hello': 'こんにちは。',
  'mail.hello.name': '{name} 様',
  'mail.until.day': '{day} {time}（UTC、{date}）まで',
  'mail.until.date': '{date} {time}（UTC）まで',
  'mail.copy': 'ボタンが使えない場合は、次のリンクをコピーしてブラウザーに貼り付けてください。',
  'mail.support': 'ご不明な点がありましたら、こちらへお問い合わせください：{support}',
  'mail.verification.subject': '{brand} アカウントの確認をお願いします',
  'mail.verification.preheader': 'あと1クリックで、アカウントをご利用いただけます。',
  'mail.verification.title': 'メールアドレスの確認',
  'mail.verification.text':
    '{brand} にご登録いただき、ありがとうございます。このメールアドレスがご本人のものであることをご確認ください。確認が済むと、アカウントをご利用いただけます。',
  'mail.verification.button': 'メールアドレスを確認する',
  'mail.verification.until': 'このリンクは{until}有効です。',
  'mail.verification.why':
    'このメールは、{email} を使って {brand} への登録が行われたためお送りしています。お心当たりがない場合は、確認をせずに、このメールを破棄してください。',
  'mail.account-exists.subject': '{brand} アカウントはすでに登録されています',
  'mail.account-exists.preheader': '新たな手続きは必要ありません。そのままログインできます。',
  'mail.account-exists.title': 'アカウントはすでに登録されています',
  'mail.account-exists.text':
    'どなたか（おそらくご本人様）が、このメールアドレスで {brand} に登録しようとしました。このアドレスのアカウントはすでにありますので、いつものようにログインしてください。',
  'mail.account-exists.button': 'ログイン',
  'mail.account-exists.why':
    'このメールは、{email} を使って {brand} への登録が行われようとしたためお送りしています。お心当たりがない場合も、何もしていただく必要はありません。アカウントに変更はありません。',

  'language.label': '言語',
  'language.change': '言語を変更',
  login: 'ログイン',
  signup: '新規登録',
  back: '戻る',
  'try-again': 'もう一度試す',
  'try-again.in': '{in}にもう一度お試しください。',
  'continue-to': '{brand} へ進む',
  terms: '利用規約',
  privacy: 'プライバシーポリシー',
  support: 'ヘルプ',

  'signup.title': 'アカウントの作成',
  'signup.email': 'メールアドレス',
  'signup.password': 'パスワード',
  'signup.password.hint':
    '8文字以上。互いに関係のない言葉をいくつか並べると、覚えやすく、推測されにくくなります。',
  'signup.password.show': 'パスワードを表示',
  'signup.password.hide': 'パスワードを隠す',
  'signup.password.shown': 'パスワードを表示しています。',
  'signup.password.hidden': 'パスワードを隠しています。',
  'signup.name': '氏名',
  'signup.optional': '任意',
  'signup.languages': '使用する言語',
  'signup.languages.hint': '会議ではご自分の言語で話し、ほかの人の話を選んだ言語で聞くことができます。',
  'signup.speaking': '話す言語',
  'signup.listening': '聞く言語',
  'signup.languages.search': '言語を検索',
  'signup.languages.none': '該当する言語がありません',
  'signup.languages.suggested': '候補',
  'signup.languages.all': 'すべての言語',
  'signup.invite': '招待コード',
  'signup.invite.hint': 'お手元の招待状に記載されています。',
  'signup.invite.for-email': 'この招待は {email} 宛てです。',
  'signup.invite.for-domain': 'この招待は {domain} のメールアドレス宛てです。',
  'signup.terms': '{terms}に同意します。',
  'signup.terms.notice': 'アカウントを作成すると、{terms}に同意したことになります。',
  'signup.privacy': '個人情報の取り扱いについては、{privacy}をご覧ください。',
  'signup.submit': 'アカウントを作成',
  'signup.sending': 'アカウントを作成しています…',
  'signup.have-account': 'すでにアカウントをお持ちですか？{login}',
  'signup.taken.title': 'アカウントはすでに登録されています',
  'signup.taken':
    'このメールアドレスのアカウントはすでにあります。そのままログインできます。メールアドレスの確認がまだの場合は、メールをもう一度お送りします。',
  'signup.closed.title': '登録の受付を停止しています',
  'signup.closed': '現在、新しいアカウントは作成できません。',
  'signup.invite-required.title': '招待が必要です',
  'signup.invite-required':
    '登録できるのは招待を受けた方のみです。招待状のリンクを開くか、コードを入力してください。',
  'signup.invite-invalid':
    'この招待は、期限が切れているか、すでに使用されているか、別のメールアドレス宛てのものである可能性があります。招待してくださった方に、新しい招待をご依頼ください。',
  'signup.challenge': 'セキュリティチェック',
  'signup.challenge.start': '自動プログラムを防ぐため、入力中にお使いの端末が小さな計算問題を解きます。',
  'signup.challenge.running': 'セキュリティチェックを実行しています…',
  'signup.challenge.done': 'セキュリティチェックが完了しました',
  'signup.challenge.failed': 'セキュリティチェックに失敗しました。もう一度お試しください。',
  'signup.challenge.no-script':
    'セキュリティチェックには JavaScript が必要です。ブラウザーで有効にしてこのページを再読み込みするか、別のブラウザーをお使いください。',
  'signup.challenge.required': 'セキュリティチェックを完了してください。',
  'signup.changed': '前回の送信から入力内容が変更されています。もう一度ボタンを押してください。',

  'faults.title': '入力内容をご確認ください',
  'faults.page-title': 'エラー：{title}',
  'fault.UNKNOWN': 'この項目をご確認ください。',
  'fault.EMAIL_MISSING': 'メールアドレスを入力してください。',
  'fault.EMAIL_NOT_TEXT': 'メールアドレスを入力してください。',
  'fault.EMAIL_WITHOUT_AT': 'メールアドレスには @ が必要です（例：name@example.com）。',
  'fault.EMAIL_TOO_LONG': 'メールアドレスが長すぎます。254文字以内で入力してください。',
  'fault.EMAIL_HOLDS_INVISIBLE':
    'メールアドレスに目に見えない文字が含まれています。コピーの際に混ざることがあります。直接入力してください。',
  'fault.EMAIL_BEGINS_UNSAFE': 'この文字で始まるメールアドレスは、ここでは使用できません。',
  'fault.EMAIL_LOCAL_PART_INVALID':
    '@ の前に使用できない文字が含まれています。使用できるのは、半角の英数字、ピリオド、ハイフン、プラス記号などです。',
  'fault.EMAIL_LOCAL_PART_TOO_LONG': '@ の前が長すぎます。64文字以内で入力してください。',
  'fault.EMAIL_DOMAIN_INVALID':
    '@ の後が不完全か、正しくありません。example.com のような形で入力してください。',
  'fault.PASSWORD_MISSING': 'パスワードを入力してください。',
  'fault.PASSWORD_NOT_TEXT': 'パスワードを入力してください。',
  'fault.PASSWORD_TOO_SHORT': 'パスワードが短すぎます。8文字以上で入力してください。',
  'fault.PASSWORD_TOO_LONG': 'パスワードが長すぎます。1,000文字以内で入力してください。',
  'fault.PASSWORD_HOLDS_NUL':
    'パスワードに使用できない、目に見えない文字が含まれています。直接入力してください。',
  'fault.PASSWORD_MALFORMED': 'パスワードに正しくない文字が含まれています。直接入力してください。',
  'fault.PASSWORD_WEAK':
    'このパスワードは推測されやすいものです。互いに関係のない言葉をいくつか加え、お名前やメールアドレスは含めないでください。',
  'fault.PASSWORD_COMMON':
    'これは特によく使われているパスワードの一つで、真っ先に試されます。別のものにしてください。',
  'fault.PASSWORD_PERSONAL':
    'これはお客様のメールアドレスかお名前、または当サービスの名前で、真っ先に試されます。別のパスワードにしてください。',
  'fault.FULL_NAME_NOT_TEXT': '氏名を入力するか、空欄のままにしてください。',
  'fault.FULL_NAME_TOO_LONG': '氏名が長すぎます。255文字以内で入力してください。',
  'fault.FULL_NAME_HOLDS_CONTROLS':
    '氏名に改行または目に見えない文字が含まれています。直接入力してください。',
  'fault.FULL_NAME_TURNS_DIRECTION':
    '氏名に文字の向きを変える、目に見えない文字が含まれています。直接入力してください。',
  'fault.FULL_NAME_MALFORMED': '氏名に正しくない文字が含まれています。直接入力してください。',
  'fault.FULL_NAME_HOLDS_ADDRESS':
    '氏名にウェブサイトやメールのアドレスを含めることはできません。含まれていない場合は、ピリオドの後に空白を入れてください。',
  'fault.LANGUAGE_NOT_TEXT': '一覧から言語を選択してください。',
  'fault.LANGUAGE_MALFORMED': '一覧から言語を選択してください。',
  'fault.LANGUAGE_UNKNOWN': '一覧から言語を選択してください。',
  'fault.LANGUAGE_NOT_OFFERED': 'この言語はご利用いただけません。一覧から選択してください。',
  'fault.TERMS_NOT_ACCEPTED': 'アカウントを作成するには、{terms}への同意が必要です。',

  'check.title': 'メールをご確認ください',
  'check.text':
    '{email} にメールをお送りしています。届いたメールを開き、その中のボタンを押してメールアドレスを確認してください。',
  'check.text.conceal': '{email} にメールをお送りしています。メールの案内に沿ってお進みください。',
  'check.spam': '届きませんか？数分かかることがあります。迷惑メールフォルダーもご確認ください。',
  'check.waiting': 'このページは開いたままで構いません。確認が済むと、自動的に次へ進みます。',
  'check.inbox': 'メールボックスを開く',
  'check.again': 'メールを再送する',
  'check.again.in': '{in}にメールを再送できます。',
  'check.again.done':
    'メールアドレスの確認がお済みでない場合に限り、メールを再送します（送信直後、または送信回数が多すぎる場合を除きます）。',
  'check.change': '別のメールアドレスを使う',

  'resend.title': 'メールの再送',
  'resend.text': '登録時のメールアドレスを入力してください。新しいリンクをお送りします。',
  'resend.submit': 'メールを送信する',
  'resent.title': 'メールをご確認ください',
  'resent.text':
    'メールアドレスの確認がまだの場合は、新しいリンクをお送りしています。数分かかることがあります。迷惑メールフォルダーもご確認ください。',

  'confirm.title': 'メールアドレスの確認',
  'confirm.text':
    'ボタンを押して、このメールアドレスがご本人のものであることをご確認ください。確認が済むと、{brand} アカウントをご利用いただけます。',
  'confirm.only-if-you':
    'ご自分で登録した場合にのみ確認してください。このアカウントのパスワードは、登録した人が決めたものです。',
  'confirm.submit': 'メールアドレスを確認する',
  'confirm.password.text': '登録時に設定したパスワードを入力してください。',
  'confirm.password.wrong': '登録時に設定されたパスワードと一致しません。',
  'confirm.password.again':
    'パスワードをもう一度入力してください。安全のため、先ほど入力されたものは保持していません。',
  'confirm.password.new': '新しいパスワードを設定する',
  'confirm.password.new.text':
    '覚えていない場合や、ご自分で設定したものでない場合は、新しいパスワードを設定してください。以前のパスワードと置き換わります。',
  'confirm.password.new.label': '新しいパスワード',
  'confirm.not-me.text':
    '登録したお心当たりがない場合は、どなたかが誤ってお客様のメールアドレスを入力した可能性があります。',
  'confirm.not-me': '登録した覚えがありません',

  'remove.title': 'このアカウントを削除しますか？',
  'remove.text':
    'お客様のメールアドレスで作成されたアカウントと、保存されているすべての情報（氏名、言語、パスワード）を削除します。元に戻すことはできません。',
  'remove.submit': 'アカウントを削除する',
  'remove.keep': 'アカウントを残す',
  'removed.title': 'アカウントを削除しました',
  'removed.text': 'お知らせいただき、ありがとうございます。メールアドレスはここではもう使用されていません。',
  'held.title': 'アカウントを削除できませんでした',
  'held.text':
    'このアカウントには他のデータがまだ関連付けられているため、何も変更していません。お手数ですが、お問い合わせください。',

  'verified.title': 'メールアドレスを確認しました',
  'verified.text': 'ありがとうございます。{brand} アカウントの準備が整いました。ログインできます。',
  'already-verified.title': '確認済みです',
  'already-verified.text':
    'このメールアドレスはすでに確認されています。ほかに必要な手続きはありません。ログインできます。',
  'expired.title': 'このリンクは期限切れです',
  'expired.text':
    '安全のため、リンクには有効期限があります。同じメールアドレスに新しいリンクをお送りできます。',
  'expired.submit': '新しいリンクを送る',
  'invalid.title': 'このリンクは無効です',
  'invalid.text':
    'リンクが途中で切れている可能性があります。メールのリンクをもう一度開くか、全体をコピーしてください。それでも開けない場合は、アカウントがすでに存在しない可能性があります。その場合は、改めてご登録ください。',

  'too-many.title': '少々お待ちください',
  'too-many.text': 'お使いの接続からのリクエストが多すぎます。',
  'away.title': '現在、接続できません',
  'away.text': 'ご不便をおかけし、申し訳ございません。',
  'no-answer.title': '応答がありませんでした',
  'no-answer.text':
    'インターネット接続をご確認のうえ、もう一度お試しください。入力内容は保持されており、二重に登録されることはありません。',
  'failed.title': '問題が発生しました',
  'failed.text': '申し訳ございません。当方の不具合です。もう一度お試しください。',
  'too-large.title': '入力内容が多すぎます',
  'too-large.text':
    'このページで受け付けられる大きさを超えています。入力内容を短くして、もう一度お試しください。',
  'unreadable.title': '正しく届きませんでした',
  'unreadable.text':
    'ブラウザから送信された内容を読み取れませんでした。ページを開き直して、もう一度入力してください。',
  'not-found.title': 'このページは存在しません',
  'not-found.text': 'アドレスの一部が欠けている可能性があります。',
};
