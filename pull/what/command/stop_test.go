package command_test

import (
	"strings"
	"testing"

	"keypull/pull/what/command"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// wordingsOfStop lists further wordings by language, divided by |.
var wordingsOfStop = map[string]string{
	"en": "stop sending|stop this spam|pls stop|STOP!!! I don't want this|Stop sending me these messages|how do I stop this|please cancel|" +
		"cancel all|cancel everything|end all|Unsubscribe from all|unsubscribe all|stop subscription|stop service|thanks but stop|" +
		"delete me from list|take me off|lose my number|stop txt|stop txting me|stop msg|stop msgs|please take me off this mailing list|" +
		"I want out|I quit|I'd like to stop receiving messages|i dont want this anymore|i don't want to receive messages anymore|" +
		"I do not consent|stop everything|no more sms|no more notifications|Kindly unsubscribe me|" +
		"kindly remove my number from your database|could you stop messaging me?|would you please stop|stop stop|stop, thanks|" +
		"remove me please|take me off the list|stop texting|stop messaging|stop it please|please remove me|don't message me again|" +
		"don't contact me again|do not message me again|never text me again|stop whatsapp|stop alerts|I want you to stop|quit texting me|" +
		"quit messaging me|end messages|I'm opting out|i opt out|I want to opt out|please opt me out|i would like to unsubscribe please|" +
		"let me unsubscribe|i revoke my consent|unsubscribe pls|Unsubscribe!|unsubscribe now|unsubscribe me now please",
	"fr": "stop à tout|Arrêtez tout|plus de messages merci|je veux arrêter|je ne souhaite plus recevoir vos messages|désinscris moi|" +
		"retirer mon numéro|se désinscrire|stopper les messages|je souhaite ne plus recevoir de messages|" +
		"merci d'arrêter|veuillez me désinscrire|veuillez arrêter|merci de me désabonner|j'arrête|je me desabonne|foutez moi la paix|" +
		"arrêtez de m'envoyer des sms|arrêtez les messages|stop les messages|je veux me désinscrire|je désire me désabonner|" +
		"plus de notifications|je ne veux plus de messages|je ne veux plus rien recevoir|me retirer de la liste|" +
		"retirez mon numéro de votre liste|stop messages|plus jamais",
	"de": "Bitte löschen Sie mich aus dem Verteiler|löscht mich aus der Liste|bitte stoppen|keine weiteren Nachrichten|" +
		"bitte keine weiteren nachrichten|ich will raus|Abmelden bitte|Newsletter abmelden|ich kündige|Schluss jetzt|bitte aufhören|" +
		"ich möchte nichts mehr bekommen|lass das|lassen Sie das|nicht mehr senden|Benachrichtigungen aus|Hört auf|hör auf zu schreiben|" +
		"hör auf mir nachrichten zu schicken|Hört bitte auf mir SMS zu schicken|keine nachrichten|Keine Mitteilungen mehr|" +
		"mich abmelden|von der Liste streichen|bitte streichen|schreib mir nie wieder|" +
		"Bitte keine SMS mehr schicken|Bitte nehmen Sie mich aus dem Verteiler|bitte austragen aus der liste|stop nachrichten",
	"es": "ya basta|dejen de mandar mensajes|quiero dejar de recibir mensajes|por favor no me envíen más mensajes|" +
		"salir|anular|terminar|no deseo recibir mensajes|alto por favor|quiero darme de baja por favor|deja de escribirme|dame de baja|" +
		"den de baja mi número|no mandes más mensajes|no me mandes más mensajes|parar mensajes|quiero cancelar|no me envien nada|no más sms|" +
		"basta de mensajes|stop mensajes|quiero salir|sácame de la lista|deja de mandarme mensajes|por favor paren",
	"it": "fermate i messaggi|stop messaggi|non voglio ricevere messaggi|togliermi dalla lista|voglio cancellarmi|esci|" +
		"basta sms|non inviare più messaggi|mi voglio disiscrivere|vorrei disiscrivermi|per favore basta|non mi scrivete più|" +
		"non voglio più ricevere sms|smettetela di mandarmi messaggi|cancella la mia iscrizione|non contattarmi più",
	"pt": "quero sair|quero parar|pare por favor|parem|não me enviem mensagens|não mande mais mensagens|excluir meu número|" +
		"quero sair da lista|pare de enviar mensagens|parar mensagens|não quero mais|cancelar mensagens|me descadastrem por favor|" +
		"quero cancelar a inscrição|tire meu número da lista|para de me mandar mensagem|não envie mais mensagens",
	"nl": "stop aub|stuur niets meer|ik wil dit niet meer|wil geen berichten meer ontvangen|schrijf me uit van de lijst|" +
		"stop met berichten|stop met mij berichten sturen|ik wil stoppen|graag afmelden|graag uitschrijven|geen meldingen meer|" +
		"laat me met rust aub|niet meer sturen",
	"tr": "mesajları durdur|mesaj gönderme artık|bana mesaj atmayın|artık mesaj göndermeyin|abonelikten çıkar beni|" +
		"mesaj almak istemiyorum|beni listeden sil|artık istemiyorum|lütfen mesaj göndermeyin",
	"ru": "не присылай больше|прекрати слать мне сообщения|стоп рассылка|отписаться от рассылки|отменить|я отписываюсь|больше не надо|" +
		"хватит слать сообщения|отпишите меня от рассылки|не надо мне писать|прошу отписать меня|уберите меня из списка|" +
		"перестаньте мне писать|перестаньте присылать сообщения|пожалуйста прекратите|не хочу больше сообщений|хочу отказаться от рассылки|" +
		"отключите уведомления|удалите меня|не беспокойте меня|как отписаться|больше не пишите мне|не шлите мне смс",
	"ja": "配信停止希望|メッセージを送らないでください|配信をやめてください|停止お願いします|受信を停止|送信を停止してください|もう結構です|配信を止めてください|メールを止めてください|もう送らないで|退会します|通知を止めて|通知を停止|解約したい|" +
		"登録を解除したい|購読を解除してください|購読を停止したいです|もうメッセージを送らないでください|これ以上送らないでください|やめてほしい|キャンセル",
	"zh": "请停止发送|停止发消息|不要给我发消息了|请把我移除|不要发消息给我|退訂簡訊|請停止傳送訊息|我不想收到你们的短信|停止发送消息|请停止给我发短信|停止给我发消息|别给我发信息了|我要取消订阅|不想再收到消息|我不要再收到短信|請取消訂閱|" +
		"請不要再傳訊息給我|請停止|不要再傳了|退出|请退订|回复退订|停止短信",
	"ko": "구독 취소|구독을 취소해 주세요|그만 받고 싶어요|메시지 수신 거부|문자 수신거부|보내지 마세요|멈춰|수신을 원하지 않습니다|그만하세요|알림 그만|메시지 보내지 말아 주세요|더는 보내지 마세요|구독 해지|구독 해지할게요|" +
		"문자 보내지 마세요 제발|연락 그만|탈퇴할게요|메시지를 중지해 주세요|알림을 꺼 주세요|메시지 받고 싶지 않아요|그만 보내|구독 취소할래요",
	"ar": "الرجاء إلغاء الاشتراك|أوقف الاشتراك|أرجو إيقاف الرسائل|لا أريد استلام رسائل|توقفوا عن مراسلتي|رجاءً توقفوا|قف|الغاء|" +
		"لا أريد المزيد من الرسائل|توقف عن مراسلتي|أوقف الرسائل|أوقفوا إرسال الرسائل|لا ترسل رسائل|لا تراسلني مرة أخرى|" +
		"أرغب في إلغاء الاشتراك|اريد الغاء الاشتراك|توقف من فضلك|وقف الرسائل|الغاء الخدمة",
	"hi": "मुझे मैसेज नहीं चाहिए|संदेश भेजना बंद करें|बंद करो ये सब|कृपया संदेश भेजना बंद करें|message bhejna band karo|" +
		"mujhe aur message mat bhejo|band kro|mat bhejo mujhe message|stop kardo|message mat karo|मैसेज मत करो|मुझे और मैसेज मत भेजो|" +
		"ये मैसेज बंद करो|सेवा बंद करें|मुझे परेशान मत करो|mujhe pareshan mat karo|sms band karo|unsubscribe karna hai|" +
		"mujhe unsubscribe karo|band karo ye sab",
	"vi": "ngừng gửi tin|xin dừng lại|hủy nhận tin|từ chối nhận tin|vui lòng ngừng gửi tin nhắn|dừng gửi tin nhắn|" +
		"đừng gửi tin nhắn cho tôi nữa|tôi không muốn nhận tin nhắn nữa|ngưng|ngưng gửi tin nhắn|xin hãy dừng|hủy đăng ký nhận tin",
	"id": "tolong berhenti kirim pesan|saya tidak mau menerima pesan lagi|stop kirim sms|saya ingin berhenti berlangganan|" +
		"jangan kirimi saya pesan lagi|tolong hapus nomor saya|mohon berhenti|tolong berhenti|hentikan pesan|jangan kirim sms lagi|" +
		"berhenti mengirim pesan|berhenti mengirimi saya pesan|cukup",
	"th": "หยุดส่งข้อความหาฉัน|ขอยกเลิกการรับข้อความ|เลิกส่งได้แล้ว|ไม่ต้องส่งข้อความมาแล้ว|หยุดส่งข้อความครับ|ยกเลิกการรับข่าวสาร|" +
		"ยกเลิกการสมัครสมาชิก|ไม่อยากรับข้อความ|กรุณายกเลิก|หยุดนะ|พอได้แล้ว|อย่าส่งมาอีก",
	"he": "אל תשלחו לי יותר הודעות|נא להסיר אותי מרשימת התפוצה|תפסיקו לשלוח הודעות|מבקש להסיר|די כבר|הסר אותי מהרשימה|" +
		"לא רוצה לקבל הודעות|בבקשה תפסיקו|הפסיקו לשלוח|להסיר מהרשימה|תפסיק לשלוח לי הודעות",
	"pl": "proszę o wypisanie|proszę przestać|nie chcę już wiadomości|stop wiadomości|nie wysyłać|wypisz mnie z listy|przestań pisać|" +
		"przestań wysyłać wiadomości|przestańcie wysyłać|proszę o usunięcie z listy|koniec|nie chcę dostawać wiadomości|" +
		"nie przysyłajcie mi więcej smsów|chcę zrezygnować|dość wiadomości|wyłącz powiadomienia",
	"sv": "jag vill avsluta|sluta skicka sms|avsluta tack|snälla sluta|ta bort mitt nummer|sluta skicka sms till mig|" +
		"jag vill inte ha meddelanden|inga mer meddelanden|jag vill sluta|stoppa meddelanden|sluta kontakta mig|lämna mig ifred",
	"el": "θέλω να σταματήσω|σταματήστε τα μηνύματα|βγάλτε με από τη λίστα|μη μου ξαναστείλετε|θέλω να διαγραφώ|" +
		"σταμάτα να μου στέλνεις μηνύματα|διαγραφή από τη λίστα|δεν θέλω να λαμβάνω μηνύματα|stop μηνύματα|μην μου ξαναστείλετε μήνυμα|" +
		"παρακαλώ σταματήστε",
	"uk": "припиніть надсилати мені повідомлення|не надсилайте більше|хочу відписатись|зупиніть розсилку|більше не надсилайте|" +
		"відпишіть мене від розсилки|перестаньте мені писати|не хочу більше повідомлень|скасувати",
	"ro": "vreau să renunț|nu mai vreau să primesc mesaje|stop mesaje|vă rog opriți|opriți-vă|nu îmi mai trimiteți mesaje|dezabonați-mă|" +
		"doresc să mă dezabonez|scoateți-mă din listă|gata cu mesajele|nu mă mai contactați",
	"hu": "kérem töröljenek|nem kérek több sms-t|ne küldjön több üzenetet|hagyja abba|szeretnék leiratkozni|nem akarok több üzenetet|" +
		"ne küldj több üzenetet|leiratkozás kérem|elég volt|ne írj többet|állítsátok le|törölj a listáról|hagyj békén",
	"cs": "chci odhlásit|odhlašte mě z odběru|nepřeji si dostávat zprávy|už mi nepište|přestaňte mi psát|prosím odhlásit|nechci žádné zprávy|" +
		"přestaňte posílat zprávy|zrušit odběr zpráv|dost zpráv|chci zrušit odběr|neposílejte mi sms|konec zpráv",
	"fi": "en halua enempää viestejä|lopettakaa viestien lähettäminen|ei enää viestejä kiitos|lopeta viestien lähettäminen minulle|" +
		"haluan lopettaa|en halua enää viestejänne|älkää enää lähettäkö viestejä|poistakaa minut listalta",
	"da": "stop med at sende mig beskeder|jeg vil gerne afmelde mig|slet mig fra listen|ikke flere beskeder tak|stop med at skrive til mig|" +
		"lad mig være i fred|jeg ønsker ikke flere beskeder|afmeld mig venligst|hold op med at skrive til mig|stop beskeder",
	"nb": "jeg ønsker ikke flere meldinger|slett meg fra listen|stopp å sende meldinger|vennligst stopp|jeg vil ikke ha flere meldinger|" +
		"slutt å sende meg sms|ikke flere meldinger takk|jeg vil avslutte|la meg være|meld meg av listen",
}

func TestFurtherWordingsStopToo(t *testing.T) {
	for language, texts := range wordingsOfStop {
		for text := range strings.SplitSeq(texts, "|") {
			if got, ok := command.Lookup(text); !ok || got != command.Stop {
				t.Errorf("%s: LookupCommand(%q) = %q, %v", language, text, got, ok)
			}
		}
	}
}

// furtherLookAlikes are no command at all.
//
//nolint:misspell // words of many languages
const furtherLookAlikes = "no|no thanks|no thank you|nein|nein danke|nichts|nicht|kein|keine|non merci|rien|plus|non|nada|no gracias|нет|нет спасибо|не надо|" +
	"не хочу|لا|لا شكرا|不|不用|不要|いいえ|大丈夫|아니요|ไม่|ไม่เอา|không|tidak|tidak mau|hayır|yok|istemiyorum|nie|ne|nu|nej|nei|ei|όχι|לא|नहीं|na|" +
	"nah|gata|nechci|nie chcę|the stop|a stop|stop sign|stop 5|stopp skylt|stop over paris|one more stop|stops|stopgap|stopcock|" +
	"stop light|stop watch|stop bang|stop press news|stopped clock|unstoppable|end of the world|end of life|endless|ending|" +
	"weekend plans|at the end|dead end|west end|back end|front end|quit claim deed|quitclaim|quitters|quitting time|cancel order|" +
	"cancel my flight|cancel my order|cancellation|cancelled|cancel meeting|removal service|remove stains|remove wallpaper|" +
	"how to remove stains|how to stop a nosebleed|how to stop hiccups|how to quit smoking|how to end a letter|unsubscribed music|" +
	"optical|revoked|revoke license|opting|option prices|opt for green|delete app|delete cookies|leave a review|leave me a recipe|" +
	"let me know|get me a taxi|take me home|take me to the moon|take me out|get off my lawn|go away green aphids|block party|" +
	"block chain|halt catch fire|altoona|alt|altona|basta pasta recipe|bastable|parar de fumar|pare brise|parc|paraguay|baja fresh|" +
	"baja blast|bajar de peso|bajas temperaturas|dar a luz|detener el tiempo|detenidos|fermato|fermare il tempo|smettere di fumare|" +
	"smettere|disdire palestra|arret de travail|arretez le massacre|arrêté préfectoral|arrêts de la cour|arrete moi si tu peux|" +
	"stop ou encore|stop covid|stoppuhr|stoppschild|stopplicht|abmeldebescheinigung|abmelden arbeitsamt|beenden abmelden anleitung|" +
	"ende der ferien|wochenende|kündigen arbeitsvertrag|kündigung vorlage|keine ahnung|kein problem|keine nudeln|ruhe|in ruhe|" +
	"halteverbot|streichen|streichkäse|pas de problème|plus de soleil|plus de détails|fin du monde|fin gourmet|finistère|" +
	"sin mensajes de amor|mensajes|mensajes de amor|mensaje|sms gratis|messaggi|messaggi d'amore|basta così poco|mensagens de bom dia|" +
	"mensagens|mensagem|bom dia mensagens|pare o mundo|berichten|nachrichten|keine nachrichten sind gute nachrichten|nachrichten heute|" +
	"nachrichten bitte|sms lån|wiadomości|wiadomości dnia|zprávy|správy|новости|сообщения|рассылка|подписка|смс|повідомлення|сегодня|" +
	"стоп кран|стоп линия|стоп сигнал|остановка сердца|отмена крепостного права|конец света|повідомлення дня|رسائل|رسائل حب|أخبار|" +
	"إيقاف التشغيل|توقف الزمن|הודעות|הודעות לעיתונות|मैसेज|संदेश|बंद दरवाजा|भारत बंद कब है|メッセージ|メール|配信|通知|配信時間|停止線とは|解除方法|退会金|취소선|메시지|" +
	"문자|알림|구독자|중지선|短信|消息|最新消息|信息|服务|广告|发送|停车|停车费|停止营业|取消航班信息|退订政策|ข้อความ|ข่าวสาร|วันหยุดยาว|หยุดยาว|tin|tin nhắn|tin tức|tin mới|" +
	"nhắn tin|dừng xe|hủy vé|pesan|pesan makanan|berita|kirim pesan|kirim uang|mesaj|haber|mesaj at|viesti|viestit|uutiset|" +
	"lopeta tupakointi|besked|beskeder|melding|meldinger|nyheter|meddelande|mesaje|știri|üzenet|üzenetek|hírek|μηνύματα|μήνυμα|ειδήσεις|" +
	"aviso|avisos|alertas|alertes|alertes météo|alerts|weather alerts|updates|news updates|newsletter|subscribe newsletter|" +
	"notifications|contact|contact us|contact me|call me|text me|message me|write to me|send me messages|send me more messages|" +
	"more messages|i want messages|i want more texts|keep sending me messages|please send sms|sms|email me|membership|my membership|" +
	"subscription|my subscription|subscription price|mi suscripción|abonnement|mein abo|mon abonnement|подписка цена|i want it now|" +
	"want some|who is this|what is this|this is great|thanks|thank you|ok thanks|spotify|opts|pots|top|" +
	"tops|stap|stip|stup|stoop kid|shtop|shop|slop|swop|snop|stob|stomp|stoat|stow|scop|sop|sto|estop|pstop|stope|starp|hepl me|hel|hey|" +
	"hall|help desk|helping|helper|hlp|hulpverlening|mensa|menus|venu|meu|mnu|stat|tart|stare|smart|start up|startup|star t|stark|" +
	"upstart|zhelp"

func TestFurtherLookAlikesAreNoCommand(t *testing.T) {
	for text := range strings.SplitSeq(furtherLookAlikes, "|") {
		if got, ok := command.Lookup(text); ok {
			t.Errorf("LookupCommand(%q) = %q", text, got)
		}
	}
}

// wishesThatItGoesOn are no STOP, although they have its words.
const wishesThatItGoesOn = "don't stop sending me these|please don't stop the messages|never stop texting me|não parem de enviar|" +
	"não pare de mandar mensagens|nunca parem de me escrever|no paren de mandar mensajes|" +
	"no dejen de mandarme mensajes|nunca dejen de escribirme|ne vous arrêtez pas d'envoyer|" +
	"n'arrêtez pas les messages|n'arrêtez surtout pas de m'écrire|non smettete di mandarmi messaggi|" +
	"non fermate i messaggi|hört nicht auf mit den Nachrichten|bitte nicht aufhören zu schreiben|" +
	"nie przestawajcie pisać|nie wyłączajcie wiadomości|mesajları durdurmayın|mesaj atmayı bırakmayın|" +
	"не прекращайте рассылку|не переставайте писать|не останавливайте сообщения|لا توقفوا الرسائل|" +
	"لا تتوقفوا عن الإرسال|ما توقفوا الرسائل|मैसेज बंद मत करना|भेजना बंद मत करना|messages band mat karo|" +
	"stop nahi karna|plus de messages svp j'adore|on veut plus de messages|je voudrais plus de messages|" +
	"envoyez plus de messages|I want no fewer messages|no less messages please|more messages please|" +
	"quiero más mensajes|quero mais mensagens|vogliamo più messaggi|ich will mehr Nachrichten|" +
	"stuur niet minder berichten|stop niet met berichten sturen|sluta inte skicka|メッセージを止めないで|不要停止发送|메시지 멈추지 마세요|" +
	"jangan berhenti kirim pesan|لا تلغوا اشتراكي|don't unsubscribe me|ne me désabonnez pas|" +
	"melden Sie mich nicht ab|no me den de baja|não me descadastrem|non cancellatemi dalla lista|" +
	"не отписывайте меня|nie wypisujcie mnie|beni listeden çıkarmayın|อย่าหยุดส่งข้อความ|đừng dừng gửi tin nhắn|" +
	"đừng ngừng nhắn tin cho tôi|אל תפסיקו לשלוח הודעות|אל תעצרו את ההודעות|پیام\u200cها را قطع نکنید|" +
	"ارسال پیام را متوقف نکنید|پیغام بند مت کریں|پیغام بھیجنا بند نہ کریں|মেসেজ পাঠানো বন্ধ করবেন না|" +
	"மெசேஜ் அனுப்புவதை நிறுத்தாதீர்கள்|మెసేజ్\u200cలు ఆపకండి|msiache kutuma ujumbe|usiache kunitumia meseji|" +
	"не припиняйте надсилати повідомлення|не зупиняйте розсилку|メッセージを停止しないでください|配信停止しないで|구독 취소하지 마세요|" +
	"jangan stop pesannya|jangan hentikan pesan|μην σταματάτε να στέλνετε μηνύματα|μη σταματάς τα μηνύματα|" +
	"ne hagyják abba az üzeneteket|ne állítsátok le az üzeneteket|nu opriți mesajele|nu vă opriți din trimis mesaje|" +
	"nepřestávejte posílat zprávy|nezastavujte zprávy|älkää lopettako viestejä|sluta inte att skicka meddelanden|" +
	"stop ikke med at sende beskeder|ikke slutt å sende meldinger|huwag itigil ang mga mensahe|" +
	"huwag kayong tumigil sa pag-text|не спирайте да изпращате съобщения|nemojte prestati slati poruke|" +
	"nenustokite siųsti žinučių|nepārtrauciet sūtīt ziņas|neprestávajte posielať správy|no pareu d'enviar missatges|" +
	"no deixeu d'enviar-me missatges|stop niet met sturen|nie berichten stoppen bitte nicht|" +
	"bitte die Nachrichten nicht abstellen"

func TestWhoWantsMessagesToGoOnSaysNoStop(t *testing.T) {
	for text := range strings.SplitSeq(wishesThatItGoesOn, "|") {
		normal := textform.Normal(text)
		got, ok := command.Lookup(text)
		said, _ := command.Said(normal, textform.Tokenise(text, nil), false)
		slip, misspelt := command.Misspelt(normal)
		if ok && got == command.Stop || said == command.Stop || misspelt && slip == command.Stop {
			t.Errorf("%q is STOP", text)
		}
	}
}

// TestNoWordOfStopAsksToGoOn holds that what asks for more takes none of the words of STOP away;
// of these some name what is paid for.
func TestNoWordOfStopAsksToGoOn(t *testing.T) {
	for _, tag := range languages.Tags() {
		for section, line := range languages.Lines(tag, "stop.txt", "core", "alone") {
			if got, ok := command.Lookup(line); !command.ReadPaid(textform.Normal(line)).Names() && (!ok || got != command.Stop) {
				t.Errorf("%s: %q of %s is %q, %v", tag, line, section, got, ok)
			}
		}
	}
}
