package slot

// languageNames maps a base tag to the names that readers of many languages
// give the language, its own among them.
//
//nolint:misspell // words of many languages
var languageNames = map[string]string{
	"en": "english|anglais|englisch|inglés|inglese|inglês|engels|angielski|ingilizce|inggris|английский|الإنجليزية|अंग्रेज़ी|英語|英语|" +
		"อังกฤษ|영어|engelska|англійська|angličtina|αγγλικά|אנגלית|tiếng anh|英文|inglisi|angrezi",
	"fr": "français|french|französisch|francés|francese|francês|frans|francuski|fransızca|prancis|французский|الفرنسية|फ़्रेंच|" +
		"フランス語|法语|ฝรั่งเศส|프랑스어|franska|французька|francouzština|γαλλικά|צרפתית|tiếng pháp|法文",
	"de": "deutsch|german|allemand|alemán|tedesco|alemão|duits|niemiecki|almanca|jerman|немецкий|الألمانية|जर्मन|ドイツ語|德语|เยอรมัน|" +
		"독일어|tyska|німецька|němčina|γερμανικά|גרמנית|tiếng đức|德文",
	"es": "español|spanish|espagnol|spanisch|spagnolo|espanhol|spaans|hiszpański|ispanyolca|spanyol|испанский|الإسبانية|स्पेनी|" +
		"スペイン語|西班牙语|สเปน|스페인어|spanska|іспанська|španělština|ισπανικά|ספרדית|tiếng tây ban nha|castellano|castilian",
	"it": "italiano|italian|italien|italienisch|italiaans|włoski|italyanca|italia|итальянский|الإيطالية|इतालवी|イタリア語|意大利语|อิตาลี|" +
		"이탈리아어|italienska|італійська|italština|ιταλικά|איטלקית|tiếng italy",
	"pt": "português|portuguese|portugais|portugiesisch|portugués|portoghese|portugees|portugalski|portekizce|portugis|" +
		"португальский|البرتغالية|पुर्तगाली|ポルトガル語|葡萄牙语|โปรตุเกส|포르투갈어|portugisiska|портуґальська|portugalština|πορτογαλικά|" +
		"פורטוגזית|tiếng bồ đào nha",
	"nl": "nederlands|dutch|néerlandais|niederländisch|neerlandés|olandese|holandês|niderlandzki|felemenkçe|belanda|нидерландский|" +
		"الهولندية|डच|オランダ語|荷兰语|ดัตช์|네덜란드어|nederländska|нідерландська|nizozemština|ολλανδικά|הולנדית|tiếng hà lan",
	"pl": "polski|polish|polonais|polnisch|polaco|polacco|polonês|pools|lehçe|польский|البولندية|पोलिश|ポーランド語|波兰语|โปแลนด์|폴란드어|" +
		"polska|польська|polština|πολωνικά|פולנית|tiếng ba lan",
	"sv": "svenska|swedish|suédois|schwedisch|sueco|svedese|zweeds|szwedzki|isveççe|swedia|шведский|السويدية|स्वीडिश|スウェーデン語|瑞典语|" +
		"สวีเดน|스웨덴어|шведська|švédština|σουηδικά|שוודית|tiếng thụy điển",
	"da": "dansk|danish|danois|dänisch|danés|danese|dinamarquês|deens|duński|danca|датский|الدانمركية|डेनिश|デンマーク語|丹麦语|เดนมาร์ก|" +
		"덴마크어|danska|данська|dánština|δανικά|דנית|tiếng đan mạch",
	"nb": "norsk bokmål|norwegian bokmål|norvégien bokmål|norwegisch bokmål|noruego bokmal|norvegese bokmål|bokmål norueguês|" +
		"noors - bokmål|norweski|norveççe bokmål|bokmål norwegia|норвежский букмол|بوكمول النرويجية|नॉर्वेजियाई बोकमाल|ノルウェー語|" +
		"书面挪威语|นอร์เวย์บุคมอล|노르웨이어|norskt bokmål|норвезька|norština|νορβηγικά μποκμάλ|נורווגית ספרותית|tiếng na uy|norwegian|" +
		"norvégien|norwegisch|noruego|norvegese|norueguês|noors|norveççe|norwegia|норвежский|النرويجية|नॉर्वेजियाई|挪威语|นอร์เวย์|" +
		"norsk|bokmål",
	"fi": "suomi|finnish|finnois|finnisch|finés|finlandese|finlandês|fins|fiński|fince|финский|الفنلندية|फ़िनिश|フィンランド語|芬兰语|" +
		"ฟินแลนด์|핀란드어|finska|фінська|finština|φινλανδικά|פינית|tiếng phần lan",
	"cs": "čeština|czech|tchèque|tschechisch|checo|ceco|tcheco|tsjechisch|czeski|çekçe|cheska|чешский|التشيكية|चेक|チェコ語|捷克语|เช็ก|" +
		"체코어|tjeckiska|чеська|τσεχικά|צ׳כית|tiếng séc",
	"sk": "slovenčina|slovak|slovaque|slowakisch|eslovaco|slovacco|slowaaks|słowacki|slovakça|словацкий|السلوفاكية|स्लोवाक|スロバキア語|" +
		"斯洛伐克语|สโลวัก|슬로바키아어|slovakiska|словацька|slovenština|σλοβακικά|סלובקית|tiếng slovak",
	"hu": "magyar|hungarian|hongrois|ungarisch|húngaro|ungherese|hongaars|węgierski|macarca|hungaria|венгерский|الهنغارية|" +
		"हंगेरियाई|ハンガリー語|匈牙利语|ฮังการี|헝가리어|ungerska|угорська|maďarština|ουγγρικά|הונגרית|tiếng hungary",
	"ro": "română|romanian|roumain|rumänisch|rumano|rumeno|romeno|roemeens|rumuński|rumence|rumania|румынский|الرومانية|रोमानियाई|" +
		"ルーマニア語|罗马尼亚语|โรมาเนีย|루마니아어|rumänska|румунська|rumunština|ρουμανικά|רומנית|tiếng romania",
	"tr": "türkçe|turkish|turc|türkisch|turco|turks|turecki|turki|турецкий|التركية|तुर्की|トルコ語|土耳其语|ตุรกี|터키어|turkiska|турецька|" +
		"turečtina|τουρκικά|טורקית|tiếng thổ nhĩ kỳ",
	"el": "ελληνικά|greek|grec|griechisch|griego|greco|grego|grieks|grecki|yunanca|yunani|греческий|اليونانية|यूनानी|ギリシャ語|希腊语|" +
		"กรีก|그리스어|grekiska|грецька|řečtina|יוונית|tiếng hy lạp",
	"ru": "русский|russian|russe|russisch|ruso|russo|rosyjski|rusça|rusia|الروسية|रूसी|ロシア語|俄语|รัสเซีย|러시아어|ryska|російська|" +
		"ruština|ρωσικά|רוסית|tiếng nga",
	"uk": "українська|ukrainian|ukrainien|ukrainisch|ucraniano|ucraino|oekraïens|ukraiński|ukraynaca|ukraina|украинский|الأوكرانية|" +
		"यूक्रेनियाई|ウクライナ語|乌克兰语|ยูเครน|우크라이나어|ukrainska|ukrajinština|ουκρανικά|אוקראינית|tiếng ucraina",
	"bg": "български|bulgarian|bulgare|bulgarisch|búlgaro|bulgaro|bulgaars|bułgarski|bulgarca|bulgaria|болгарский|البلغارية|" +
		"बुल्गारियाई|ブルガリア語|保加利亚语|บัลแกเรีย|불가리아어|bulgariska|болгарська|bulharština|βουλγαρικά|בולגרית|tiếng bulgaria",
	"hr": "hrvatski|croatian|croate|kroatisch|croata|croato|chorwacki|hırvatça|kroasia|хорватский|الكرواتية|क्रोएशियाई|クロアチア語|" +
		"克罗地亚语|โครเอเชีย|크로아티아어|kroatiska|хорватська|chorvatština|κροατικά|קרואטית|tiếng croatia",
	"ar": "العربية|arabic|arabe|arabisch|árabe|arabo|arabski|arapça|arab|арабский|अरबी|アラビア語|阿拉伯语|อาหรับ|아랍어|arabiska|арабська|" +
		"arabština|αραβικά|ערבית|tiếng ả rập",
	"he": "עברית|hebrew|hébreu|hebräisch|hebreo|ebraico|hebraico|hebreeuws|hebrajski|ibranice|ibrani|иврит|العبرية|हिब्रू|ヘブライ語|" +
		"希伯来语|ฮิบรู|히브리어|hebreiska|іврит|hebrejština|εβραϊκά|tiếng do thái",
	"fa": "فارسی|persian|persan|persisch|persa|persiano|perzisch|perski|farsça|persia|персидский|الفارسية|फ़ारसी|ペルシア語|波斯语|" +
		"เปอร์เซีย|페르시아어|persiska|перська|perština|περσικά|פרסית|tiếng ba tư|farsi",
	"hi": "हिन्दी|hindi|híndi|hintçe|хинди|الهندية|ヒンディー語|印地语|ฮินดี|힌디어|гінді|hindština|χίντι|הינדי|tiếng hindi",
	"ur": "اردو|urdu|ourdou|urduca|урду|الأوردية|उर्दू|ウルドゥー語|乌尔都语|อูรดู|우르두어|urdština|ουρντού|אורדו|tiếng urdu",
	"bn": "বাংলা|bangla|bengali|bengalisch|bengalí|bengalese|bengaals|bengalski|bengalce|бенгальский|البنغالية|बंगाली|ベンガル語|孟加拉语|" +
		"เบงกาลี|벵골어|банґла|bengálština|βεγγαλικά|בנגלית|tiếng bangla",
	"ta": "தமிழ்|tamil|tamoul|tâmil|tamilski|tamilce|тамильский|التاميلية|तमिल|タミル語|泰米尔语|ทมิฬ|타밀어|тамільська|tamilština|ταμιλικά|" +
		"טמילית|tiếng tamil",
	"ja": "日本語|japanese|japonais|japanisch|japonés|giapponese|japonês|japans|japoński|japonca|jepang|японский|اليابانية|जापानी|日语|" +
		"ญี่ปุ่น|일본어|japanska|японська|japonština|ιαπωνικά|יפנית|tiếng nhật|日文",
	"ko": "한국어|korean|coréen|koreanisch|coreano|koreaans|koreański|korece|korea|корейский|الكورية|कोरियाई|韓国語|韩语|เกาหลี|koreanska|" +
		"корейська|korejština|κορεατικά|קוריאנית|tiếng hàn|한국말",
	"zh": "中文|chinese|chinois|chinesisch|chino|cinese|chinês|chinees|chiński|çince|tionghoa|китайский|الصينية|चीनी|中国語|จีน|중국어|" +
		"kinesiska|китайська|čínština|κινεζικά|סינית|tiếng trung|mandarin|中文简体|汉语|普通话|國語",
	"th": "ไทย|thai|thaï|thailändisch|tailandés|tailandês|tajski|tayca|тайский|التايلاندية|थाई|タイ語|泰语|태국어|thailändska|тайська|" +
		"thajština|ταϊλανδικά|תאית|tiếng thái",
	"vi": "tiếng việt|vietnamese|vietnamien|vietnamesisch|vietnamita|vietnamees|wietnamski|vietnamca|vietnam|вьетнамский|" +
		"الفيتنامية|वियतनामी|ベトナム語|越南语|เวียดนาม|베트남어|vietnamesiska|вʼєтнамська|vietnamština|βιετναμικά|ויאטנמית",
	"id": "indonesia|indonesian|indonésien|indonesisch|indonesio|indonesiano|indonésio|indonezyjski|endonezce|индонезийский|" +
		"الإندونيسية|इंडोनेशियाई|インドネシア語|印度尼西亚语|อินโดนีเซีย|인도네시아어|indonesiska|індонезійська|indonéština|ινδονησιακά|אינדונזית|" +
		"tiếng indonesia|bahasa",
}
