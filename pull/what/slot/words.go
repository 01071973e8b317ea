package slot

// calendarWords are the words of dates in one language: words are separated by
// spaces, days and months by |, phrases by commas.
type calendarWords struct {
	// offsets lists the names of the day before yesterday up to the day after
	// tomorrow, from -2 to 2.
	offsets [5]string
	// weekdays begin with Sunday, months with January.
	weekdays, months string
	// in and ago stand with a number of days or weeks, next with a weekday.
	in, ago, days, weeks, next string
	// filler says nothing.
	filler string
}

//nolint:misspell // words of many languages
var calendars = map[string]calendarWords{
	"en": {
		[5]string{"day before yesterday, the day before yesterday", "yesterday, yday", "today, now, tonight, todays, 2day, tday", "tomorrow, tmrw, tomorow, tommorow, tommorrow, tmr, 2morrow, tomorrows", "day after tomorrow, the day after tomorrow, overmorrow"},
		"sunday sun|monday mon|tuesday tue tues|wednesday wed weds|thursday thu thur thurs|friday fri|saturday sat",
		"january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|november nov|december dec",
		"in from after", "ago", "day days", "week weeks", "next coming", "on the of th st nd rd this for now s at by",
	},
	"fr": {
		[5]string{"avant-hier", "hier", "aujourd'hui, aujourd hui, auj, ce jour, ce soir, maintenant", "demain, dmain, 2main", "après-demain"},
		"dimanche dim|lundi lun|mardi|mercredi mer|jeudi jeu|vendredi ven|samedi sam",
		"janvier janv jan|février févr fév|mars|avril avr|mai|juin|juillet juil|août|septembre sept|octobre oct|novembre nov|décembre déc",
		"dans d'ici", "il-y-a passés", "jour jours", "semaine semaines", "prochain prochaine", "le la du de ce pour er en",
	},
	"de": {
		[5]string{"vorgestern", "gestern", "heute, heut, heute abend, jetzt", "morgen", "übermorgen"},
		"sonntag so|montag mo|dienstag di|mittwoch mi|donnerstag do|freitag fr|samstag sa sonnabend",
		"januar jänner jan|februar feber feb|märz mrz|april apr|mai|juni jun|juli jul|august aug|september sept sep|oktober okt|november nov|dezember dez",
		"in", "vor", "tag tage tagen", "woche wochen", "nächsten nächster nächste kommenden kommender", "am den der dem des diesen für vom ab im",
	},
	"es": {
		[5]string{"anteayer, antes de ayer, antier", "ayer", "hoy, esta noche, ahora", "mañana", "pasado mañana"},
		"domingo dom|lunes lun|martes|miércoles mié|jueves jue|viernes vie|sábado sáb",
		"enero ene|febrero feb|marzo|abril abr|mayo|junio jun|julio jul|agosto ago|septiembre setiembre sep|octubre oct|noviembre nov|diciembre dic",
		"en dentro", "hace", "día días", "semana semanas", "próximo próxima viene", "el la los de del este para que",
	},
	"it": {
		[5]string{"l'altro ieri, altro ieri, avantieri", "ieri", "oggi, stasera, adesso", "domani", "dopodomani, dopo domani"},
		"domenica dom|lunedì lun|martedì|mercoledì mer|giovedì gio|venerdì ven|sabato sab",
		"gennaio gen|febbraio feb|marzo|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set|ottobre ott|novembre nov|dicembre dic",
		"tra fra", "fa", "giorno giorni", "settimana settimane", "prossimo prossima", "il lo la di del questo per",
	},
	"pt": {
		[5]string{"anteontem", "ontem", "hoje, esta noite, hj, agora", "amanhã", "depois de amanhã"},
		"domingo dom|segunda seg|terça ter|quarta qua|quinta qui|sexta sex|sábado sáb",
		"janeiro jan|fevereiro fev|março|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
		"em daqui dentro", "há atrás", "dia dias", "semana semanas", "próximo próxima que-vem", "o a de do feira no na este esta para dia",
	},
	"nl": {
		[5]string{"eergisteren", "gisteren", "vandaag, vanavond, nu", "morgen", "overmorgen"},
		"zondag zo|maandag ma|dinsdag di|woensdag wo|donderdag do|vrijdag vr|zaterdag za",
		"januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sept sep|oktober okt|november nov|december dec",
		"over", "geleden", "dag dagen", "week weken", "volgende komende", "op de deze voor van",
	},
	"pl": {
		[5]string{"przedwczoraj", "wczoraj", "dziś, dzisiaj, teraz", "jutro", "pojutrze"},
		"niedziela niedzielę niedz|poniedziałek pon|wtorek|środa środę|czwartek czw|piątek|sobota sobotę",
		"styczeń stycznia sty|luty lutego|marzec marca|kwiecień kwietnia|maj maja|czerwiec czerwca|lipiec lipca|sierpień sierpnia|wrzesień września|październik października|listopad listopada|grudzień grudnia",
		"za", "temu", "dzień dni", "tydzień tygodnie tygodni", "następny następna następną przyszły przyszłą", "w we na dnia ten tę r",
	},
	"tr": {
		[5]string{"evvelsi gün, önceki gün", "dün", "bugün, bu akşam, şimdi", "yarın", "öbür gün, yarından sonra"},
		"pazar|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi",
		"ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık",
		"sonra içinde", "önce", "gün", "hafta", "gelecek önümüzdeki", "günü bu için da de ta te",
	},
	"id": {
		[5]string{"kemarin dulu, dua hari yang lalu", "kemarin", "hari ini, sekarang, malam ini", "besok, esok", "lusa, besok lusa"},
		"minggu ahad|senin|selasa|rabu|kamis|jumat|sabtu",
		"januari jan|februari feb|maret mar|april apr|mei|juni jun|juli jul|agustus agu|september sep|oktober okt|november nov|desember des",
		"lagi dalam", "lalu", "hari", "pekan minggu", "depan", "tanggal pada yang ini tgl",
	},
	"ru": {
		[5]string{"позавчера", "вчера", "сегодня, щас, сейчас", "завтра", "послезавтра"},
		"воскресенье воскресенья вс|понедельник пн|вторник вт|среда среду ср|четверг чт|пятница пятницу пт|суббота субботу сб",
		"январь января янв|февраль февраля фев|март марта|апрель апреля апр|май мая|июнь июня|июль июля|август августа авг|сентябрь сентября сен|октябрь октября окт|ноябрь ноября|декабрь декабря дек",
		"через", "назад", "день дня дней", "неделю недели недель", "следующий следующая следующую следующее", "в во на эту этот год года г",
	},
	"ar": {
		[5]string{"أول أمس, قبل أمس, أول البارحة", "أمس, البارحة, امبارح", "اليوم, الليلة, الآن", "غدا, بكرة, الغد", "بعد غد, بعد بكرة, بعد الغد"},
		"الأحد أحد|الاثنين الإثنين اثنين|الثلاثاء ثلاثاء|الأربعاء أربعاء|الخميس خميس|الجمعة جمعة|السبت سبت",
		"يناير|فبراير شباط|مارس آذار|أبريل إبريل نيسان|مايو أيار|يونيو حزيران|يوليو تموز|أغسطس آب|سبتمبر أيلول|أكتوبر|نوفمبر|ديسمبر",
		"بعد خلال", "قبل منذ", "يوم أيام يوما", "أسبوع أسابيع", "القادم القادمة المقبل", "يوم في من هذا",
	},
	"hi": {
		[5]string{"", "बीता कल, kal beeta", "आज, aaj, अभी", "कल, आने वाला कल, kal", "परसों, parso, parson"},
		"रविवार इतवार ravivar itwar|सोमवार somvar somwar|मंगलवार mangalvar mangalwar|बुधवार budhvar budhwar|गुरुवार बृहस्पतिवार guruvar guruwar|शुक्रवार shukravar shukrawar|शनिवार shanivar shaniwar",
		"जनवरी|फ़रवरी फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर अक्तूबर|नवंबर नवम्बर|दिसंबर दिसम्बर",
		"बाद में baad", "पहले pehle", "दिन दिनों din", "हफ़्ते हफ्ते सप्ताह hafte", "अगले अगला agle agla", "को के इस ki ko ke",
	},
	"ja": {
		[5]string{"おととい, 一昨日", "昨日, きのう", "今日, きょう, 本日, 今夜, 今", "明日, あした, あす", "明後日, あさって"},
		"日曜日 日曜|月曜日 月曜|火曜日 火曜|水曜日 水曜|木曜日 木曜|金曜日 金曜|土曜日 土曜", "",
		"日後 週間後", "日前 週間前", "日後 日前", "週間後 週間前", "次の 来週の", "の に",
	},
	"zh": {
		[5]string{"前天", "昨天, 昨日", "今天, 今日, 今晚, 现在", "明天, 明日", "后天, 後天"},
		"星期日 星期天 周日 週日 礼拜天 禮拜天|星期一 周一 週一 礼拜一|星期二 周二 週二 礼拜二|星期三 周三 週三 礼拜三|星期四 周四 週四 礼拜四|星期五 周五 週五 礼拜五|星期六 周六 週六 礼拜六", "",
		"天后 天後 天之后 日后 周后 星期后 个星期后", "天前 日前 周前 星期前", "天后 天後 天之后 天前 日后 日前", "周后 周前 星期后 个星期后 星期前", "下个", "在 这",
	},
	"ko": {
		[5]string{"그저께, 그제", "어제", "오늘, 지금, 오늘밤", "내일", "모레, 내일모레"},
		"일요일|월요일|화요일|수요일|목요일|금요일|토요일", "",
		"일후 주후 일뒤 주뒤 후 뒤", "일전 주전 전", "일 일후 일전 일뒤", "주 주후 주전 주뒤", "다음 다음주", "에 이번",
	},
	"th": {
		[5]string{"เมื่อวานซืน, วานซืน", "เมื่อวาน, เมื่อวานนี้", "วันนี้, คืนนี้, ตอนนี้", "พรุ่งนี้", "มะรืน, มะรืนนี้"},
		"วันอาทิตย์ อาทิตย์|วันจันทร์ จันทร์|วันอังคาร อังคาร|วันพุธ พุธ|วันพฤหัสบดี วันพฤหัส พฤหัส|วันศุกร์ ศุกร์|วันเสาร์ เสาร์",
		"มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม",
		"อีก ข้างหน้า", "ก่อน ที่แล้ว วันก่อน วันที่แล้ว", "วัน วันก่อน วันที่แล้ว วันข้างหน้า", "สัปดาห์ อาทิตย์", "หน้า", "ที่ วันที่ นี้",
	},
}

// numberWords lists the words one to twelve, with their genders, divided by
// spaces and slashes.
var numberWords = []string{
	"one two three four five six seven eight nine ten eleven twelve",
	"un/une deux trois quatre cinq six sept huit neuf dix onze douze",
	"eins/ein/eine/einen/einem zwei/zwo drei vier fünf sechs sieben acht neun zehn elf zwölf",
	"uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce",
	"uno/una due tre quattro cinque sei sette otto nove dieci undici dodici",
	"um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze",
	"een twee drie vier vijf zes zeven acht negen tien elf twaalf",
	"jeden/jedna/jedno dwa/dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
	"bir iki üç dört beş altı yedi sekiz dokuz on on-bir on-iki",
	"satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua-belas",
	"один/одна/одно/одну два/две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
	"واحد/واحدة اثنان/اثنين/اثنتان ثلاثة/ثلاث أربعة/أربع خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثماني تسعة/تسع عشرة/عشر أحد-عشر اثنا-عشر",
	"एक/ek दो/do तीन/teen चार/char पांच/पाँच/paanch छह/छः/छे/chhe सात/saat आठ/aath नौ/nau दस/das ग्यारह/gyarah बारह/barah",
	"一/一つ/ひとつ/いち 二/二つ/ふたつ/两/兩 三/三つ/みっつ 四/四つ/よっつ 五/五つ/いつつ 六/六つ/むっつ 七/七つ/ななつ 八/八つ/やっつ 九/九つ/ここのつ 十/とお 十一 十二",
	"하나/한 둘/두 셋/세 넷/네 다섯 여섯 일곱 여덟 아홉 열 열하나 열둘",
	"หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด สิบสอง",
}
