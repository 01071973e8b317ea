package command

// commandTable lists the words of the commands, each as a whole message, in
// the languages en, fr, de, es, it, pt, nl, pl, sv, da, nb, fi, cs, hu, ro, tr,
// el, ru, uk, ar, he, hi, ja, ko, zh, th, vi and id. Words that mean something
// else to many readers (French "fin", Swedish "mer", Danish "gem") are left
// out: a missed command is asked again, a wrong one loses the answer.
//
//nolint:misspell // words of many languages
var commandTable = []struct {
	word
	texts string
}{
	{word{command: Stop, closes: true},
		"cancel|end|quit|ende|fim|einde|koniec|konec|loppu|конец|кінець|τέλος|終わり|끝|จบ|ยกเลิกครับ|ยกเลิกค่ะ|ขอยกเลิก|ขอยกเลิกครับ|ขอยกเลิกค่ะ|キャンセルしてください|キャンセルお願いします|終了してください|취소해주세요|취소해 주세요|취소해줘|취소할게요|종료해 주세요|请取消|kết thúc|selesai|" +
			"annuler|quitter|abbrechen|beenden|cancelar|salir|terminar|annulla|esci|termina|sair|annuleren|beëindigen|" +
			"anuluj|zakończ|avbryt|avsluta|annuller|annullér|afslut|avslutt|peruuta|zrušit|ukončit|mégse|kilépés|" +
			"anulează|anulare|iptal|ακύρωση|отмена|отменить|скасувати|إلغاء|בטל|ביטול|रद्द|रद्द करें|" +
			"キャンセル|中止|終了|취소|종료|取消|结束|結束|退出|ยกเลิก|hủy|huỷ|batal|batalkan|keluar"},
	{word{command: Start},
		"start|begin|get started|unstop|satrt|tsart|statr|resubscribe|" +
			"commencer|démarrer|starten|loslegen|empezar|comenzar|iniciar|inizia|iniziare|começar|beginnen|zacznij|rozpocznij|" +
			"starta|begynd|begynn|aloita|začít|kezdés|indítás|începe|pornește|başla|başlat|έναρξη|ξεκίνα|" +
			"старт|начать|почати|ابدأ|بدء|התחל|התחלה|शुरू|शुरू करें|開始|スタート|시작|开始|เริ่ม|bắt đầu|mulai"},
	{word{command: Start, subscribes: true},
		"subscribe|sign up|signup|opt in|optin|" +
			"s'abonner|m'abonner|abonner|je m'abonne|anmelden|abonnieren|suscribir|suscribirme|suscribirse|iscriviti|iscrivimi|" +
			"inscrever|inscrever-me|assinar|aanmelden|abonneren|inschrijven|subskrybuj|prenumerera|tilmeld|tilaa|odebírat|přihlásit odběr|" +
			"feliratkozás|feliratkozom|abonare|abonează-mă|abone ol|εγγραφή|подписаться|підписатися|اشتراك|اشترك|הרשמה|सदस्यता लें|" +
			"登録|購読|구독|구독하기|订阅|訂閱|สมัคร|đăng ký|berlangganan"},
	{word{command: Help},
		"help|help me|?|" +
			"i need help|can you help me|how does this work|how does it work|what can you do|instructions|helpme|hlep|hepl|ehlp|halp|" +
			"aide|aide-moi|aidez-moi|à l'aide|besoin d'aide|j'ai besoin d'aide|comment ça marche|hilfe|hilf mir|helfen sie mir|ich brauche hilfe|wie funktioniert das|" +
			"ayuda|ayúdame|ayúdeme|necesito ayuda|cómo funciona|ho bisogno di aiuto|aiutatemi|come funziona|preciso de ajuda|ajude-me|como funciona|ik heb hulp nodig|help mij|hoe werkt dit|" +
			"pomóż mi|pomóżcie mi|potrzebuję pomocy|jak to działa|hjälp mig|hjælp mig|hjelp meg|auta|auttakaa|auta minua|pomozte mi|pomôžte mi|segíts|segítsen|ajută-mă|ajutați-mă|" +
			"yardım et|yardım edin|bana yardım et|βοήθησέ με|βοηθήστε με|помоги|помогите|помоги мне|помогите мне|мне нужна помощь|как это работает|допоможіть|допоможи мені|" +
			"ساعدني|ساعدوني|احتاج مساعدة|עזור לי|תעזרו לי|मदद करो|मदद करें|मेरी मदद करो|madad|madad karo|کمک|راهنما|راهنمایی|مدد|সাহায্য|உதவி|సహాయం|помощ|" +
			"助けてください|ヘルプお願いします|どうやって使うの|도와줘|도움이 필요해요|사용법|帮我|救命|怎么用|使用说明|cứu tôi|giúp tôi|giúp tôi với|bantu saya|tolong bantu|tulong|msaada|pomoć|ajutor te rog|pagalba|palīdzība|" +
			"aiuto|aiutami|ajuda|me ajuda|me ajude|hulp|pomoc|hjälp|hjælp|hjelp|" +
			"apua|ohje|ohjeet|nápověda|segítség|súgó|ajutor|yardım|βοήθεια|помощь|справка|допомога|довідка|مساعدة|עזרה|मदद|सहायता|" +
			"ヘルプ|助けて|使い方|도움말|도움|도와주세요|帮助|幫助|ช่วยเหลือ|ช่วยด้วย|วิธีใช้|trợ giúp|giúp đỡ|hướng dẫn|bantuan"},
	{word{command: Menu},
		"menu|main menu|show menu|show me the menu|mneu|meun|emnu|menuu|list|liste|sommaire|menü|menue|übersicht|menú|elenco|lista|lijst|overzicht|meny|valikko|nabídka|meniu|μενού|" +
			"меню|список|قائمة|القائمة|תפריט|मेनू|मेन्यू|メニュー|目次|메뉴|菜单|菜單|選單|选单|เมนู"},
	{word{command: More},
		"more|show more|encore|la suite|voir plus|mehr|weiter|mehr anzeigen|más|ver más|ancora|mostra altro|ver mais|mostrar mais|" +
			"meer tonen|toon meer|więcej|visa mer|vis mere|vis mer|lisää|více|další|több|tovább|mai mult|daha fazla|περισσότερα|" +
			"ещё|еще|далее|дальше|ще|більше|далі|المزيد|مزيد|עוד|और दिखाएं|もっと|もっと見る|続き|더보기|더 보기|更多|เพิ่มเติม|ดูเพิ่มเติม|thêm|xem thêm|selengkapnya"},
	{word{command: Save},
		"save|save this|enregistrer|sauvegarder|speichern|merken|guardar|salva|salvare|salvar|opslaan|bewaren|zapisz|spara|gem dette|lagre|" +
			"tallenna|uložit|mentés|salvează|kaydet|αποθήκευση|сохранить|зберегти|حفظ|שמור|सहेजें|保存|저장|儲存|收藏|บันทึก|lưu|simpan"},
	{word{command: My},
		"my|my list|my keywords|my words|mes mots|ma liste|mes favoris|meine liste|meine wörter|mi lista|mis palabras|la mia lista|minha lista|" +
			"a minha lista|mijn lijst|moja lista|min lista|min liste|oma lista|můj seznam|listám|lista mea|listem|η λίστα μου|мой список|мій список|" +
			"قائمتي|הרשימה שלי|मेरी सूची|マイリスト|내 목록|내목록|我的列表|我的清单|我的清單|รายการของฉัน|danh sách của tôi|daftar saya"},
	{word{command: MyData},
		"mydata|my data|mes données|meine daten|mis datos|i miei dati|meus dados|os meus dados|mijn gegevens|moje dane|mina uppgifter|mina data|" +
			"mine data|mine oplysninger|mine opplysninger|omat tiedot|omat tietoni|moje data|moje údaje|adataim|datele mele|verilerim|" +
			"τα δεδομένα μου|мои данные|мої дані|بياناتي|הנתונים שלי|मेरा डेटा|マイデータ|私のデータ|내 데이터|내 정보|我的数据|我的資料|我的数據|ข้อมูลของฉัน|dữ liệu của tôi|data saya"},
	{word{command: Forget},
		"forget|forget me|delete me|delete my data|erase me|erase my data|" +
			"oublie-moi|oubliez-moi|effacer mes données|efface mes données|supprimer mes données|supprime mes données|" +
			"vergiss mich|meine daten löschen|lösche meine daten|daten löschen|olvídame|borrar mis datos|borra mis datos|eliminar mis datos|" +
			"dimenticami|cancella i miei dati|elimina i miei dati|esqueça-me|esquece-me|me esqueça|apagar meus dados|apagar os meus dados|excluir meus dados|" +
			"vergeet mij|verwijder mijn gegevens|wis mijn gegevens|zapomnij mnie|usuń moje dane|glöm mig|radera mina uppgifter|glem mig|slet mine data|" +
			"glem meg|slett mine data|unohda minut|poista tietoni|zapomeň na mě|smazat moje data|smazat moje údaje|töröld az adataimat|" +
			"uită-mă|șterge datele mele|beni unut|verilerimi sil|ξέχασέ με|διαγραφή δεδομένων|забудь меня|удалить мои данные|удали мои данные|" +
			"забудь мене|видалити мої дані|احذف بياناتي|حذف بياناتي|שכח אותי|מחק את הנתונים שלי|मेरा डेटा हटाएं|मेरा डेटा हटाओ|" +
			"私のデータを削除|データ削除|내 데이터 삭제|删除我的数据|刪除我的資料|忘记我|ลบข้อมูลของฉัน|xóa dữ liệu của tôi|hapus data saya|lupakan saya"},
	{word{command: Lang},
		"lang|language|languages|change language|langue|langues|changer de langue|sprache|sprachen|sprache ändern|idioma|idiomas|lingua|língua|" +
			"taal|język|språk|sprog|kieli|jazyk|nyelv|limba|limbă|dil|γλώσσα|язык|мова|لغة|اللغة|שפה|भाषा|言語|언어|语言|語言|ภาษา|ngôn ngữ|bahasa"},
	{word{command: Human},
		"human|agent|operator|live agent|real person|talk to a human|speak to a human|talk to a person|" +
			"humain|conseiller|opérateur|parler à quelqu'un|parler à un humain|mensch|mitarbeiter|berater|mit einem menschen sprechen|" +
			"humano|agente|operador|asesor|hablar con una persona|operatore|parlare con un operatore|atendente|falar com atendente|falar com uma pessoa|" +
			"medewerker|konsultant|medarbejder|medarbeider|asiakaspalvelija|operátor|ügyintéző|operator uman|temsilci|müşteri temsilcisi|εκπρόσωπος|" +
			"оператор|живой человек|موظف|נציג|נציג אנושי|एजेंट|オペレーター|担当者|상담원|상담사|人工|人工客服|客服|真人|เจ้าหน้าที่|nhân viên|người thật|petugas"},
	{word{command: Why},
		"why|why this|why did i get this|pourquoi|warum|wieso|por qué|por quê|perché|waarom|dlaczego|varför|hvorfor|miksi|proč|miért|de ce|neden|" +
			"γιατί|почему|чому|لماذا|למה|מדוע|क्यों|なぜ|なんで|왜|为什么|為什麼|ทำไม|tại sao|vì sao|kenapa|mengapa"},
	{word{command: Link},
		"link|link account|associer|verknüpfen|vincular|collega|koppelen|połącz|länka|koble til|yhdistä|propojit|összekapcsolás|conectează|bağla|" +
			"σύνδεση|привязать|прив'язати|ربط|連携|연결|关联|關聯|เชื่อมต่อ|liên kết|hubungkan"},
	{word{command: Unlink},
		"unlink|unlink account|dissocier|verknüpfung aufheben|desvincular|scollega|ontkoppelen|rozłącz|ta bort länk|koble fra|poista yhteys|odpojit|" +
			"leválasztás|deconectează|bağlantıyı kaldır|αποσύνδεση|отвязать|відв'язати|إلغاء الربط|連携解除|연결 해제|取消关联|取消關聯|" +
			"ยกเลิกการเชื่อมต่อ|hủy liên kết|putuskan hubungan"},
}

// insistentTexts are words that say no more beside a word of the stop family
// than that word does.
const insistentTexts = "now|it|this|all|me|messages|message|messaging|texts|texting|sending|sms|immediately|everything|" +
	"maintenant|tout|immédiatement|jetzt|sofort|alles|nachrichten|ahora|ya|todo|mensajes|ora|adesso|subito|tutto|messaggi|" +
	"agora|já|tudo|mensagens|nu|berichten|teraz|сейчас|все|немедленно|зараз"

// stopAlone lists words that say stop as a whole message and much else in
// company.
const stopAlone = "halt"

// stopMisspelt lists the ways to type STOP with two letters in the wrong order
// or the key beside, that are no words themselves (spot, post, tops, stoop).
//
//nolint:misspell // it lists what is typed badly
const stopMisspelt = "sotp|stpo|tsop|st0p|тсоп|сотп|стпо|unsubcribe me|unsuscribe me"
