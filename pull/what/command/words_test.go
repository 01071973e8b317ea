package command_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what/command"
	"keypull/pull/what/textform"
)

// optOuts lists what readers write who want no more messages.
//
//nolint:misspell // words of many languages
var optOuts = map[string][]string{
	"en": {
		"STOP", "Stop.", "stop!!!", "*STOP*", "\"stop\"", "“Stop”", "/stop", "stopall", "stop all", "END", "quit", "cancel", "unsubscribe", "Unsubscribe me", "revoke", "opt out", "opt-out", "OPTOUT",
		"remove me", "no more messages", "stop sending me messages", "please stop texting me", "take me off your list", "do not contact me", "leave me alone", "Please STOP", "stop pls", "stop it",
		"STOP NOW", "stop messaging me please", "I want to stop", "i want to unsubscribe", "I'd like to opt out", "please unsubscribe me from this list", "Hi, please unsubscribe me. Thanks!", "opt me out please",
		"no more texts please", "don't text me anymore", "dont text me", "DON’T SEND ME ANY MORE MESSAGES", "i do not want any more messages", "I no longer wish to receive messages", "i dont want these texts",
		"stop all messages", "stop the messages", "stop contacting me", "stop spamming me", "remove my number", "please remove me from your list", "delete my number from your database", "how do i unsubscribe",
		"can you stop sending me these", "unsub", "unsuscribe", "turn off notifications", "sotp", "stpo", "tsop", "sttop", "stopppp", "STOOOP", "stopp",
		"stop 🛑", "🛑 stop 🛑", "stop 😡", "STOP STOP STOP", "i said stop", "go away", "withdraw consent", "stop bothering me", "do not disturb me", "take my number off this list", "stop please and thank you",
		"please stop!!", "Stop, please.", "stop this service", "Stop messages now", "get me off this list",
	},
	"fr": {
		"stop", "arrêt", "ARRET", "arrêter", "arrete", "Arrêtez !", "stopper", "désabonner", "desabonner", "me désabonner", "désabonnement", "Désabonnez-moi", "desabonnez moi svp", "désinscription", "je veux me désabonner",
		"je souhaite me désinscrire", "Je ne veux plus recevoir de messages", "plus de messages", "plus de sms svp", "ne m'envoyez plus de messages", "ne m’envoyez plus de sms", "ne m'ecrivez plus", "arrêtez de m'envoyer des messages",
		"arrête de m'écrire", "laissez-moi tranquille", "laisse moi tranquille", "retirez-moi de la liste", "supprimez-moi de votre liste", "enlevez moi de votre liste", "stop pub", "stop sms", "résilier", "annuler",
		"stop aux messages", "Bonjour, je voudrais me désabonner, merci", "s'il vous plaît arrêtez", "ne me contactez plus", "comment me désabonner",
	},
	"de": {
		"stopp", "Stop bitte", "abmelden", "Abmeldung", "bitte abmelden", "ich möchte mich abmelden", "ich moechte mich abmelden", "ich will mich abmelden", "abbestellen", "Newsletter abbestellen", "austragen", "bitte austragen", "kündigen", "kuendigen",
		"keine Nachrichten mehr", "keine SMS mehr", "bitte keine nachrichten mehr", "ich möchte keine Nachrichten mehr erhalten", "Schicken Sie mir keine Nachrichten mehr", "schick mir keine nachrichten mehr", "Ich will keine SMS mehr bekommen",
		"hör auf", "hoer auf", "hört auf mir zu schreiben", "Hören Sie auf", "melden Sie mich ab", "melde mich ab", "lass mich in Ruhe", "lasst mich in ruhe", "löschen Sie meine Nummer", "Streichen Sie mich von der Liste", "nehmen Sie mich von der Liste",
		"beenden", "abbrechen", "nicht mehr schreiben", "kontaktieren Sie mich nicht mehr", "aufhören", "stoppt das",
	},
	"es": {
		"baja", "BAJA", "dar de baja", "darme de baja", "quiero darme de baja", "Deme de baja por favor", "parar", "alto", "basta", "no más mensajes", "no mas mensajes", "no quiero más mensajes",
		"no quiero recibir mensajes", "no me envíen más mensajes", "no me envies mas mensajes", "no me manden mensajes", "deja de enviarme mensajes", "dejen de enviarme mensajes por favor", "dejen de molestarme", "déjame en paz", "dejenme en paz",
		"desuscribir", "desuscribirme", "bórrenme de la lista", "quítenme de su lista", "elimíname de la lista", "no me escriban", "no me contacten más", "cancelar", "detener", "paren", "ya no quiero mensajes",
	},
	"it": {
		"ferma", "basta", "basta messaggi", "disiscrivimi", "voglio disiscrivermi", "cancellami", "cancellatemi dalla lista", "rimuovimi dalla lista", "non voglio più messaggi", "non voglio piu ricevere messaggi", "non scrivermi più", "non mandatemi più messaggi",
		"non inviatemi altri messaggi", "lasciatemi in pace", "smettila", "smettetela di scrivermi", "smetti di mandarmi messaggi", "annulla iscrizione", "vorrei annullare l'iscrizione", "niente più messaggi", "disiscrizione", "disdire", "annulla", "stop per favore",
		"toglietemi dalla lista", "cancella il mio numero",
	},
	"pt": {
		"pare", "parar", "parem de me enviar mensagens", "pare de me mandar mensagens", "sair", "descadastrar", "quero me descadastrar", "cancelar", "cancelar inscrição", "não quero mais mensagens",
		"nao quero mais receber mensagens", "não quero receber mensagens", "não me envie mais mensagens", "nao me mande mais mensagens", "me remova da lista", "remova-me da lista", "me deixe em paz", "deixem-me em paz", "sem mais mensagens", "chega de mensagens",
		"me tire da lista", "desinscrever",
	},
	"nl": {
		"stoppen", "afmelden", "ik wil me afmelden", "meld me af", "uitschrijven", "ik wil mij uitschrijven", "schrijf me uit", "opzeggen", "geen berichten meer", "geen sms meer", "ik wil geen berichten meer", "stuur me geen berichten meer", "stuur geen berichten meer",
		"stop met sms'en", "stop met berichten sturen", "verwijder mij van de lijst", "haal me van de lijst", "laat me met rust", "hou op", "annuleren", "houd op met sturen", "stop alstublieft",
	},
	"pl": {
		"wypisz mnie", "Proszę mnie wypisać", "chcę się wypisać", "rezygnuję", "rezygnacja", "zatrzymaj", "przestań", "przestańcie do mnie pisać", "nie chcę więcej wiadomości", "nie chce wiecej wiadomosci", "proszę nie wysyłać więcej wiadomości", "nie wysyłaj mi więcej sms",
		"nie wysyłajcie mi wiadomości", "usuń mnie z listy", "usuńcie mój numer", "zostaw mnie w spokoju", "dajcie mi spokój", "nie pisz do mnie", "koniec wiadomości", "anuluj", "zakończ", "stop sms",
	},
	"sv": {"stoppa", "sluta", "avregistrera", "avregistrera mig", "jag vill avregistrera mig", "avsluta", "inga fler meddelanden", "inga fler sms tack", "sluta skicka meddelanden", "sluta smsa mig", "ta bort mig från listan", "lämna mig i fred", "jag vill inte ha fler meddelanden"},
	"da": {"afmeld", "afmeld mig", "jeg vil gerne afmeldes", "frameld", "stop venligst", "ingen flere beskeder", "ikke flere sms'er", "send mig ikke flere beskeder", "hold op med at sende beskeder", "fjern mig fra listen", "lad mig være", "jeg vil ikke have flere beskeder"},
	"nb": {"avmeld", "meld meg av", "jeg vil melde meg av", "ingen flere meldinger", "ikke send meg flere meldinger", "slutt å sende meldinger", "slutt å sende meg meldinger", "fjern meg fra listen", "la meg være i fred", "avslutt", "stopp meldinger"},
	"fi": {"lopeta", "lopettakaa", "ei enää viestejä", "en halua viestejä", "en halua enää viestejä", "älä lähetä viestejä", "älkää lähettäkö minulle viestejä", "poista minut listalta", "jätä minut rauhaan", "lopeta viestit", "lopeta viestien lähettäminen"},
	"cs": {"odhlásit", "odhlasit", "odhlaste mě", "chci se odhlásit", "zrušit odběr", "zrusit odber", "přestaňte", "už žádné zprávy", "žádné další zprávy", "neposílejte mi zprávy", "neposílejte mi už žádné zprávy", "nechci další zprávy", "nechte mě být", "vymažte mě ze seznamu", "zastavit", "ukončit"},
	"sk": {"odhlásiť", "odhláste ma", "chcem sa odhlásiť", "neposielajte mi správy", "zrušiť odber", "žiadne ďalšie správy"},
	"hu": {"leiratkozás", "leiratkozom", "le szeretnék iratkozni", "leiratkozni szeretnék", "nem kérek több üzenetet", "ne küldjenek több üzenetet", "ne írjatok többet", "hagyjatok békén", "állj le", "hagyd abba", "töröljenek a listáról", "stop kérem", "leállítás"},
	"ro": {"dezabonare", "dezabonează-mă", "vreau să mă dezabonez", "opriți mesajele", "nu mai vreau mesaje", "nu-mi mai trimiteți mesaje", "nu mai trimite mesaje", "ștergeți-mă din listă", "scoate-mă de pe listă", "lasă-mă în pace", "oprește", "renunț"},
	"tr": {"durdur", "DURDUR", "abonelikten çık", "abonelikten cik", "abonelikten çıkmak istiyorum", "iptal", "İPTAL", "mesaj istemiyorum", "artık mesaj istemiyorum", "mesaj atmayın", "bana mesaj göndermeyin", "artık mesaj atma", "beni listeden çıkarın", "rahatsız etmeyin", "beni rahat bırakın", "lütfen durdurun", "RET"},
	"el": {"στοπ", "ΣΤΟΠ", "σταμάτα", "σταματήστε", "Σταματήστε να μου στέλνετε μηνύματα", "διαγραφή", "ΔΙΑΓΡΑΦΗ", "θέλω διαγραφή", "διαγράψτε με από τη λίστα", "όχι άλλα μηνύματα", "δεν θέλω άλλα μηνύματα", "μη μου στέλνετε μηνύματα", "απεγγραφή", "αφήστε με ήσυχο", "ακύρωση"},
	"ru": {
		"стоп", "СТОП!", "отписаться", "Отпишите меня", "отпиши меня пожалуйста", "хочу отписаться", "я хочу отписаться от рассылки", "отписка", "отмена", "прекратите", "прекратите присылать мне сообщения", "хватит", "хватит писать мне", "не пишите мне больше", "не присылайте мне сообщения",
		"больше не присылайте", "не хочу получать сообщения", "я больше не хочу получать рассылку", "не надо больше сообщений", "удалите меня из списка", "удалите мой номер", "оставьте меня в покое", "отстаньте", "отключить рассылку", "остановить", "остановите рассылку",
		"otpisatsya", "stop pozhaluysta", "тсоп", "стооп", "убрать меня из рассылки",
	},
	"uk": {"стоп", "відписатися", "відпишіть мене", "хочу відписатися", "відписатись від розсилки", "не надсилайте мені повідомлення", "більше не пишіть", "не хочу отримувати повідомлення", "припиніть", "зупиніть", "досить", "видаліть мене зі списку", "залиште мене в спокої", "не пишіть мені більше"},
	"bg": {"отпишете ме", "спрете", "не искам повече съобщения", "отписване", "моля, отпишете ме"},
	"hr": {"odjava", "odjavite me", "prestanite", "ne šaljite mi više poruke", "želim se odjaviti"},
	"ar": {"إيقاف", "ايقاف", "توقف", "أوقف", "إلغاء", "إلغاء الاشتراك", "الغاء الاشتراك", "أريد إلغاء الاشتراك", "لا ترسل لي رسائل", "لا ترسلوا لي رسائل بعد الآن", "لا أريد رسائل", "لا اريد المزيد من الرسائل", "أوقفوا الرسائل", "توقف عن إرسال الرسائل", "من فضلك توقف", "احذفوني من القائمة", "اتركوني وشأني", "كفى"},
	"he": {"הסר", "הסרה", "להסיר", "הסירו אותי", "הסירו אותי מהרשימה", "תפסיקו", "תפסיקו לשלוח לי הודעות", "אל תשלחו לי הודעות", "לא רוצה הודעות", "אני לא רוצה יותר הודעות", "עצור", "די", "ביטול", "עזבו אותי", "תורידו אותי מהרשימה"},
	"fa": {"لغو", "لغو اشتراک", "لغو۱۱", "پیام نفرستید", "لطفا پیام ندهید", "دیگر پیام نفرستید"},
	"hi": {
		"बंद", "बंद करो", "बंद करें", "कृपया बंद करें", "मैसेज बंद करो", "मैसेज भेजना बंद करो", "मुझे मैसेज मत भेजो", "मैसेज मत भेजिए", "संदेश न भेजें", "रोको", "स्टॉप", "सदस्यता रद्द करें", "मुझे और संदेश नहीं चाहिए", "रद्द करें", "मेरा नंबर हटाओ", "परेशान मत करो",
		"band karo", "stop karo", "message band karo", "msg mat bhejo", "mujhe message mat bhejo", "please band karo", "band kar do", "mujhe message nahi chahiye",
	},
	"bn": {"বন্ধ করুন", "বন্ধ করো", "মেসেজ পাঠাবেন না"},
	"ta": {"நிறுத்து", "நிறுத்தவும்"},
	"ur": {"بند کرو", "بند کریں"},
	"ja": {
		"停止", "配信停止", "配信停止してください", "配信を停止してください", "メッセージを停止してください", "停止してください。", "解除", "登録解除", "登録を解除してください", "退会", "退会したいです", "やめて", "やめてください", "もう送らないでください", "メッセージを送らないで", "もうメッセージはいりません", "ストップ", "購読解除", "購読をやめたい", "連絡しないでください",
		"中止", "解約", "配信停止をお願いします", "メッセージを止めてください", "もういらない", "通知をオフにして",
	},
	"ko": {
		"중지", "그만", "그만 보내세요", "그만 보내 주세요", "수신거부", "수신 거부", "구독취소", "구독 취소해 주세요", "구독을 취소하고 싶어요", "메시지 그만", "메시지 보내지 마세요", "더 이상 보내지 마세요", "문자 보내지 마", "정지", "해지", "해지해 주세요", "스톱", "취소", "연락하지 마세요", "수신 거부합니다", "더 이상 메시지를 보내지 마세요", "탈퇴", "문자 그만 보내세요",
	},
	"zh": {
		"停", "停止", "停止发送", "退订", "退訂", "我要退订", "取消订阅", "取消訂閱", "我想取消订阅", "请停止", "别再发了", "别再给我发消息", "不要再发了", "不要再给我发短信了", "不要再發訊息給我", "请不要再给我发短信", "取消", "不想收到消息", "我不想再收到短信", "请取消订阅", "停止推送", "不要打扰我", "别烦我", "把我从名单移除", "终止", "请勿打扰",
	},
	"th": {"หยุด", "หยุดส่ง", "หยุดส่งข้อความ", "หยุดส่งข้อความได้แล้ว", "ยกเลิก", "ยกเลิกครับ", "ขอยกเลิก", "ยกเลิกการสมัคร", "ไม่ต้องส่งมาอีก", "ไม่ต้องการรับข้อความ", "ไม่อยากรับข้อความแล้ว", "อย่าส่งข้อความมาอีก", "เลิกส่งข้อความ", "ยกเลิกสมาชิกค่ะ", "กรุณาหยุดส่งข้อความ"},
	"vi": {"dừng", "dừng lại", "ngừng gửi tin nhắn", "ngừng nhắn tin cho tôi", "hủy", "hủy đăng ký", "huy dang ky", "tôi muốn hủy đăng ký", "đừng gửi tin nhắn nữa", "dung gui tin nhan nua", "đừng nhắn tin cho tôi nữa", "tôi không muốn nhận tin nhắn", "không nhận tin nữa", "bỏ theo dõi", "xóa tôi khỏi danh sách", "đừng làm phiền tôi"},
	"id": {"berhenti", "berhenti berlangganan", "saya mau berhenti", "hentikan", "tolong hentikan pesan ini", "jangan kirim pesan lagi", "jangan kirim saya pesan lagi", "batal", "unreg", "jangan hubungi saya lagi", "hapus nomor saya", "stop kirim pesan", "keluar", "berhenti kirim pesan"},
	"tl": {"itigil mo na", "tama na", "huwag na mag-text"},
	"sw": {"sitisha", "acha kunitumia ujumbe"},
}

func TestOptOutsStopInManyLanguages(t *testing.T) {
	count := 0
	for language, texts := range optOuts {
		for _, text := range texts {
			count++
			if got, ok := command.Lookup(text); !ok || got != command.Stop {
				t.Errorf("%s: LookupCommand(%q) = %q, %v", language, text, got, ok)
			}
		}
	}
	if count < 400 || len(optOuts) < 25 {
		t.Errorf("%d wordings in %d languages", count, len(optOuts))
	}
}

// lookAlikes hold a word of the stop family, or nearly, and ask for something
// else.
//
//nolint:misspell // words of many languages
var lookAlikes = strings.Split("stopover|doorstop|non stop|nonstop|non-stop|bus stop|the bus stop|full stop|stop motion|endgame|the end|weekend|week end|cancelled flights|canceled|cancel culture|quitte ou double|quitter la france|finde|fin de semana|"+
	"baja california|baja tensión|parada|parada de autobús|alto adige|alto saxophone|alto garda|contralto|stopwatch|stop and go|pit stop|one stop shop|stop the war|stop loss|stop-loss order|stop smoking|how to stop smoking|stop words|don't stop|dont stop me now|"+
	"stop in the name of love|spot|post|tops|pots|opts|step|shop|atop|stoop|stomp|strop|stock|stoppage|unstoppable|backstop|shortstop|truck stop|tab stop|next stop|last stop|whistle stop|stopped|stopping|stopper for wine|"+
	"end it all|end of season sale|ende gut alles gut|das ende|ende der welt|legend|trend|endive|endives|friend|send|quit smoking|quito|quiche|quite|quitting|revoked licence|subscribe|subscription prices|subscriber|opt|option|optometrist|optician|"+
	"cancelo|cancer|canceling noise headphones|cancellation policy|removal|remover|leave|leave policy|alone|home alone|alone in the dark|no more tears|no more bets|no messages in a bottle|no country for old men|do not disturb sign|"+
	"stopfgans|stopfen|kurzstopp|boxenstopp|abmelden auto|kündigungsfrist|kündigungsschutz|abbestellen zeitung gestern wer|beenden word|austragungsort|abo|abo preise|hör auf dein herz|lass mich dein pirat sein|"+
	"arrêt cardiaque|arrêt de bus|arrêt maladie|arrête ton char|plus belle la vie|plus de recettes|plus d'infos|arrêter de fumer|laissez-passer|pas de calais|fin|la fin|plus|annulation|annuler un vol|résiliation bail|"+
	"fermata|fermata autobus|basta pasta|ferma posta|non voglio mica la luna|niente di nuovo|cancellara|cancelli|alt|"+
	"bästa|bäst|bästa recepten|seis|seis recetas|para|para ti|para hoy|más|mas|no|no más|sin azúcar|sin gluten|sin|sair à noite|parar o carro|pareo|paris|"+
	"stopcontact|afmeldingen sport|geen idee|niet meer|stoppelveld|stopverf|"+
	"stopniowo|stopy procentowe|stopy|koniec świata|przestań kochać|bez cukru|stoprocent|"+
	"stopp im busverkehr heute|slutten|stands|standing|dur|dürüm|durak|otobüs durağı|iptal edilen uçuşlar|son durak|"+
	"стопа|остановка|автобусная остановка|автостоп|стопка|стоповые|пост|без сахара|без глютена|нет|нет войне|отмена рейса|отмена концертов|хватит ли хлеба|конец света|"+
	"стопка млинців|кінець світу|без цукру|зупинка|"+
	"وقف إطلاق النار|وقف|لا|موقف الحافلة|إلغاء الرحلات|توقف القلب|"+
	"ביטול טיסה|די וי די|תחנת אוטובוס|הסרת שיער|"+
	"बंद गोभी|बंद गोभी की सब्जी|भारत बंद|रोटी|नहीं|"+
	"停电|停車場|停车场|停止线|バス停|停電|解除条件|停止線|中止になった試合|不要不急|取消航班|不要|不用|中止する試合|退会率|やめる|いらない|"+
	"중지손가락|정지선|그만두|정류장|버스 정류장|취소된 항공편|구독|그만큼|"+
	"หยุดงาน|วันหยุด|ยกเลิกเที่ยวบิน|ป้ายรถเมล์|"+
	"dung|dừng chân|hủy chuyến bay|điểm dừng|dung dịch|"+
	"halte|pemberhentian|batal puasa|berhenti merokok|halt mich|haltestelle|"+
	"news|more news|stop press|text|sms|messages|text messages|no|please|hello|i want pizza|send me the recipe|i want news|"+
	"held|heap|hell|hello|hulp|kelp|helmet|manu|meno|mine|mean|men|star|stark|staart|strat|state|sport|stapt|short stop|acha|accha|annullamento voli|tim|td|off|red|ok", "|")

func TestLookAlikesDoNotStop(t *testing.T) {
	for _, text := range lookAlikes {
		if got, ok := command.Lookup(text); ok && got == command.Stop {
			t.Errorf("LookupCommand(%q) = %q", text, got)
		}
	}
	if len(lookAlikes) < 200 {
		t.Errorf("%d look-alikes", len(lookAlikes))
	}
}

//nolint:misspell // it lists what is typed badly
var badlyTyped = map[command.Command]string{
	command.Stop:  "sotp stpo tsop sttop stopppp ssstop STOPPP стоопп",
	command.Help:  "halp hlep hepl ehlp helpp heeelp",
	command.Menu:  "mneu meun menuu mennu",
	command.Start: "satrt tsart statr starttt",
}

func TestCommandsAreFoundThoughTypedBadly(t *testing.T) {
	for want, texts := range badlyTyped {
		for text := range strings.FieldsSeq(texts) {
			if got, ok := command.Lookup(text); !ok || got != want {
				t.Errorf("LookupCommand(%q) = %q, %v; want %q", text, got, ok, want)
			}
		}
	}
}

func TestHelpIsFoundInManyWordings(t *testing.T) {
	for _, text := range []string{
		"help me", "Help!", "help me please", "I need help", "aide moi", "aide-moi", "Aidez-moi svp", "besoin d'aide", "j’ai besoin d’aide", "hilf mir", "Ich brauche Hilfe", "ayúdame", "ayudame por favor", "necesito ayuda",
		"aiutami", "ho bisogno di aiuto", "me ajuda", "preciso de ajuda", "help mij", "pomóż mi", "hjälp mig", "hjelp meg", "auta minua", "pomozte mi", "segítség", "ajută-mă", "yardım edin", "βοήθησέ με", "помогите", "мне нужна помощь", "допоможіть",
		"ساعدني", "עזור לי", "मदद करो", "助けてください", "도와주세요", "帮我", "ช่วยด้วย", "giúp tôi", "tolong bantu", "کمک", "সাহায্য", "tulong", "msaada",
	} {
		if got, ok := command.Lookup(text); !ok || got != command.Help {
			t.Errorf("LookupCommand(%q) = %q, %v", text, got, ok)
		}
	}
}

func TestAWordBesideHelpSaysWhatHelp(t *testing.T) {
	for said, want := range map[string]bool{
		"i urgently need help": true, "i need some help quickly please": true, "ich brauche unbedingt etwas hilfe": true,
		"i need legal help": false, "j'ai besoin d'aide juridique": false, "besoin d'aide médicale": false, "i need psychological help": false, "ich brauche psychologische hilfe": false,
		"i need help with my taxes": false, "need some help with the move": false, "gracias por la ayuda": false, "thanks for your help": false,
		"necesito ayuda psicológica": false, "ho bisogno di aiuto legale": false, "jag behöver juridisk hjälp": false,
	} {
		c, _ := command.Said(textform.Normal(said), textform.Tokenise(said, nil), false)
		_, whole := command.Lookup(said)
		if got := whole || c == command.Help; got != want {
			t.Errorf("%q: help is %v", said, got)
		}
	}
}

func TestCommandsEndureAnyText(t *testing.T) {
	pieces := rapid.SampledFrom(strings.Fields("stop no more messages please je veux plus de 停止 して ください 그만 보내 หยุด ส่ง ' i̇ptal не хочу बंद करो ́ 😀"))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(pieces, rapid.String()), 0, 40).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		cmd, ok := command.Lookup(text)
		if ok == (cmd == "") {
			t.Fatalf("LookupCommand(%q) = %q, %v", text, cmd, ok)
		}
		if _, _, split := command.Split(text); split && ok {
			t.Fatalf("%q is a command and is split", text)
		}
	})
}

func BenchmarkLookupCommand(b *testing.B) {
	for name, text := range map[string]string{
		"one word": "tiramisu", "sentence": "could you please send me the recipe of the week", "japanese": "ティラミスの作り方を教えてください", "stop": "please stop sending me texts",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				command.Lookup(text)
			}
		})
	}
}

func TestACommandTellsItsLanguageWhereOneAloneSaysItSo(t *testing.T) {
	for text, want := range map[string]string{
		"hilfe": "de", "Hilfe bitte": "de", "what can you do": "en", "ayuda": "es", "مساعدة": "ar", "ヘルプ": "ja",
		"please stop sending me texts": "en", "hör bitte auf mir nachrichten zu schicken": "de", "arrêtez de m'envoyer des messages": "fr",
		"stop": "", "HELP": "", "menu": "", "start": "", "tiramisu": "", "": "",
	} {
		if got := command.Language(text); got != want {
			t.Errorf("%q is of %q, want %q", text, got, want)
		}
	}
}
