package sources_test

import (
	"bytes"
	"strings"
	"testing"

	"keypull/sources"
)

// texts are of each language what a stranger could publish: a long one, and a
// line of it.
var texts = map[string]struct{ long, short string }{
	"cs":    {"Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství. Příliš žluťoučký kůň úpěl ďábelské ódy, a přesto se řidiči v Českých Budějovicích dočkali nové silnice. Počasí zůstane proměnlivé, na horách napadne sníh.", "Řidiči se dočkali nové silnice"},
	"pl":    {"Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa. Żółw pociągnął łódkę, a dźwięk dzwonów słychać było w całej okolicy. Ceny żywności wciąż rosną, mówią mieszkańcy Łodzi.", "Ceny żywności wciąż rosną w Łodzi"},
	"hu":    {"A kormány tegnap elfogadta az új költségvetést, amelyről a jövő héten szavaz az országgyűlés. Az időjárás hűvös marad, többfelé várható eső és élénk szél. Sűrű köd nehezíti a közlekedést a hegyekben, figyelmeztetett a rendőrség. A művészek örömmel gyűltek össze a főtéren. Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek. Árvíztűrő tükörfúrógép: a győri gyár ősszel újra megnyílik, közölte a miniszter.", "A győri gyár ősszel újra megnyílik"},
	"ru":    {"Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства. Мост через реку закрыт до пятницы, сообщила мэрия.", "Мост через реку закрыт до пятницы"},
	"uk":    {"Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства. Міст через річку зачинено до п'ятниці.", "Міст через річку зачинено"},
	"bg":    {"Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест и следва да се отнасят помежду си в дух на братство. Мостът над реката е затворен до петък.", "Мостът над реката е затворен"},
	"el":    {"Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.", "Η γέφυρα μένει κλειστή ως την Παρασκευή"},
	"tr":    {"Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler. İstanbul'da yağış bekleniyor, köprü çarşambaya kadar kapalı kalacak. Öğrenciler çalışmalarını sürdürüyor, ağaçlar yeşeriyor, güneş doğuyor, şehir uyanıyor.", "Köprü çarşambaya kadar kapalı"},
	"he":    {"הממשלה אישרה אתמול את התקציב החדש, והכנסת תצביע עליו בשבוע הבא. כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם לנהוג איש ברעהו ברוח של אחווה. הגשר סגור עד יום שישי, כך הודיעה העירייה היום בבוקר לתושבים.", "הגשר סגור עד יום שישי"},
	"ar":    {"وافقت الحكومة أمس على الميزانية الجديدة وسيصوت عليها البرلمان في الأسبوع المقبل. يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا بروح الإخاء. الجسر مغلق حتى يوم الجمعة، أعلنت البلدية صباح اليوم.", "الجسر مغلق حتى يوم الجمعة"},
	"de":    {"Alle Menschen sind frei und gleich an Würde und Rechten geboren. Für die Brücke über die Saône müssen Autofahrer künftig größere Umwege fahren; die Behörde prüft Maßnahmen. Äpfel, Öl, Übermut: täglich überprüfen Köche die Qualität. „Das hören wir häufig“, erklärt der Geschäftsführer. Später müßten nämlich auch Züge über die Straße geführt werden, fürchten Anwohner in München, Köln, Düsseldorf, Nürnberg, Lübeck.", "Brücke über die Donau für Züge gesperrt"},
	"fr":    {"Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité. L’été dernier, à Nîmes, le préfet a déclaré que la crèche fermée serait rénovée dès février ; les élèves, étonnés, ont protesté.", "Le pont fermé jusqu’à la fête d’été"},
	"ja":    {"すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。橋は金曜日まで通行止めです。市役所が今朝発表しました。明日は雨になるでしょう。", "橋は金曜日まで通行止め"},
	"zh":    {"人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。市政府今天上午表示,大桥将关闭到星期五,市民可以乘坐地铁前往工作地点。天气预报说明天有雨,请注意安全。人人有资格享受本宣言所载的一切权利和自由,不分种族、肤色、性别、语言。", "大桥将关闭到星期五"},
	"ko":    {"모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다. 다리는 금요일까지 폐쇄됩니다. 시청은 오늘 아침에 발표했습니다.", "다리는 금요일까지 폐쇄됩니다"},
	"th":    {"มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ สะพานปิดจนถึงวันศุกร์", "สะพานปิดจนถึงวันศุกร์"},
	"lt":    {"Visi žmonės gimsta laisvi ir lygūs savo orumu ir teisėmis. Jiems suteiktas protas ir sąžinė ir jie turi elgtis vienas kito atžvilgiu kaip broliai. Tiltas per upę uždarytas iki penktadienio, pranešė savivaldybė. Šiąnakt numatomas lietus, žvejai įspėti. Ąžuolai žaliuoja, ežys šnara, čiobreliai žydi, ūkininkai džiaugiasi derliumi, mokiniai grįžta į mokyklą, gatvės šviečia.", "Tiltas per upę uždarytas"},
	"zh-TW": {"人人生而自由,在尊嚴和權利上一律平等。他們賦有理性和良心,並應以兄弟關係的精神互相對待。市政府今天上午表示,大橋將關閉到星期五,市民可以搭乘捷運前往工作地點。天氣預報說明天有雨,請注意安全。人人有資格享受本宣言所載的一切權利和自由,不分種族、膚色、性別、語言。", "大橋將關閉到星期五"},
}

// written are the encodings in which each language is found.
var written = map[string][]string{
	"cs": {"windows-1250", "iso-8859-2"}, "pl": {"windows-1250", "iso-8859-2"}, "hu": {"windows-1250", "iso-8859-2"}, "ru": {"windows-1251", "koi8-r", "iso-8859-5"}, "uk": {"windows-1251", "koi8-u"}, "bg": {"windows-1251"},
	"el": {"windows-1253", "iso-8859-7"}, "tr": {"windows-1254", "iso-8859-9"}, "he": {"windows-1255", "iso-8859-8"}, "ar": {"windows-1256", "iso-8859-6"}, "de": {"windows-1252"}, "fr": {"windows-1252"},
	"ja": {"shift_jis", "euc-jp"}, "zh": {"gb18030"}, "zh-TW": {"big5"}, "ko": {"euc-kr"}, "th": {"windows-874"}, "lt": {"windows-1257"},
}

// encoded writes a text in an encoding; what it has no letter for is left out.
func encoded(t *testing.T, text, name string) []byte {
	t.Helper()
	var out []byte
	for _, r := range text {
		b, err := sources.Charset(name).NewEncoder().Bytes([]byte(string(r)))
		if err == nil {
			out = append(out, b...)
		}
	}
	return out
}

func TestTextsAreReadInWhateverEncodingTheyCome(t *testing.T) {
	for language, text := range texts {
		for _, name := range written[language] {
			for size, text := range map[string]string{"long": strings.Repeat(text.long+"\n", 6), "short": text.short} {
				for head, rows := range map[string]string{"": "", "csv": "sku;title;price\nA-1;%;12.90\n", "page": "<html><body><h1>%</h1></body></html>"} {
					if rows != "" {
						text = strings.Replace(rows, "%", text, 1)
					}
					body := encoded(t, text, name)
					want, _ := sources.Charset(name).NewDecoder().Bytes(body)
					for from, e := range map[string]sources.Encoded{
						"declared":          {Type: "text/csv; charset=" + name, Languages: []string{"en"}},
						"guessed":           {Languages: []string{language}},
						"guessed of two":    {Type: "text/plain", Languages: []string{"en", language}},
						"declared as UTF-8": {Type: "text/plain; charset=utf-8", Languages: []string{language}},
						"declared as Latin": {Type: "text/plain; charset=iso-8859-1", Languages: []string{language}},
						"of a foreigner":    {Languages: []string{"en"}},
					} {
						if from == "of a foreigner" && (size == "short" || language == "lt" || language == "th") {
							continue
						}
						got, guessed := e.UTF8(body)
						if !bytes.Equal(got, want) {
							t.Errorf("%s %s%s, %s, %s: as %q it reads\n%.200s", size, language, head, name, from, guessed, got)
						}
						if from == "declared" && guessed != "" || strings.HasPrefix(from, "guessed") && guessed == "" && bytes.Equal(got, want) {
							t.Errorf("%s %s, %s, %s: it is guessed as %q", size, language, name, from, guessed)
						}
					}
				}
			}
		}
	}
}

// TestAGuessIsTheSameEachTime: bytes that several encodings explain as well are never
// read in two ways.
func TestAGuessIsTheSameEachTime(t *testing.T) {
	body := []byte("<p>a 1" + strings.Repeat("\xbd", 400))
	first, _ := sources.Encoded{Languages: []string{"en"}}.UTF8(body)
	for range 200 {
		if again, _ := (sources.Encoded{Languages: []string{"en"}}).UTF8(body); !bytes.Equal(again, first) {
			t.Fatalf("it is read as %.30q, and as %.30q", first, again)
		}
	}
}
