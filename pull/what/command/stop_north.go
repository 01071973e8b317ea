package command

// stopWordingsNorth lists the wordings of the north and the middle of Europe,
// in Latin letters.
//
//nolint:misspell // words of many languages
var stopWordingsNorth = []wording{
	{ // Swedish
		cores: "jag vill avsluta|sluta kontakta|sluta skriva|avregistrering tack|jag vill inte längre|nu räcker det|lämna mig|ta bort mig|avanmäla|avanmäla mig|avregistrering|stryk mig|" +
			"stopp|stop|stoppa|sluta|sluta skicka|avregistrera|avregistrera mig|avregistrering|avprenumerera|avanmäl|avanmäl mig|avanmälan|avsluta prenumeration|avsluta prenumerationen|" +
			"säg upp|säga upp|ta bort mig|ta bort mitt nummer|radera mitt nummer|lämna mig ifred|lämna mig i fred|kontakta mig inte|kontakta inte mig|skriv inte till mig|skriv inte|" +
			"sms:a inte|sluta smsa|sluta messa|sluta mejla|sluta störa|inte intresserad|ej intresserad|låt mig vara|låt mig vara ifred",
		needing: "inga mer|inte längre|vill inte få|vill inte ha|slipp|inga fler|inga|inte fler|sluta skicka|skicka inte|skicka inga|skicka inga fler|inte ha|avsluta|stoppa|inte få|säg upp|avbeställ",
		leads:   "jag vill skulle vilja tack snälla hej kan ni du mig gärna härmed önskar min vänligen",
		tails:   "kontakta skriva prata emot mig mer fler till från er era de alla allt nu skicka tack dessa listan listor det här ha få längre med omedelbart min mina att några prenumerationen snälla",
		objects: "meddelanden meddelande sms smsen mejl mail reklam utskick prenumeration prenumerationen spam notiser aviseringar",
	},
	{ // Danish
		cores: "slet mig fra|fjern mig fra|stop med at skrive|hold op med at skrive|hold op med det|jeg vil afmeldes|jeg vil afslutte|jeg vil stoppe|stoppe|lad være|nu er det nok|afmeldt|" +
			"afmeld|afmeld mig|frameld|frameld mig|afmelding|framelding|afmelde|afmeldes|framelde|frameldes|stop|stop det|hold op|slet mit nummer|fjern mig|fjern mit nummer|lad mig være|lad mig være i fred|" +
			"kontakt mig ikke|skriv ikke til mig|skriv ikke mere|opsig|opsige|opsigelse|ikke interesseret",
		needing: "ønsker ikke|stop med|ikke længere|stop|ikke flere|ingen flere|ingen|send ikke|send ikke flere|send mig ikke|send ingen|vil ikke|ikke have|opsig|hold op|afbestil|stands",
		leads:   "jeg vil gerne venligst vær venlig hej kan i du mig mit at ønsker",
		tails:   "mig mere flere til fra jer jeres alle alt nu at sende skrive listen tak modtage have få med det mit disse straks",
		objects: "beskeder besked sms sms'er smser mails mail abonnement abonnementet reklamer reklame spam notifikationer",
	},
	{ // Norwegian
		cores: "slett meg fra|jeg vil avslutte|jeg vil slutte|avslutte abonnement|avslutte abonnementet|slutt å skrive|meld meg av|ta meg av listen|stryk meg|fjern meg fra|nå er det nok|avbestille|meldes av|" +
			"stopp|avmeld|avmeld meg|meld av|meld meg av|melde meg av|avmelde|avmeldes|avmelding|meld meg ut|avslutt abonnement|fjern meg|fjern nummeret mitt|slett nummeret mitt|la meg være|la meg være i fred|" +
			"ikke kontakt meg|kontakt meg ikke|ikke skriv til meg|si opp|si opp abonnement|slutt|hold opp|ikke interessert|la meg vere",
		needing: "ønsker ikke|ikke lenger|avslutte|ingen flere|ikke flere|ingen|ikke send|ikke send meg|ikke send flere|send ikke|slutt|stopp|vil ikke|ikke ha|avslutt|si opp|avbestill",
		leads:   "jeg eg vil gjerne ønsker vennligst hei kan dere du meg mitt",
		tails:   "meg mer flere til fra dere deres alle alt nå å sende skrive listen lista takk motta ha få med det mitt disse straks",
		objects: "meldinger melding sms smser sms-er tekstmeldinger eposter e-poster abonnement abonnementet reklame spam varsler varslinger",
	},
	{ // Finnish
		cores: "älkää enää|älä enää|en halua enempää|riittää jo|riittää|poistakaa minut|haluan pois|haluan pois listalta|ei kiinnosta|lopettakaa jo|lakatkaa|lakkaa|tilauksen peruutus|peruutan tilauksen|peruutan tilaukseni|haluan perua tilauksen|" +
			"lopeta|lopettakaa|lopettaa|lopetus|pysäytä|peruuta tilaus|peru tilaus|poista minut|poistakaa minut|poista numeroni|poistakaa numeroni|jätä minut rauhaan|" +
			"jättäkää minut rauhaan|irtisano|irtisanon|älä ota yhteyttä|älkää ottako yhteyttä|älä kirjoita|en ole kiinnostunut|eroa listalta|ei kiitos enää",
		needing: "en halua enempää|en halua lisää|älkää enää|älä enää|en tahdo|ei lisää|älkää lähettäkö enää|" +
			"ei enää|ei|en halua|en halua enää|älä lähetä|älkää lähettäkö|älä lähetä enää|lopeta|peruuta|peruuttaa|perua|peru|poista",
		leads: "haluan haluaisin kiitos hei minä olkaa ole hyvä nyt",
		tails: "minulle enää lisää kiitos minut listalta nyt heti näitä kaikki kaikkia näiden saada vastaanottaa",
		objects: "viestejänne viestejäsi viestiä lähettäkö lähetä viestienne tekstareita " +
			"viestejä viestit viestien tekstiviestejä tekstiviestit tilaus tilauksen tilaukseni mainoksia sms sähköposteja ilmoituksia lähettäminen lähettämästä",
	},
	{ // Polish
		cores: "nie wysyłać|nie wysyłać więcej|nie wysyłajcie|wypisanie|o wypisanie|o usunięcie|proszę o usunięcie|usunięcie|chcę zrezygnować|rezygnuję z|skończcie|wystarczy|usunąć|nie dzwoń|nie nękajcie mnie|wypiszcie|cofnięcie zgody|daj spokój|żegnam|usuń mnie|proszę usunąć mnie|proszę usunąć mój numer|nie przeszkadzać|" +
			"zatrzymaj|zatrzymać|zatrzymajcie|wypisz|wypisz mnie|wypiszcie mnie|wypisać|wypisać się|wypisać mnie|wypisuję się|rezygnuję|rezygnacja|zrezygnować|anuluj subskrypcję|" +
			"przestań|przestańcie|przestać|usuń mnie z|usuńcie mnie|usuń mój numer|usuńcie mój numer|proszę mnie usunąć|usunąć mnie|wyrejestruj|wyrejestruj mnie|wyrejestrować|odsubskrybuj|odsubskrybować|" +
			"dajcie mi spokój|daj mi spokój|zostaw mnie w spokoju|zostawcie mnie w spokoju|nie pisz do mnie|nie piszcie do mnie|nie pisz więcej|nie pisz|nie piszcie|odczep się|" +
			"nie kontaktuj się ze mną|nie kontaktujcie się ze mną|nie kontaktować się|nie jestem zainteresowany|nie jestem zainteresowana|cofam zgodę|wycofuję zgodę|dość",
		needing: "stop|nigdy|nie chcę|nie chcę już|nie chcę więcej|nie wysyłaj|nie wysyłajcie|nie wysyłać|nie przysyłaj|nie przysyłajcie|nie przysyłać|żadnych|koniec|dość|koniec z|anuluj|anulować|zakończ|bez|wyłącz|nigdy więcej",
		leads:   "proszę chcę chciałbym chciałabym się mnie mi o już dzień dobry cześć ja",
		tails:   "listy mailingowej rezygnuję moje mojego numeru proszę do mnie mi więcej już z się tych tej od was proszę teraz natychmiast listy wszystkich wszystko otrzymywać dostawać wysyłania żadnych mój tym numer te bazy dziękuję waszej",
		objects: "smsa powiadomień pisania reklamowych wiadomościom wiadomości wiadomość sms sms-ów smsów esemesów smsy powiadomień powiadomienia maili reklam spamu spam subskrypcję subskrypcji subskrypcja wysyłać pisać newsletter newslettera",
	},
	{ // Czech and Slovak
		cores: "už dost|dost|vypište mě|vyškrtněte mě|odhlašuji odběr|odhlásit z odběru|prosím odhlásit|přestaňte otravovat|neotravujte|neotravuj|neobtěžujte mě|neobťažujte ma|vymažte ma|odstráňte ma|chcem skončiť|chci skončit|nechte toho|ukončete|ukončete odběr|už ne|" +
			"zastavit|zastav|zastavte|odhlásit|odhlásit se|odhlásit mě|odhlaste mě|odhlas mě|odhlašte mě|odhlásit odběr|odhlášení|odhlašuji|odhlašuji se|zrušit odběr|zrušte odběr|přestaňte|přestaň|přestat|" +
			"vyřaďte mě|vymažte mě|odstraňte mě|smažte mé číslo|vymažte mé číslo|nechte mě být|nechte mě na pokoji|nech mě být|nech mě na pokoji|dejte mi pokoj|nepište mi|nepiš mi|nepište|neposílejte mi nic|" +
			"nekontaktujte mě|nemám zájem|už dost|" +
			"odhlásiť|odhlásiť sa|odhlásiť odber|odhláste ma|odhlás ma|odhlásenie|zrušiť odber|zrušte odber|prestaňte|prestaň|zastaviť|nepíšte mi|nepíš mi|nechajte ma|nechajte ma na pokoji|dajte mi pokoj|nekontaktujte ma|nemám záujem",
		needing: "nepřeji si|nepřeji si dostávat|už žádné další|nechci žádné|už nechci žádné|konec s|nezasielajte|stop|" +
			"žádné|žádné další|už žádné|nechci|už nechci|nechci už|neposílejte|neposílej|neposílat|nezasílejte|konec|zrušit|zrušte|ukončit|dost|žiadne|žiadne ďalšie|nechcem|už nechcem|neposielajte|neposielaj|zrušiť|ukončiť",
		leads:   "chci chtěl bych chtěla prosím se mi mě dobrý den ahoj už přeji si chcem chcel by som sa ma",
		tails:   "mi mě se už více další z od vás prosím teď hned ze seznamu dostávat všechny tyto žádné děkuji ma viac ďalšie zo zoznamu dostávať ihneď",
		objects: "zprávy zpráv zprávu sms smsky smsek maily emaily odběr odběru upozornění reklamy reklam spam posílat psát správy správ správu odber odberu posielať písať",
	},
	{ // Hungarian
		cores: "hagyja abba|elég volt|elég|állítsátok le|törölj a listáról|törölj|töröld a számom|töröljék a számomat|vegyél le|vegyetek le|ne zaklassanak|ne zaklass|ne keress|ne keressetek|hagyjon békén|szállj le rólam|lemondom az előfizetést|leiratkozást kérek|kérem a leiratkozást|vegyenek le a listáról|ne kérek|" +
			"leállítás|leállít|állj|állj le|álljatok le|állítsd le|állítsák le|leiratkozás|leiratkozom|leiratkozni|le szeretnék iratkozni|le akarok iratkozni|leiratkoznék|leiratkozok|iratkoztass le|iratkoztassanak le|hagyd abba|hagyják abba|hagyjátok abba|" +
			"hagyj békén|hagyjanak békén|hagyjatok békén|töröljenek|töröljetek|töröljenek a listáról|vegyenek le|ne írj|ne írjanak|ne írjatok|ne zavarj|ne zavarjanak|lemondás|lemondom|lemondani|nem érdekel|ne keressenek",
		needing: "ne küldjön|ne küldjön több|ne küldj több|ne küldjetek több|nem akarok kapni|nem kívánok|nem szeretnék több|elég a|" +
			"nem kérek|nem kérek több|nem kérek többet|ne küldjenek|ne küldj|ne küldjetek|ne küldjenek több|nincs több|nem akarok|nem akarok több|nem szeretnék|elég|lemondás|elég volt",
		leads:   "szeretnék kérem kérlek akarok én jó napot szia azonnal",
		tails:   "kérem kérlek többet több nekem a az listáról kapni azonnal most köszönöm küldeni ezt ezeket",
		objects: "üzenetet üzenet üzeneteket üzenetek sms sms-t smst sms-eket értesítést értesítéseket emailt e-mailt levelet hírlevelet előfizetés előfizetést reklámot",
	},
	{ // Romanian
		cores: "nu mă mai contactați|nu mă mai contacta|nu mă mai deranjați|ajunge|încetați să|nu îmi mai scrieți|nu-mi mai scrieți|elimină-mă|eliminați-mă|scoate-mă de pe|vreau să ies|nu mai vreau|doresc dezabonare|dezabonați|dezabonare imediată|nu mai sunt interesat|nu mai sunt interesată|anulați abonamentul|renunțați|" +
			"oprește|opriți|opriți-vă|oprește-te|oprire|dezabonare|dezabonează-mă|dezabonează|dezabonați-mă|dezabonez|mă dezabonez|dezabona|renunț|renunțare|șterge-mă|ștergeți-mă|scoate-mă|scoateți-mă|" +
			"șterge numărul meu|ștergeți numărul meu|lasă-mă în pace|lăsați-mă în pace|nu mă contactați|nu mă contacta|nu mă deranjați|nu-mi mai scrie|nu-mi mai scrieți|nu mai scrieți|încetează|încetați|nu sunt interesat|nu sunt interesată",
		needing: "gata|oprește|opriți|stop|nu mai vreau să primesc|nu mai vreau|nu mai doresc|nu vreau|nu doresc|fără|nu mai trimite|nu mai trimiteți|nu-mi mai trimite|nu-mi mai trimiteți|nu îmi mai trimiteți|gata cu|anulează|anulare|anulați|terminați cu",
		leads:   "vreau aș dori doresc să mă te rog vă bună ziua salut eu vrea",
		tails:   "voi contacta scrie scrieți listei mă de la din pe lista listă te rog vă acum imediat să primesc mai toate aceste alte dumneavoastră voastră mulțumesc",
		objects: "mesaje mesajele mesaj sms sms-uri smsuri notificări notificările abonament abonamentul emailuri reclame spam abonarea",
	},
	{ // Turkish
		cores: "üyeliği sonlandır|üyeliğimi sonlandır|aboneliği sonlandır|aboneliğimi sonlandır|aboneliği bitir|beni listeden sil|listeden sil|listeden silin|artık istemiyorum|mesajları durdur|mesajları kes|ayrılmak istiyorum|çıkmak istiyorum|artık yazma|artık yazmayın|yazmayın|yeter artık|beni arama|üyelik iptali|abonelik iptali|beni aboneliğimden çıkar|mesaj göndermeyi bırak|mesaj göndermeyi bırakın|mesaj atmayı bırak|mesaj atmayı kes|mesaj atmayı bırakın|izin vermiyorum|onayımı geri çekiyorum|" +
			"durdur|durdurun|abonelikten çık|abonelikten çıkmak|abonelikten çıkar|abonelikten çıkarın|abonelikten ayrıl|aboneliği iptal et|aboneliğimi iptal et|aboneliğimi iptal edin|üyelikten çık|üyelikten çıkmak|" +
			"üyeliğimi iptal et|üyeliğimi iptal edin|listeden çıkar|listeden çıkarın|listeden çıkmak|listenizden çıkarın|beni çıkar|beni çıkarın|beni sil|beni silin|numaramı sil|numaramı silin|mesaj atma|mesaj atmayın|mesaj gönderme|mesaj göndermeyin|mesaj yollamayın|" +
			"sms atma|sms atmayın|sms gönderme|sms göndermeyin|bana yazma|bana yazmayın|rahatsız etme|rahatsız etmeyin|beni rahat bırak|beni rahat bırakın|rahat bırakın|ret|ilgilenmiyorum",
		needing: "iptal|iptal et|iptal edin|durdur|durdurun|istemiyorum|almak istemiyorum|kes|kesin|kapat",
		leads:   "lütfen artık bana beni ben merhaba daha fazla başka hiç bu sizden",
		tails:   "lütfen artık istiyorum istemiyorum bana beni hemen şimdi edin et teşekkürler",
		objects: "mesaj mesajları mesajlar mesajı sms bildirim bildirimleri abonelik aboneliğimi aboneliği üyeliğimi üyelik reklam",
	},
	{ // Croatian, Serbian and Slovene
		cores: "odjavljujem|želim odjavu|molim odjavu|ne želim više|dosta|dosta je|prestanite slati|prestani slati|obrišite me|obriši me|brišite me|otkaži pretplatu|otkažite pretplatu|otkazati pretplatu|ne javljajte mi se|ne uznemiravajte me|nemojte mi slati|nemojte mi pisati|hoću odjavu|" +
			"odjava|odjavi|odjavi me|odjavite me|odjaviti|odjavi se|odjaviti se|odjavljujem se|prestani|prestanite|zaustavi|zaustavite|prekini|prekinite|ostavite me na miru|ostavi me na miru|ne piši mi|ne pišite mi|ne kontaktirajte me|" +
			"ukloni me|uklonite me|izbriši me|ustavi|ustavite|odjavite|nehaj|nehajte|pustite me pri miru|одјава|одјави ме|одјавите ме|престани|престаните|заустави|оставите ме на миру",
		needing: "ne šalji|ne šaljite|ne želim|ne želim više|neću|nema više|bez|ne pošiljajte|nočem|nočem več|не шаљите|не желим",
		leads:   "želim želio bih molim se me više dosta hočem prosim", tails: "mi više me s sa liste popisa molim odmah slati s pisati več",
		objects: "poruke poruka sms sms-ove smsove obavijesti sporočil sporočila поруке",
	},
	{ // Lithuanian, Latvian and Estonian
		cores: "atsisakyti|atsisakau|nebesiųskite|nebesiųskit|sustabdyti|sustabdykite|nutraukti|nutraukite|nerašykite man|atšaukti prenumeratą|apturēt|apturiet|atteikties|atrakstīties|pārtrauciet|nesūtiet man|atcelt abonementu|" +
			"lõpeta|lõpetage|peata|loobu|tühista tellimus|ärge saatke|ära saada",
		leads: "prašau noriu lūdzu palun soovin vēlos", tails: "prašau man lūdzu palun mulle", objects: "žinučių žinutės ziņas ziņu sõnumeid sms",
		needing: "nenoriu|nebenoriu|vairs nesūtiet|nevēlos|ei soovi|enam",
	},
	{ // Indonesian and Malay
		cores: "cukup|jangan kirimi saya|jangan kirimi saya pesan|jangan kirimi|jangan kirim apa apa|saya tidak tertarik|tidak mau lagi|gak mau lagi|sudah cukup|hapus saya dari daftar|saya mau keluar|mau berhenti|batalkan saya|berhentikan|jangan ganggu lagi|jangan mengganggu|tolong jangan|jangan chat saya|stop kirim|stop hubungi|jangan wa saya|" +
			"berhenti|berhenti berlangganan|hentikan|setop|henti|unreg|unreg all|batal berlangganan|batal langganan|batalkan langganan|batalkan berlangganan|jangan kirim lagi|jangan kirim|jangan hubungi saya|jangan hubungi|" +
			"jangan ganggu|jangan ganggu saya|jangan sms|jangan chat|hapus saya|hapus saya dari|hapus nomor saya|keluarkan saya|tidak tertarik|gak tertarik|cukup sudah|jangan hantar|jangan hantar lagi|nyahlanggan|henti melanggan|berhenti melanggan",
		needing: "tidak mau|tidak ingin|tak mau|gak mau|nggak mau|ga mau|hentikan|batalkan|batal|stop|tak nak|matikan",
		leads:   "saya aku mau ingin tolong mohon harap silakan untuk nak sudah ya halo hai",
		tails:   "lagi saya aku ke dari semua ini sekarang dong ya terima kasih kirim mengirim mengirimi menerima terus daftar padaku langganan berlangganan tolong segera",
		objects: "pesan sms langganan kirim mengirim notifikasi iklan spam mesej",
	},
	{ // Filipino and Swahili
		cores: "itigil niyo na|itigil ninyo na|itigil ang|huwag mo na akong i text|wag mo na akong i text|huwag na akong i text|tanggalin mo ako|alisin niyo ako|ayoko na|nataka kujiondoa|niondoe kwenye|niache|niacheni|usinisumbue|msinisumbue|usinitumie ujumbe|sitaki ujumbe|acha kutuma ujumbe|acha kuniandikia|" +
			"itigil|itigil mo|itigil na|tigil|tigilan mo na|tigilan mo na ako|tumigil|tumigil ka|hinto|ihinto|huminto|tama na|alisin mo ako|alisin ako|huwag na mag text|huwag mag text|huwag nang mag text|huwag magtext|" +
			"wag na mag text|wag kayo mag text|huwag nang magpadala|huwag magpadala|ayaw ko na|mag unsubscribe|simama|sitisha|komesha|jiondoe|jiondoa|niondoe|usitume|msitume|usinitumie|msinitumie|acha kutuma|acheni kutuma|acha kunitumia|acheni kunitumia|jitoe",
		leads: "gusto kong gusto ko pakiusap tafadhali nataka naomba", tails: "ng na po sa akin ako mga ang tafadhali tena mo ito",
		objects: "mensahe message text sms ujumbe meseji", needing: "ayoko|ayaw|ayoko na|sitaki",
	},
	{ // Vietnamese
		cores: "ngưng|ngưng gửi|ngưng lại|ngưng nhắn tin|hủy nhận tin|huỷ nhận tin|hủy nhận|hủy tin nhắn|đủ rồi|thôi đi|không cần nữa|hủy dịch vụ|chặn tin nhắn|hãy dừng|xin dừng|tôi muốn dừng|dừng dịch vụ|ngừng dịch vụ|ngừng theo dõi|loại tôi khỏi danh sách|xóa tôi|hủy kích hoạt|không đăng ký nữa|tôi không muốn nữa|" +
			"dừng|dừng lại|dừng gửi|dừng nhắn tin|ngừng|ngừng gửi|ngừng lại|ngừng nhắn tin|hủy đăng ký|huỷ đăng ký|hủy theo dõi|bỏ theo dõi|bỏ đăng ký|đừng gửi|đừng gửi nữa|đừng nhắn|đừng nhắn tin|đừng nhắn tin nữa|đừng liên lạc|đừng liên hệ|" +
			"đừng làm phiền|không làm phiền|không nhận tin|xóa tôi khỏi danh sách|xoá tôi khỏi danh sách|xóa số của tôi|từ chối nhận tin|để tôi yên|tôi không quan tâm|thôi gửi",
		needing: "ngưng|ngừng|dừng|không cần|chấm dứt|không muốn|không muốn nhận|không nhận|không gửi|đừng|hủy|huỷ|từ chối|chặn",
		leads:   "tôi muốn xin vui lòng làm ơn hãy mình em cho", tails: "lại cho tôi nữa đi nhé ngay làm ơn này gửi thêm mình em từ bạn khỏi danh sách dịch vụ với",
		objects: "tin nhắn sms quảng cáo",
	},
}
