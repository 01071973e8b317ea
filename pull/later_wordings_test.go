package pull_test

import (
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// newsTalk is a conversation with a publisher whose news has a name in each language.
func newsTalk(t *testing.T, language string) *talk {
	t.Helper()
	k := newTalk(t)
	k.language = language
	var err error
	k.edition, err = pull.NewEdition(catalogue.Publisher{
		ID: "p", Name: "Paper", Languages: []string{"en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "tr", "ar", "hi", "id", "ja", "zh", "sv", "ko", "uk"}, TimeZone: "Europe/Paris",
		Keywords: []catalogue.Keyword{{ID: "news", Source: "exchange", Query: "WIPRO", Phrases: map[string][]string{
			"en": {"news"}, "fr": {"actus"}, "de": {"Nachrichten"}, "es": {"noticias"}, "it": {"notizie"}, "pt": {"notícias"}, "nl": {"nieuws"}, "pl": {"wiadomości"},
			"ru": {"новости"}, "tr": {"haberler"}, "ar": {"أخبار"}, "hi": {"समाचार"}, "id": {"berita"}, "ja": {"ニュース"}, "zh": {"新闻"}, "sv": {"nyheter"}, "ko": {"뉴스"}, "uk": {"новини"},
		}}},
	}, map[string]pull.Opened{"exchange": {Source: k.source}}, map[string]pull.Channel{"web": {}}, map[string]*what.Vocabulary{"exchange": what.NewVocabulary(nil)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestPeopleOrderInTheirWords has what people would write, on a Monday at 11:00: each is
// ordered once, or told that nothing comes again by itself and offered once.
func TestPeopleOrderInTheirWords(t *testing.T) {
	for language, messages := range map[string]string{
		"en": "send me the news tomorrow at 9 am|news tonight at 8:30 please|remind me at 5pm to check the news|could I get the news in half an hour?|news on friday at noon|news every morning|I want news daily at 8|every weekday the news at 8|let me know as soon as the news changes|each weekday news at 8|news tomorrow evening",
		"de": "schick mir morgen um 9 die Nachrichten|Nachrichten heute Abend um 20:30 bitte|erinnere mich um 17 Uhr an die Nachrichten|Nachrichten in einer halben Stunde|Nachrichten am Freitag um 12 Uhr|jeden Morgen Nachrichten|Nachrichten täglich um 8|sobald Nachrichten sich ändern, sag Bescheid|jeden Werktag Nachrichten um 8|Nachrichten morgen Abend",
		"fr": "envoie-moi les actus demain à 9h|actus ce soir à 20h30 svp|rappelle-moi à 17h les actus|actus dans une demi-heure|actus vendredi à midi|les actus chaque matin|actus tous les jours à 8h|préviens-moi dès que les actus changent|demain soir les actus",
		"es": "mándame las noticias mañana a las 9|noticias esta noche a las 20:30 por favor|recuérdame a las 5 de la tarde las noticias|noticias en media hora|noticias el viernes al mediodía|noticias cada mañana|quiero noticias todos los días a las 8|avísame cuando cambien las noticias|todos los días noticias a las 8",
		"it": "mandami le notizie domani alle 9|notizie stasera alle 20:30 per favore|ricordami alle 17 le notizie|notizie tra mezz'ora|notizie venerdì a mezzogiorno|notizie ogni mattina|avvisami quando cambiano le notizie",
		"pt": "me manda as notícias amanhã às 9h|notícias hoje às 20:30 por favor|me lembre às 17h das notícias|notícias daqui a meia hora|notícias na sexta-feira ao meio-dia|notícias todas as manhãs|me avisa quando notícias mudar|todo dia notícias às 8",
		"nl": "stuur me morgen om 9 uur het nieuws|nieuws vanavond om half negen graag|herinner me om 17 uur aan het nieuws|nieuws over een half uur|nieuws vrijdag om 12 uur|elke ochtend nieuws|laat het me weten als nieuws verandert",
		"pl": "wyślij mi wiadomości jutro o 9|wiadomości dzisiaj o 20:30 proszę|przypomnij mi o 17 wiadomości|wiadomości za pół godziny|wiadomości w piątek w południe|wiadomości codziennie|codziennie wiadomości o 8",
		"ru": "пришли мне новости завтра в 9|новости сегодня в 20:30 пожалуйста|напомни мне в 5 вечера новости|новости через полчаса|новости в пятницу в полдень|новости каждое утро|сообщи когда новости изменятся",
		"tr": "yarın saat 9'da haberler|bu akşam 20:30'da haberler lütfen|saat 17'de haberler hatırlat|yarım saat sonra haberler|cuma öğlen haberler|her sabah haberler|haberler değişince haber ver",
		"ar": "أرسل لي أخبار غدا الساعة 9|أخبار الساعة 8:30 مساء من فضلك|ذكرني الساعة 5 مساء أخبار|أخبار بعد نصف ساعة|أخبار كل صباح|أخبرني عندما تتغير أخبار",
		"hi": "मुझे कल सुबह 9 बजे समाचार भेजो|समाचार आज रात 8:30 बजे|शाम 5 बजे समाचार याद दिलाना|आधे घंटे बाद समाचार|हर सुबह समाचार",
		"id": "kirim berita besok jam 9|berita nanti malam jam 20.30|ingatkan saya jam 5 sore berita|berita setengah jam lagi|berita setiap pagi",
		"ja": "明日の9時にニュースを送って|今夜8時半にニュース|午後5時にニュースをリマインドして|30分後にニュース|毎朝ニュース|ニュースが変わったら教えて",
		"zh": "明天早上9点发新闻给我|今晚8点半新闻|下午5点提醒我看新闻|半小时后新闻|每天早上新闻|如果新闻变了告诉我",
		"ko": "30분 후에 뉴스|내일 오전 9시에 뉴스 보내줘|오후 3시 반에 뉴스 알려줘|매일 아침 뉴스|뉴스 바뀌면 알려줘",
		"uk": "новини завтра о 9 ранку|нагадай мені о 17:00 про новини|новини за пів години|щоранку новини|повідом мене коли новини зміняться",
		"sv": "skicka nyheter imorgon kl 9|nyheter ikväll kl 20:30 tack|påminn mig kl 17 om nyheter|nyheter om en halvtimme|nyheter varje morgon",
	} {
		for message := range strings.SplitSeq(messages, "|") {
			k := newsTalk(t, language)
			got := k.say(message)
			offered := k.last.Reply != nil && slices.ContainsFunc(k.last.Reply.Buttons, func(b pull.Button) bool { return strings.HasPrefix(b.Send, "c:later:") })
			if len(k.last.Orders) != 1 && !offered {
				t.Errorf("%s: %s: %s", language, message, got)
			}
		}
	}
}

// Whoever ordered something hears of it, and takes it back, in the words of their language.
func TestPeopleTakeBackWhatTheyOrderedInTheirWords(t *testing.T) {
	for language, messages := range map[string]string{
		"fi": "muistutukseni|peruuta muistutus", "ro": "ce am comandat|anulează reamintirea", "he": "מה הזמנתי|בטל תזכורת", "fa": "یادآوریهای من|یادآوری را لغو کن",
		"vi": "tôi đã đặt gì|hủy lời nhắc", "bg": "какво поръчах|отмени напомнянето", "hr": "moji podsjetnici|otkaži podsjetnik", "sk": "moje pripomienky|zruš pripomienku",
		"ca": "els meus recordatoris|esborra el recordatori", "lt": "mano priminimai|atšauk priminimą", "lv": "mani atgādinājumi|atcel atgādinājumu", "ur": "میری یاددہانیاں|یاددہانی منسوخ کرو",
		"bn": "আমার রিমাইন্ডার|রিমাইন্ডার বাতিল করো", "el": "οι υπενθυμίσεις μου|ακύρωσε την υπενθύμιση", "da": "mine påmindelser|slet påmindelsen", "nb": "mine påminnelser|slett påminnelsen",
	} {
		k := newTalk(t)
		k.order("wipro at 15:25")
		list, back, _ := strings.Cut(messages, "|")
		if got := k.say(list); !strings.HasPrefix(got, "You have ordered") || len(k.reader.Laters) != 1 {
			t.Errorf("%s: %s: %s", language, list, got)
		}
		if got := k.say(back); len(k.reader.Laters) != 0 {
			t.Errorf("%s: %s: %s", language, back, got)
		}
	}
}

// A clock beside a keyword that takes something may be what is asked for: it is answered at once,
// and offered for then unless the keyword knew something of it.
func TestAClockThatMayBeAskedForIsOffered(t *testing.T) {
	for message, want := range map[string]string{
		"WIPRO 15:25": "WIPRO | https://example.org/WIPRO | [Once, 2 Mar, 15:25=c:later:tba01o.quote.V0lQUk8]",
	} {
		k := newTalk(t)
		if got := k.say(message); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}
