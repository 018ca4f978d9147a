/** Names as they are given in one language. */
export interface NameSet {
  language: string;
  given: readonly Name[];
  family: readonly Name[];
  /** Puts a full name together. */
  join: (given: string, family: string) => string;
}

/** A name in its own script, and as it would stand in an email address: ASCII letters in lower case. */
export interface Name {
  written: string;
  ascii: string;
}

/** Letters that Unicode does not decompose. Before the lists, which are read on import. */
const withoutDecomposition: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  ø: 'o',
  æ: 'ae',
};

const givenFirst = (given: string, family: string): string => `${given} ${family}`;
const familyFirst = (given: string, family: string): string => `${family} ${given}`;
const familyFirstUnspaced = (given: string, family: string): string => `${family}${given}`;

/** Each name alone where it is in Latin script, else with its romanisation: `Анна/anna`. */
export const nameSets: readonly NameSet[] = [
  nameSet('en', givenFirst, {
    given: 'Ada Grace Alan Edith Oliver Amelia Noah Isla Samuel Zoe Conor Maeve Desmond Pearl Ruby Theo',
    family:
      'Lovelace Hopper Turner Bennett Clarke O’Connor Walker Ashworth Fletcher Mbeki Reid Sinclair Nguyen Patel Hughes Marsh',
  }),
  nameSet('fr', givenFirst, {
    given:
      'Amélie Zoé Léa Élodie Chloé Inès Margaux Camille Hugo Théo Gaël Loïc Étienne François Aurélien Noël',
    family:
      'Dubois Lefèvre Moreau Girard Château Benoît Mercier Faure Rousseau Béranger Lemaître Garnier d’Aubigné Perrin Gauthier Colin',
  }),
  nameSet('fr-CA', givenFirst, {
    given:
      'Océane Maxime Rosalie Félix Jade Olivier Florence Jérémie Maude Xavier Noémie Raphaël Sarah-Maude Émile Béatrice Justin',
    family:
      'Tremblay Gagnon Côté Bouchard Pelletier Bélanger Lévesque Ouellet Poirier Leblanc Thériault Boudreau Désilets Cyr Rivard Nadeau',
  }),
  nameSet('es', givenFirst, {
    given:
      'Lucía Martín Sofía Álvaro Inés Hernán Begoña Íñigo Ximena Andrés Noelia Joaquín Elena Raúl Pilar Óscar',
    family:
      'García Muñoz Fernández Ibáñez Peña López Núñez Castaño Ruiz Gómez Vázquez Ortega Serrano Domínguez Cano Rey',
  }),
  nameSet('pt-BR', givenFirst, {
    given:
      'João Conceição Inês Caetano Thaís Luís Débora Antônio Beatriz Vinícius Larissa Otávio Marina Caio Letícia Davi',
    family:
      'Silva Gonçalves Araújo Magalhães Simões Nóbrega Pereira Assunção Teixeira Falcão Guimarães Moura Leitão Prado Brandão Reis',
  }),
  nameSet('de', givenFirst, {
    given:
      'Jürgen Käthe Björn Anke Lieselotte Jörg Ingrid Matthias Annika Günther Friederike Moritz Heike Lukas Sören Ulrike',
    family:
      'Müller Schröder Weiß Köhler Krüger Böhm Lindner Großmann Schäfer Vogt Jäger Brandt Kuhn Hübner Seidel Winter',
  }),
  nameSet('it', givenFirst, {
    given:
      'Niccolò Giulia Matteo Chiara Lorenzo Beatrice Tommaso Aurora Edoardo Ginevra Pietro Alessia Davide Noemi Salvatore Irene',
    family:
      'Rossi Bianchi D’Angelo Conti Esposito Ricci Marchetti Bruno Gallo Fontana Rinaldi Caruso Moretti Barbieri Testa Villa',
  }),
  nameSet('pl', givenFirst, {
    given:
      'Małgorzata Łukasz Zofia Stanisław Agnieszka Paweł Żaneta Michał Świętosława Kacper Jadwiga Wojciech Hanna Bartłomiej Julia Marek',
    family:
      'Nowak Wiśniewska Dąbrowski Wójcik Zieliński Łuczak Górska Pawłowski Król Jabłoński Wróbel Sadowska Żak Mróz Sikora Lis',
  }),
  nameSet('cs', givenFirst, {
    given:
      'Jiří Božena Tomáš Žofie Ondřej Kateřina Šimon Růžena Václav Eliška Lukáš Tereza Matěj Anežka Zdeněk Lenka',
    family:
      'Novák Dvořáková Černý Procházka Šťastný Kučerová Růžička Žák Říha Sedláček Beneš Fiala Krejčí Vlček Kolář Urban',
  }),
  nameSet('tr', givenFirst, {
    given: 'Ayşe Çağlar Gülşen Işıl Özgür Şebnem Tuğçe Ümit Deniz Yiğit Zeynep Kerem Elif Barış Emine Oğuz',
    family:
      'Yılmaz Öztürk Şahin Çelik Güneş Doğan Kılıç Aydın Koç Yıldırım Özkan Bulut Aksoy Taş Erdoğmuş Polat',
  }),
  nameSet('vi', familyFirst, {
    given: 'Minh Thảo Hương Đức Quỳnh Bảo Ngọc Tuấn Hằng Khánh Linh Phúc Trâm Dũng Yến Sơn',
    family: 'Nguyễn Trần Lê Phạm Hoàng Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Phan Vũ',
  }),
  nameSet('sw', givenFirst, {
    given:
      'Amani Baraka Neema Juma Zawadi Rehema Daudi Subira Imani Hamisi Furaha Salma Otieno Wanjiru Asha Kito',
    family:
      'Mwangi Kamau Odhiambo Njoroge Mushi Wekesa Kimani Achieng Mollel Kariuki Omondi Nyerere Kiprono Chege Mutua Abasi',
  }),
  nameSet('yo', givenFirst, {
    given:
      'Adébáyọ̀ Olúwaṣeun Fọláṣadé Táíwò Kẹ́hìndé Ṣadé Yétúndé Babátúndé Abẹ́ní Akínwálé Títílayọ̀ Àyọ̀délé Bọ́lá Dúpẹ́ Mọ́yọ̀ Ṣẹ́gun',
    family:
      'Adéyẹmí Ògúnbánjọ Akíntọ́lá Ọlátúnjí Fálànà Bámgbóṣé Ṣóyínká Adélékè Ọbáfẹ́mi Àjàyí Bákàrè Oyèdélé Adésànyà Ìbíkúnlé Ọ̀ṣọ́bà Àlàbí',
  }),
  nameSet('el', givenFirst, {
    given:
      'Άννα/anna Γιώργος/giorgos Ελένη/eleni Κώστας/kostas Μαρία/maria Νίκος/nikos Σοφία/sofia Δημήτρης/dimitris Ιωάννα/ioanna Θανάσης/thanasis Χρυσούλα/chrysoula Στέλιος/stelios',
    family:
      'Παπαδόπουλος/papadopoulos Νικολάου/nikolaou Οικονόμου/oikonomou Γεωργίου/georgiou Βλάχος/vlachos Καραγιάννη/karagianni Μακρής/makris Αντωνίου/antoniou Ξενάκη/xenaki Ρήγας/rigas',
  }),
  nameSet('ru', givenFirst, {
    given:
      'Анна/anna Дмитрий/dmitry Ольга/olga Сергей/sergey Наталья/natalya Пётр/pyotr Юлия/yulia Алексей/alexey Ксения/kseniya Фёдор/fyodor Вера/vera Игорь/igor',
    family:
      'Соколенко/sokolenko Шевчук/shevchuk Гриневич/grinevich Черных/chernykh Левченко/levchenko Дубинин/dubinin Савчук/savchuk Жук/zhuk Мельник/melnik Седых/sedykh Цой/tsoy Юрьевых/yuryevykh',
  }),
  nameSet('uk', givenFirst, {
    given:
      'Олена/olena Тарас/taras Ірина/iryna Богдан/bohdan Соломія/solomiia Андрій/andrii Катерина/kateryna Остап/ostap Леся/lesia Юрій/yurii Ганна/hanna Євген/yevhen',
    family:
      'Шевченко/shevchenko Коваленко/kovalenko Бондаренко/bondarenko Ткачук/tkachuk Їжак/yizhak Гончар/honchar Мороз/moroz Лисенко/lysenko Кравець/kravets Петренко/petrenko',
  }),
  nameSet('hy', givenFirst, {
    given:
      'Անահիտ/anahit Արամ/aram Գայանե/gayane Տիգրան/tigran Նարե/nare Հայկ/hayk Լուսինե/lusine Վահան/vahan',
    family:
      'Պետրոսյան/petrosyan Հակոբյան/hakobyan Սարգսյան/sargsyan Մկրտչյան/mkrtchyan Գրիգորյան/grigoryan Ավետիսյան/avetisyan',
  }),
  nameSet('ka', givenFirst, {
    given:
      'ნინო/nino გიორგი/giorgi თამარ/tamar ლევან/levan მარიამ/mariam დავით/davit ქეთევან/ketevan ზურაბ/zurab',
    family:
      'ბერიძე/beridze კაპანაძე/kapanadze გელაშვილი/gelashvili მაისურაძე/maisuradze ლომიძე/lomidze წიკლაური/tsiklauri',
  }),
  nameSet('ar', givenFirst, {
    given:
      'فاطمة/fatima أحمد/ahmad ليلى/layla يوسف/yusuf مريم/maryam خالد/khalid نور/nour عمر/omar سلمى/salma طارق/tariq هدى/huda زياد/ziad',
    family:
      'الحداد/alhaddad منصور/mansour الخطيب/alkhatib النجار/alnajjar حمدان/hamdan الصباغ/alsabbagh قاسم/qasim درويش/darwish المصري/almasri شاهين/shahin',
  }),
  nameSet('fa', givenFirst, {
    given: 'شیرین/shirin آرش/arash نسرین/nasrin کاوه/kaveh پریسا/parisa بهرام/bahram مینا/mina سهراب/sohrab',
    family: 'رضایی/rezaei کریمی/karimi حسینی/hosseini مرادی/moradi صادقی/sadeghi جعفری/jafari نوری/nouri',
  }),
  nameSet('he', givenFirst, {
    given:
      'נועה/noa איתן/eitan תמר/tamar יונתן/yonatan מיכל/michal אורי/uri שירה/shira דניאל/daniel רות/ruth גיל/gil',
    family: 'כהן/cohen לוי/levi מזרחי/mizrahi פרץ/peretz ביטון/biton אברהם/avraham שפירא/shapira גולן/golan',
  }),
  nameSet('hi', givenFirst, {
    given:
      'आरव/aarav प्रिया/priya अनन्या/ananya रोहन/rohan दीपिका/deepika विक्रम/vikram मीरा/meera अर्जुन/arjun कविता/kavita संजय/sanjay नेहा/neha राहुल/rahul',
    family:
      'शर्मा/sharma वर्मा/verma गुप्ता/gupta सिंह/singh मिश्रा/mishra त्रिपाठी/tripathi जोशी/joshi चौहान/chauhan पाण्डेय/pandey सक्सेना/saxena',
  }),
  nameSet('bn', givenFirst, {
    given:
      'অনন্যা/ananya রাহুল/rahul তানজিলা/tanzila সৌরভ/sourav নুসরাত/nusrat অর্ণব/arnab শ্রেয়া/shreya ইমরান/imran',
    family:
      'চট্টোপাধ্যায়/chattopadhyay রহমান/rahman সেনগুপ্ত/sengupta হোসেন/hossain দাশ/dash মুখার্জি/mukherjee ইসলাম/islam',
  }),
  nameSet('ta', givenFirst, {
    given:
      'அருண்/arun கவிதா/kavitha முருகன்/murugan மீனாட்சி/meenakshi செல்வி/selvi கார்த்திக்/karthik நந்தினி/nandini வேலு/velu',
    family:
      'சுப்பிரமணியன்/subramanian ராஜன்/rajan குமார்/kumar வெங்கடேசன்/venkatesan பாண்டியன்/pandian நடராஜன்/natarajan',
  }),
  nameSet('th', givenFirst, {
    given:
      'สมชาย/somchai ณัฐพล/nattapon พิมพ์ชนก/pimchanok อรทัย/orathai วรพล/worapon กมลชนก/kamonchanok ธนกร/thanakorn สุดา/suda',
    family:
      'ใจดี/jaidee ศรีสุข/srisuk วงศ์สวัสดิ์/wongsawat บุญมี/boonmee แก้วมณี/kaewmanee ทองคำ/thongkham รัตนพล/rattanapon',
  }),
  nameSet('am', givenFirst, {
    given: 'አበበ/abebe ሰላም/selam ዳዊት/dawit ሀና/hana ተስፋዬ/tesfaye ማርታ/marta ኃይሌ/haile ፀሐይ/tsehay',
    family: 'ከበደ/kebede ታደሰ/tadesse ገብረ/gebre አለሙ/alemu መንግስቱ/mengistu በቀለ/bekele ወርቁ/worku',
  }),
  nameSet('ja', familyFirst, {
    given:
      '陽菜/hina さくら/sakura 蓮/ren 健太/kenta 美咲/misaki 大輔/daisuke ひかり/hikari 翔太/shota 結衣/yui 直樹/naoki あかり/akari 悠斗/yuto',
    family:
      '佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 伊藤/ito 小林/kobayashi 山本/yamamoto 斎藤/saito 中村/nakamura 髙田/takada 長谷川/hasegawa 森/mori',
  }),
  nameSet('ko', familyFirstUnspaced, {
    given:
      '지우/jiwoo 민준/minjun 서연/seoyeon 하윤/hayoon 도현/dohyun 수빈/subin 예준/yejun 은지/eunji 지훈/jihoon 소희/sohee 태영/taeyoung 유나/yuna',
    family: '김/kim 이/lee 박/park 최/choi 정/jung 강/kang 조/cho 윤/yoon 장/jang 임/lim 한/han 오/oh',
  }),
  nameSet('zh-Hans', familyFirstUnspaced, {
    given:
      '伟/wei 秀英/xiuying 雨桐/yutong 子轩/zixuan 静/jing 浩然/haoran 思远/siyuan 欣怡/xinyi 建国/jianguo 梦琪/mengqi 宇航/yuhang 丽娜/lina',
    family: '王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 黄/huang 周/zhou 吴/wu 徐/xu 欧阳/ouyang',
  }),
  nameSet('zh-Hant-TW', familyFirstUnspaced, {
    given:
      '怡君/yijun 志明/zhiming 淑芬/shufen 冠廷/guanting 雅婷/yating 俊傑/junjie 詩涵/shihan 承恩/chengen 佳穎/jiaying 宗翰/zonghan',
    family: '陳/chen 林/lin 黃/huang 張/chang 吳/wu 劉/liu 蔡/tsai 楊/yang 許/hsu 鄭/cheng 謝/hsieh 簡/chien',
  }),
];

/**
 * The names for a language tag: its own, those of its language in any region, of its script, or of a language in Latin
 * script where no list has its script.
 */
export function nameSetFor(tag: string): NameSet {
  const { language, script } = likely(tag);
  const latin = nameSets[0] as NameSet;
  return (
    nameSets.find((set) => set.language === tag) ??
    nameSets.find(
      (set) => likely(set.language).language === language && likely(set.language).script === script,
    ) ??
    (script === 'Latn' ? latin : (nameSets.find((set) => likely(set.language).script === script) ?? latin))
  );
}

function likely(tag: string): { language: string; script: string | undefined } {
  const { language, script } = new Intl.Locale(tag).maximize();
  return { language, script };
}

function nameSet(
  language: string,
  join: NameSet['join'],
  { given, family }: { given: string; family: string },
): NameSet {
  return { language, join, given: given.split(' ').map(name), family: family.split(' ').map(name) };
}

function name(text: string): Name {
  const [written = '', romanised] = text.split('/');
  return { written, ascii: romanised ?? romanise(written) };
}

/** Latin letters to ASCII: `Łukasz` → `lukasz`, `D’Angelo` → `dangelo`. */
function romanise(written: string): string {
  return written
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, (letter) => withoutDecomposition[letter] ?? '');
}
