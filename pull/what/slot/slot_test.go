package slot_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/what/slot"
)

// friday is a Friday evening in a place where UTC has Saturday already.
var friday = time.Date(2026, time.November, 20, 22, 30, 0, 0, time.FixedZone("west", -5*3600))

// slotCase is a text, as readers of some languages type it, and its value; a
// text without value is none.
type slotCase struct{ languages, text, want string }

func checkSlots(t *testing.T, kind slot.Kind, cases []slotCase) {
	t.Helper()
	for _, tt := range cases {
		got, ok := slot.Parse(kind, tt.text, friday, strings.Fields(tt.languages)...)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("ParseSlot(%s, %q, %s) = %q, %v; want %q", kind, tt.text, tt.languages, got, ok, tt.want)
		}
	}
}

func TestDatesAreReadInManyLanguages(t *testing.T) {
	const today, tomorrow, after, yesterday = "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-19"
	words := map[string][4]string{
		"en": {"Today", "tomorrow", "the day after tomorrow", "yesterday"}, "fr": {"aujourd’hui", "demain", "après-demain", "hier"},
		"de": {"heute", "morgen", "übermorgen", "gestern"}, "es": {"hoy", "mañana", "pasado mañana", "ayer"}, "it": {"oggi", "domani", "dopodomani", "ieri"},
		"pt": {"hoje", "amanha", "depois de amanhã", "ontem"}, "nl": {"vandaag", "morgen", "overmorgen", "gisteren"}, "pl": {"dziś", "jutro", "pojutrze", "wczoraj"},
		"tr": {"bugün", "yarın", "öbür gün", "dün"}, "id": {"hari ini", "besok", "lusa", "kemarin"}, "ru": {"сегодня", "завтра", "послезавтра", "вчера"},
		"ar": {"اليوم", "غدا", "بعد غد", "أمس"}, "hi": {"आज", "कल", "परसों", "बीता कल"}, "ja": {"今日", "明日", "明後日", "昨日"}, "zh": {"今天", "明天", "后天", "昨天"},
		"th": {"วันนี้", "พรุ่งนี้", "มะรืนนี้", "เมื่อวาน"}, "ko": {"오늘", "내일", "모레", "어제"},
	}
	for language, texts := range words {
		for i, want := range []string{today, tomorrow, after, yesterday} {
			checkSlots(t, slot.Date, []slotCase{{language, texts[i], want}})
		}
	}
	weekdays := map[string][3]string{ // Friday, Saturday, Thursday
		"en": {"friday", "Sat", "on thursday"}, "fr": {"vendredi", "samedi", "jeudi"}, "de": {"Freitag", "am Samstag", "Donnerstag"}, "es": {"viernes", "el sábado", "jueves"},
		"it": {"venerdì", "sabato", "giovedi"}, "pt": {"sexta-feira", "sábado", "quinta"}, "nl": {"vrijdag", "zaterdag", "donderdag"}, "pl": {"piątek", "w sobotę", "czwartek"},
		"tr": {"cuma", "cumartesi", "perşembe"}, "id": {"jumat", "sabtu", "kamis"}, "ru": {"пятница", "в субботу", "четверг"}, "ar": {"الجمعة", "يوم السبت", "الخميس"},
		"hi": {"शुक्रवार", "शनिवार", "गुरुवार"}, "ja": {"金曜日", "土曜", "木曜日"}, "zh": {"星期五", "周六", "星期四"}, "th": {"วันศุกร์", "เสาร์", "วันพฤหัสบดี"}, "ko": {"금요일", "토요일", "목요일"},
	}
	for language, texts := range weekdays {
		for i, want := range []string{today, tomorrow, "2026-11-26"} {
			checkSlots(t, slot.Date, []slotCase{{language, texts[i], want}, {"xx", texts[i], want}})
		}
	}
	checkSlots(t, slot.Date, []slotCase{
		{"en", "next friday", "2026-11-27"}, {"en", "next saturday", tomorrow}, {"de", "nächsten Freitag", "2026-11-27"}, {"fr", "vendredi prochain", "2026-11-27"}, {"zh", "下个星期五", "2026-11-27"},
		{"en", "in 3 days", "2026-11-23"}, {"en", "in three days", "2026-11-23"}, {"en", "in two weeks", "2026-12-04"}, {"en", "3 days ago", "2026-11-17"}, {"fr", "dans 3 jours", "2026-11-23"}, {"fr", "il y a 2 jours", "2026-11-18"},
		{"de", "in drei Tagen", "2026-11-23"}, {"de", "vor 2 Tagen", "2026-11-18"}, {"es", "en 3 días", "2026-11-23"}, {"it", "tra tre giorni", "2026-11-23"}, {"pt", "daqui a 3 dias", "2026-11-23"}, {"nl", "over 3 dagen", "2026-11-23"},
		{"pl", "za 3 dni", "2026-11-23"}, {"tr", "3 gün sonra", "2026-11-23"}, {"id", "3 hari lagi", "2026-11-23"}, {"ru", "через три дня", "2026-11-23"}, {"ar", "بعد ٣ أيام", "2026-11-23"}, {"hi", "3 दिन बाद", "2026-11-23"},
		{"ja", "3日後", "2026-11-23"}, {"zh", "3天后", "2026-11-23"}, {"th", "อีก 3 วัน", "2026-11-23"}, {"ko", "3일 후", "2026-11-23"},
	})
}

// TestDaysAreReadInTheirCases reads Friday and tomorrow as what is asked for bends them.
func TestDaysAreReadInTheirCases(t *testing.T) {
	const friday, tomorrow = "2026-11-20", "2026-11-21"
	for language, texts := range map[string][]string{
		"pl": {"z piątku", "do piątku", "w piątek", "piątkowe"}, "ru": {"до пятницы", "в пятницу", "за пятницу", "к пятнице"}, "cs": {"v pátek", "od pátku", "do pátku", "páteční"},
		"sk": {"v piatok", "do piatku", "piatkové"}, "hr": {"u petak", "od petka", "do petka"}, "uk": {"у п'ятницю", "до п'ятниці", "з п'ятниці"}, "bg": {"в петък", "до петъка"},
		"lt": {"penktadienį", "iki penktadienio", "penktadieniui"}, "lv": {"piektdien", "līdz piektdienai", "piektdienā"}, "fi": {"perjantaina", "perjantaista", "perjantaihin asti", "perjantaiksi"},
		"hu": {"pénteken", "péntekig", "péntekre", "péntektől"}, "tr": {"cuma günü", "cuma gününe", "cumaya", "cumadan"}, "el": {"την Παρασκευή", "της Παρασκευής", "μέχρι την Παρασκευή"},
		"ro": {"vineri", "vinerea", "până vineri"}, "bn": {"শুক্রবারে", "শুক্রবারের"}, "vi": {"thứ sáu", "vào thứ sáu này"}, "en": {"until friday"}, "de": {"bis Freitag"}, "fr": {"jusqu’à vendredi"},
	} {
		for _, text := range texts {
			checkSlots(t, slot.Date, []slotCase{{language, text, friday}})
		}
	}
	for language, texts := range map[string][]string{
		"pl": {"do jutra", "na jutro", "jutrzejsza"}, "ru": {"на завтра", "завтрашняя"}, "cs": {"do zítřka", "zítřejší"}, "hr": {"sutrašnji", "za sutra"}, "fi": {"huomiselle"},
		"hu": {"holnapig", "holnapra"}, "tr": {"yarına", "yarınki"}, "el": {"για αύριο", "αυριανός"}, "en": {"until tomorrow"}, "nl": {"tot morgen"},
	} {
		for _, text := range texts {
			checkSlots(t, slot.Date, []slotCase{{language, text, tomorrow}})
		}
	}
	checkSlots(t, slot.Date, []slotCase{
		{"it", "l'8 dicembre", "2026-12-08"}, {"it", "dell’11/12", "2026-12-11"}, {"fr", "l'8 décembre", "2026-12-08"}, {"ca", "l'11 de setembre", "2027-09-11"},
		{"en", "o'8", ""}, {"pl", "po", ""}, {"en", "until", ""},
	})
}

func TestDatesAreReadInManySpellings(t *testing.T) {
	checkSlots(t, slot.Date, []slotCase{
		{"de", "12.05.", "2027-05-12"}, {"de", "24.12.", "2026-12-24"}, {"de", "12.05.2026", "2026-05-12"}, {"de", "24. 12. 26", "2026-12-24"}, {"en", "2026-12-24", "2026-12-24"}, {"en", "24/12", "2026-12-24"}, {"en", "12/24", "2026-12-24"},
		{"en", "5/12", "2026-12-05"}, {"en-US", "5/12", "2027-05-12"}, {"en-US", "12/5/2026", "2026-12-05"}, {"ja", "12/5", "2026-12-05"}, {"fr", "24-12-2026", "2026-12-24"}, {"", "20.11.", "2026-11-20"}, {"", "19.11.", "2027-11-19"},
		{"ja", "12月24日", "2026-12-24"}, {"zh", "2026年12月24日", "2026-12-24"}, {"ko", "12월 24일", "2026-12-24"}, {"ja", "１２月２４日", "2026-12-24"}, {"ar", "٢٤/١٢/٢٠٢٦", "2026-12-24"}, {"th", "24/12/2569", "2026-12-24"},
		{"en", "24 december", "2026-12-24"}, {"en", "dec 24", "2026-12-24"}, {"en", "Dec 24th, 2026", "2026-12-24"}, {"en", "the 24th of December", "2026-12-24"}, {"en", "Thursday, 24 December", "2026-12-24"}, {"fr", "1er mai", "2027-05-01"}, {"fr", "le 24 décembre", "2026-12-24"},
		{"de", "24. Dezember 2026", "2026-12-24"}, {"de", "3. März", "2027-03-03"}, {"de", "3. Maerz", "2027-03-03"}, {"es", "24 de diciembre de 2026", "2026-12-24"}, {"it", "24 dicembre", "2026-12-24"}, {"pt", "24 de dezembro", "2026-12-24"}, {"nl", "24 december", "2026-12-24"},
		{"pl", "24 grudnia", "2026-12-24"}, {"tr", "24 Aralık", "2026-12-24"}, {"id", "24 desember", "2026-12-24"}, {"ru", "24 декабря", "2026-12-24"}, {"ar", "24 ديسمبر", "2026-12-24"}, {"hi", "24 दिसंबर", "2026-12-24"}, {"th", "24 ธันวาคม", "2026-12-24"},
		{"en", "feb 29", "2028-02-29"}, {"en", "29.02.2027", ""}, {"en", "31.4.", ""}, {"en", "december", ""}, {"en", "13/13", ""}, {"en", "24", ""}, {"en", "2026", ""}, {"en", "12.05.1", ""}, {"en", "1/2/3/4", ""}, {"en", "", ""}, {"en", "pizza", ""},
		{"en", "in the kitchen", ""}, {"en", "3 days", ""}, {"en", "next", ""}, {"en", "in 999999999999999999 days", ""}, {"en", strings.Repeat("9", 500), ""}, {"en", "9999-12-31", ""}, {"en", "so", ""}, {"de", "so", "2026-11-22"}, {"en", "friday pizza", ""},
		{"en", "12:30", ""}, {"en", "192.168.1.1", ""}, {"en", "\xff", ""}, {"en", "day", ""},
	})
}

func TestNumbersAreReadAsTheirLanguageWritesThem(t *testing.T) {
	checkSlots(t, slot.Number, []slotCase{
		{"en", "12", "12"}, {"en", "1,234.5", "1234.5"}, {"de", "1.234,5", "1234.5"}, {"de", "1.234", "1234"}, {"en", "1.234", "1.234"}, {"en", "1,234", "1234"}, {"de", "1,234", "1.234"}, {"de", "1,5", "1.5"}, {"en", "1,5", "1.5"}, {"de", "1.5", "1.5"},
		{"fr", "1 234,50", "1234.50"}, {"fr", "1 234 567", "1234567"}, {"de-CH", "1'234.50", "1234.50"}, {"hi", "1,00,000", "100000"}, {"en", "1,234,567", "1234567"}, {"de", "1.234.567,89", "1234567.89"}, {"en", "-5", "-5"}, {"en", "−5.5", "-5.5"}, {"en", "+7", "7"},
		{"en", "007", "7"}, {"en", "0.5", "0.5"}, {"en", "-0", "0"}, {"de", "0,125", "0.125"}, {"ar", "١٢٫٥", "12.5"}, {"hi", "१२", "12"}, {"ja", "１２", "12"}, {"en", "12!", "12"}, {"", "1.234", "1.234"}, {"es-MX", "1,234", "1234"}, {"fa", "۱۲", "12"},
		{"en", "one", "1"}, {"en", "Twelve", "12"}, {"fr", "trois", "3"}, {"de", "zwölf", "12"}, {"de", "zwo", "2"}, {"es", "cuatro", "4"}, {"it", "cinque", "5"}, {"pt", "três", "3"}, {"nl", "zes", "6"}, {"pl", "sześć", "6"}, {"tr", "yedi", "7"}, {"id", "delapan", "8"}, {"ru", "девять", "9"},
		{"ar", "عشرة", "10"}, {"hi", "ग्यारह", "11"}, {"ja", "三", "3"}, {"zh", "十二", "12"}, {"th", "สี่", "4"}, {"ko", "다섯", "5"},
		{"en", "12a", ""}, {"en", "1.2.3", ""}, {"en", "1,23,4", ""}, {"en", "12.", ""}, {"en", ".", ""}, {"en", "", ""}, {"en", "--5", ""}, {"en", "1 2", ""}, {"en", "pizza", ""}, {"en", "1,2345", "1.2345"}, {"en", "1e5", ""}, {"en", "0x10", ""}, {"en", "1..5", ""},
		{"en", "12345.678.9", ""},
	})
}

func TestAmountsHaveANumberAndACurrency(t *testing.T) {
	checkSlots(t, slot.Amount, []slotCase{
		{"en", "€12.50", "12.50 EUR"}, {"de", "12,50 €", "12.50 EUR"}, {"en", "12 euros", "12 EUR"}, {"en", "$5", "5 USD"}, {"en", "5 dollars", "5 USD"}, {"hi", "₹100", "100 INR"}, {"en", "100 Rs", "100 INR"}, {"en", "Rs. 100", "100 INR"}, {"en", "5 quid", ""},
		{"en", "five dollars", "5 USD"}, {"en", "EUR 12.5", "12.50 EUR"}, {"en", "12 usd", "12 USD"}, {"en-CA", "$5", "5 CAD"}, {"en", "US$ 5", "5 USD"}, {"de", "1.234,50 Euro", "1234.50 EUR"}, {"en", "£3", "3 GBP"}, {"ja", "500円", "500 JPY"}, {"ja", "¥500", "500 JPY"},
		{"zh", "¥500", "500 CNY"}, {"zh", "500元", "500 CNY"}, {"ko", "5000원", "5000 KRW"}, {"ru", "100 рублей", "100 RUB"}, {"ru", "100₽", "100 RUB"}, {"pl", "12,50 zł", "12.50 PLN"}, {"tr", "50 TL", "50 TRY"}, {"pt", "R$ 12,50", "12.50 BRL"}, {"id", "Rp 50.000", "50000 IDR"},
		{"th", "100 บาท", "100 THB"}, {"sv", "50 kr", "50 SEK"}, {"da", "50 kr.", "50 DKK"}, {"en", "50 kr", ""}, {"de-CH", "CHF 12.50", "12.50 CHF"}, {"fr", "12,50 euros", "12.50 EUR"}, {"ar", "١٠ ريال", "10 SAR"}, {"he", "20 ₪", "20 ILS"}, {"hi", "100 रुपये", "100 INR"},
		{"es", "cinco dólares", "5 USD"}, {"fr", "2 €", "2 EUR"}, {"en", "12", ""}, {"en", "€", ""}, {"en", "-5 €", ""}, {"en", "€-5", ""}, {"en", "5 € 6", ""}, {"en", "pizza", ""}, {"en", "5 pizzas", ""}, {"en", "", ""},
	})
}

func TestLanguagesAreKnownByTheirNamesInOthers(t *testing.T) {
	checkSlots(t, slot.Language, []slotCase{
		{"", "french", "fr"}, {"", "français", "fr"}, {"", "Französisch", "fr"}, {"", "francais", "fr"}, {"", "franzoesisch", "fr"}, {"", "fr", "fr"}, {"", "FR", "fr"}, {"", "in French", "fr"}, {"", "auf Deutsch", "de"}, {"", "en français", "fr"}, {"", "langue française", ""},
		{"", "alemán", "de"}, {"", "tedesco", "de"}, {"", "duits", "de"}, {"", "niemiecki", "de"}, {"", "almanca", "de"}, {"", "jerman", "de"}, {"", "немецкий", "de"}, {"", "الألمانية", "de"}, {"", "जर्मन", "de"}, {"", "ドイツ語", "de"}, {"", "德语", "de"}, {"", "เยอรมัน", "de"}, {"", "ภาษาเยอรมัน", "de"},
		{"", "日本語", "ja"}, {"", "中文", "zh"}, {"", "हिन्दी", "hi"}, {"", "русский", "ru"}, {"", "العربية", "ar"}, {"", "türkçe", "tr"}, {"", "norsk", "nb"}, {"", "no", "nb"}, {"", "Norwegian", "nb"}, {"", "bahasa indonesia", "id"}, {"", "ไทย", "th"}, {"", "tiếng việt", "vi"},
		{"", "ukrainian", "uk"}, {"", "ελληνικά", "el"}, {"", "עברית", "he"}, {"", "farsi", "fa"}, {"", "한국어", "ko"}, {"", "magyar", "hu"}, {"", "klingon", ""}, {"", "xx", ""}, {"", "in", ""}, {"", "", ""},
	})
}

func TestTextIsTrimmed(t *testing.T) {
	checkSlots(t, slot.Text, []slotCase{{"en", "  two words ", "two words"}, {"en", " ", ""}})
	checkSlots(t, "", []slotCase{{"en", strings.Repeat("long ", 99) + "x", strings.Repeat("long ", 99) + "x"}})
}

func TestLooksLikeNeedsNoClock(t *testing.T) {
	for _, tt := range []struct {
		kind slot.Kind
		text string
		want bool
	}{
		{slot.Date, "tomorrow", true}, {slot.Date, "29 february", true}, {slot.Date, "vendredi", true}, {slot.Date, "24.12.", true}, {slot.Date, "berlin", false}, {slot.Date, "so", false},
		{slot.Number, "3,5", true}, {slot.Number, "zwölf", true}, {slot.Number, "berlin", false}, {slot.Amount, "12 €", true}, {slot.Amount, "12", false},
		{slot.Language, "deutsch", true}, {slot.Language, "berlin", false}, {slot.Text, "berlin", true}, {slot.Text, "", false},
	} {
		if got := slot.Fits(tt.kind, tt.text); got != tt.want {
			t.Errorf("LooksLike(%s, %q) = %v", tt.kind, tt.text, got)
		}
	}
}

var (
	aDecimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	anAmount = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)? [A-Z]{3}$`)
	aTag     = regexp.MustCompile(`^[a-z]{2}$`)
)

// checkForm checks that a value has the one form of its kind.
func checkForm(t interface{ Errorf(string, ...any) }, kind slot.Kind, text, value string) {
	switch kind {
	case slot.Date:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			t.Errorf("date %q: %v", text, err)
		}
	case slot.Number:
		if !aDecimal.MatchString(value) {
			t.Errorf("number %q: %q", text, value)
		}
	case slot.Amount:
		if !anAmount.MatchString(value) {
			t.Errorf("amount %q: %q", text, value)
		}
	case slot.Language:
		if !aTag.MatchString(value) {
			t.Errorf("language %q: %q", text, value)
		}
	case slot.Text:
		if value != strings.TrimSpace(text) {
			t.Errorf("text %q: %q", text, value)
		}
	}
}

var slotKinds = []slot.Kind{slot.Text, slot.Number, slot.Date, slot.Amount, slot.Language}

func TestValuesOfSlotsAreReadAgainAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := friday.AddDate(0, 0, rapid.IntRange(-9000, 9000).Draw(t, "days"))
		if got, ok := slot.Parse(slot.Date, day.Format(time.DateOnly), friday, "en-US"); !ok || got != day.Format(time.DateOnly) {
			t.Fatalf("%s is read as %q", day.Format(time.DateOnly), got)
		}
		n := strconv.Itoa(rapid.Int().Draw(t, "number"))
		if got, ok := slot.Parse(slot.Number, n, friday, "de"); !ok || got != n {
			t.Fatalf("%s is read as %q", n, got)
		}
	})
}

func FuzzParseSlot(f *testing.F) {
	for _, text := range []string{"in 3 days", "12.05.", "1.234,5", "€12.50", "français", "3日後", "٢٤/١٢", "next friday", "24 de diciembre", "100 Rs", "\xff", "下个星期五", "il y a 2 jours", "５００円"} {
		f.Add(text, "de")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		for _, kind := range slotKinds {
			if value, ok := slot.Parse(kind, text, friday, language); ok {
				checkForm(t, kind, text, value)
			} else if value != "" {
				t.Errorf("ParseSlot(%s, %q) = %q, false", kind, text, value)
			}
			slot.Fits(kind, text)
		}
	})
}

func TestTheNameOfALanguageIsFoundInItsForms(t *testing.T) {
	for text, want := range map[string]string{
		"mów po angielsku": "en", "تكلم بالإنجليزية": "en", "英語で話して": "en", "можна англійською": "en", "на французском": "fr", "ingilizceye geç": "en",
		"po niemiecku proszę": "de", "영어로 말해줘": "en", "프랑스어로 해": "fr", "talk to me": "", "język": "", "語": "",
	} {
		if got := slot.LanguageWithin(text); got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}
