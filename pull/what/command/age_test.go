package command_test

import (
	"testing"

	"keypull/pull/what/command"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// TestTheAgeOfAnAnswerIsAskedForInEveryLanguage asks how old an answer is and where it is from, and
// has all of what is kept erased.
func TestTheAgeOfAnAnswerIsAskedForInEveryLanguage(t *testing.T) {
	t.Parallel()
	for language, said := range map[string]map[command.Command][]string{
		"en":  {command.Why: {"how old is that", "how old is that price?", "when was that updated", "how fresh is this", "how recent are these figures?", "is that still current?", "where is that from", "what's the source?", "when is this from?"}, command.Forget: {"delete everything"}},
		"de":  {command.Why: {"wie alt ist das", "von wann ist das?", "wie aktuell ist der Kurs", "ist das noch aktuell?", "woher stammt das", "was ist die Quelle?"}, command.Forget: {"alles löschen", "bitte alles löschen", "lösch alles"}},
		"fr":  {command.Why: {"c'est de quand ?", "de quand date ce prix ?", "c'est à jour ?", "quelle est la source ?", "d'où vient cette info ?"}, command.Forget: {"supprimez tout", "tout effacer"}},
		"es":  {command.Why: {"¿de cuándo es?", "¿de cuándo es esto?", "¿cuál es la fuente?", "¿cuándo se actualizó?", "¿de dónde sale eso?"}, command.Forget: {"borra todo", "bórralo todo"}},
		"it":  {command.Why: {"di quando è?", "qual è la fonte?", "quando è stato aggiornato?"}, command.Forget: {"cancella tutto"}},
		"pt":  {command.Why: {"de quando é isso?", "qual é a fonte?", "quando foi atualizado?"}, command.Forget: {"apaga tudo"}},
		"nl":  {command.Why: {"hoe oud is dat?", "van wanneer is dit bericht?", "wat is de bron?"}, command.Forget: {"verwijder alles"}},
		"pl":  {command.Why: {"z kiedy to jest?", "jakie jest źródło?", "czy to aktualne?"}, command.Forget: {"usuń wszystko"}},
		"ru":  {command.Why: {"от какого это числа?", "насколько это актуально?", "когда это обновлено?", "какой источник?"}, command.Forget: {"удалите всё", "удали это все"}},
		"uk":  {command.Why: {"коли це оновлено?", "звідки ця інформація?"}, command.Forget: {"видаліть усе"}},
		"cs":  {command.Why: {"z kdy to je?", "jaký je zdroj?"}, command.Forget: {"smažte to všechno", "smazat vše"}},
		"sk":  {command.Why: {"z kedy to je?"}, command.Forget: {"vymažte všetko"}},
		"sv":  {command.Why: {"hur gammalt är det?", "när är det ifrån?", "vad är källan?"}, command.Forget: {"radera allt"}},
		"da":  {command.Why: {"hvor gammelt er det?", "hvad er kilden?"}, command.Forget: {"slet alt"}},
		"nb":  {command.Why: {"hvor gammelt er dette?", "hva er kilden?"}, command.Forget: {"slett alt"}},
		"fi":  {command.Why: {"kuinka vanha tämä on?", "mikä on lähde?"}, command.Forget: {"poista kaikki"}},
		"hu":  {command.Why: {"mikori ez?", "mi a forrás?"}, command.Forget: {"töröljön mindent"}},
		"ro":  {command.Why: {"de când e asta?", "care e sursa?"}, command.Forget: {"ștergeți tot"}},
		"tr":  {command.Why: {"bu ne kadar güncel?", "kaynak ne?"}},
		"el":  {command.Why: {"πόσο παλιό είναι αυτό;", "ποια είναι η πηγή;"}, command.Forget: {"διαγράψτε τα όλα"}},
		"bg":  {command.Why: {"откога е това?", "какъв е източникът?"}, command.Forget: {"изтрийте всичко"}},
		"hr":  {command.Why: {"koliko je to staro?", "koji je izvor?"}, command.Forget: {"izbrišite sve"}},
		"ca":  {command.Why: {"de quan és això?", "quina és la font?"}, command.Forget: {"esborra-ho tot"}},
		"id":  {command.Why: {"ini dari kapan?", "apa sumbernya?"}, command.Forget: {"hapus semuanya"}},
		"ar":  {command.Why: {"ما هو المصدر؟", "من متى هذا الخبر؟"}, command.Forget: {"احذف كل شيء"}},
		"fa":  {command.Why: {"این خبر چقدر قدیمی است؟", "منبع چیه؟"}},
		"he":  {command.Why: {"ממתי זה?", "מה המקור?"}, command.Forget: {"תמחק הכל"}},
		"hi":  {command.Why: {"यह कब की है?", "स्रोत क्या है?"}},
		"bn":  {command.Why: {"এটা কবেকার?"}},
		"ja":  {command.Why: {"これはいつの情報ですか？", "情報源は何ですか？"}},
		"zh":  {command.Why: {"这是什么时候的？", "来源是什么？"}, command.Forget: {"全部删除"}},
		"ko":  {command.Why: {"이거 언제 정보야?", "출처가 뭐야?"}},
		"vi":  {command.Why: {"cái này từ khi nào?", "nguồn là gì?"}, command.Forget: {"xóa hết"}},
		"th":  {command.Why: {"ข้อมูลนี้เก่าแค่ไหน", "แหล่งที่มาคืออะไร"}, command.Forget: {"ลบทั้งหมด"}},
		"sw":  {command.Why: {"chanzo ni nini?"}, command.Forget: {"futa kila kitu"}},
		"fil": {command.Why: {"ano ang source nito?"}, command.Forget: {"burahin lahat"}},
	} {
		for want, texts := range said {
			for _, text := range texts {
				if c, _ := wordedIn(text, language); c != want {
					t.Errorf("%s: %q is %q, not %s", language, text, c, want)
				}
			}
		}
	}
	for language, texts := range map[string][]string{
		"en": {"how old is the bridge", "how old are you", "when was the church built", "how old is Madonna", "where is the station", "delete the last one"}, "de": {"wie alt ist Heidi Klum", "von wann bis wann ist offen", "lösch die Milch"},
		"fr": {"de quand date l'église", "d'où part le bus"}, "es": {"de dónde sale el tren", "cuándo es el partido"}, "sv": {"när är det match", "när är det"}, "da": {"hvornår er det"}, "el": {"πότε είναι αυτό"},
		"it": {"quando è la festa", "da dove parte il treno"}, "nl": {"hoe oud is de kerk"}, "lv": {"kad tas ir"}, "fil": {"gaano katagal"}, "ru": {"какого числа концерт", "откуда уходит автобус"},
	} {
		for _, text := range texts {
			if c, ok := wordedIn(text, language); ok && (c == command.Why || c == command.Forget) {
				t.Errorf("%s: %q is %s", language, text, c)
			}
		}
	}
}

// wordedIn reads a message in one language, as a whole or by its pieces.
func wordedIn(text, language string) (command.Command, bool) {
	if c, ok := command.Lookup(text); ok {
		return c, true
	}
	return command.Worded(textform.Normal(text), speech.Mark(textform.Tokenise(text, nil), language))
}
