package pull

import (
	"strings"
	"sync"

	"keypull/pull/what/textform"
)

// choiceTexts lists the words that answer a question, of all languages at once:
// a reader may say yes in another language than the one that was asked in.
// Words that mean something else to many readers (Italian "prima", German for
// great) are left out: they are matched as any message.
var choiceTexts = []struct {
	choice
	texts string
}{
	{choiceYes, "yes|y|yeah|yep|yup|ok|okay|sure|of course|yes please|that one|exactly|👍|✅|✔|👌|" +
		"oui|ouais|d'accord|bien sûr|volontiers|oui merci|oui svp|oui s'il vous plaît|oui s'il te plaît|" +
		"ja|jo|jawohl|gern|gerne|ja bitte|ja gern|ja gerne|genau|richtig|sí|vale|claro|sí por favor|sì|certo|va bene|sì grazie|" +
		"sim|sim por favor|jawel|graag|ja graag|tak|tak proszę|evet|olur|tamam|ya|iya|betul|да|да пожалуйста|ага|так|" +
		"نعم|ايوه|أيوة|أجل|हाँ|हां|जी हाँ|जी हां|haan|はい|うん|ええ|はい お願いします|네|예|응|是|是的|对|對|好|好的|嗯|" +
		"ใช่|ใช่ครับ|ใช่ค่ะ|ano|ναι|vâng|כן"},
	{choiceNo, "no|n|nope|nah|none|neither|no thanks|no thank you|none of them|none of these|none of those|not that|not that one|wrong|👎|❌|✖|" +
		"non|nan|non merci|aucun|aucune|ni l'un ni l'autre|aucun des deux|pas ça|pas celui-là|" +
		"nein|nö|nee|nein danke|keins|keines|keiner|keine|keins davon|keines davon|keins von beiden|weder noch|falsch|" +
		"ninguno|ninguna|ninguno de los dos|no gracias|nessuno|nessuna|nessuno dei due|no grazie|" +
		"não|nao|nenhum|nenhuma|não obrigado|não obrigada|neen|geen|geen van beide|nee dank je|nie|żaden|żadna|żadne|nie dziękuję|" +
		"hayır|hiçbiri|yok|tidak|bukan|nggak|gak|нет|нет спасибо|ни один|ни одна|ни одно|ні|لا|لا شكرا|كلا|नहीं|जी नहीं|nahi|" +
		"いいえ|いえ|違う|違います|ちがう|아니요|아니오|아니|不|不是|不要|都不是|没有|沒有|ไม่|ไม่ใช่|ไม่เอา|nej|ne|όχι|không|לא"},
	{1, "one|first|the first|the first one|first one|number one|un|une|premier|première|le premier|la première|" +
		"eins|ein|eine|erste|erster|erstes|das erste|die erste|der erste|den ersten|nummer eins|uno|una|primero|primera|el primero|la primera|" +
		"primo|il primo|la prima|um|uma|primeiro|primeira|o primeiro|a primeira|een|één|eerste|de eerste|het eerste|" +
		"jeden|pierwszy|pierwsza|pierwsze|bir|birinci|birincisi|ilk|satu|pertama|yang pertama|один|одна|первый|первая|первое|перший|перша|" +
		"واحد|واحدة|الأول|الأولى|एक|पहला|पहली|一|一つ|ひとつ|一つ目|一番|一番目|最初|最初の|하나|첫번째|첫 번째|" +
		"第一|第一个|第一個|一个|หนึ่ง|อันแรก|อันที่หนึ่ง|ที่หนึ่ง"},
	{2, "two|second|the second|the second one|second one|number two|deux|deuxième|le deuxième|la deuxième|le second|la seconde|" +
		"zwei|zweite|zweiter|zweites|das zweite|die zweite|der zweite|den zweiten|nummer zwei|dos|segundo|segunda|el segundo|la segunda|" +
		"due|secondo|seconda|il secondo|la seconda|dois|duas|o segundo|a segunda|twee|tweede|de tweede|het tweede|" +
		"dwa|dwie|drugi|druga|drugie|iki|ikinci|ikincisi|dua|kedua|yang kedua|два|две|второй|вторая|второе|другий|друга|" +
		"اثنان|اثنين|الثاني|الثانية|दो|दूसरा|दूसरी|二|二つ|ふたつ|二つ目|二番|二番目|둘|두번째|두 번째|" +
		"第二|第二个|第二個|两|สอง|อันที่สอง|ที่สอง"},
	{3, "three|third|the third|the third one|third one|number three|trois|troisième|le troisième|la troisième|" +
		"drei|dritte|dritter|drittes|das dritte|die dritte|der dritte|den dritten|nummer drei|tres|tercero|tercera|el tercero|la tercera|" +
		"tre|terzo|terza|il terzo|la terza|três|terceiro|terceira|o terceiro|a terceira|drie|derde|de derde|het derde|" +
		"trzy|trzeci|trzecia|trzecie|üç|üçüncü|üçüncüsü|tiga|ketiga|yang ketiga|три|третий|третья|третье|третій|третя|" +
		"ثلاثة|الثالث|الثالثة|तीन|तीसरा|तीसरी|三|三つ|みっつ|三つ目|三番|三番目|셋|세번째|세 번째|" +
		"第三|第三个|第三個|สาม|อันที่สาม|ที่สาม"},
	{choiceLast, "last|the last|the last one|last one|dernier|dernière|le dernier|la dernière|letzte|letzter|letztes|das letzte|die letzte|der letzte|" +
		"último|última|el último|la última|o último|a última|ultimo|ultima|l'ultimo|l'ultima|laatste|de laatste|het laatste|ostatni|ostatnia|ostatnie|" +
		"sonuncu|sonuncusu|terakhir|yang terakhir|последний|последняя|последнее|останній|остання|الأخير|الأخيرة|आखिरी|最後|最後の|마지막|" +
		"最后|最后一个|最後一個|อันสุดท้าย"},
}

// What may stand before and behind a number that answers a question.
const (
	countHeadTexts = "no|nr|n|n °|num|number|option|choice|the|numéro|choix|le|la|nummer|antwort|wahl|das|die|der|número|opción|el|" +
		"numero|opzione|il|opção|o|optie|de|numer|opcja|seçenek|nomor|pilihan|номер|вариант|رقم|नंबर|번호|第|ข้อ|หมายเลข"
	countTailTexts = "st|nd|rd|er|ère|re|e|ème|te|ter|tes|º|ª|a|o|番|番目|号|號|つ|つ目|个|個|번|번째"
)

// choiceWords maps folded words to what they answer.
var choiceWords = sync.OnceValue(func() map[string]choice {
	table := map[string]choice{}
	for _, entry := range choiceTexts {
		for text := range strings.SplitSeq(entry.texts, "|") {
			table[textform.Fold(text)] = entry.choice
		}
	}
	return table
})

var (
	countHeads = sync.OnceValue(func() map[string]bool { return foldedSet(countHeadTexts) })
	countTails = sync.OnceValue(func() map[string]bool { return foldedSet(countTailTexts) })
)

// foldedSet is the set of folded texts, and nothing at all.
func foldedSet(texts string) map[string]bool {
	set := map[string]bool{"": true}
	for text := range strings.SplitSeq(texts, "|") {
		set[textform.Fold(text)] = true
	}
	return set
}
