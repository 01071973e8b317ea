package instruction_test

import (
	"testing"

	"keypull/pull/what/instruction"
)

// TestOnceMoreIsSaidInEveryLanguage reads who wants the last answer anew, another language again, or
// to know who answers.
func TestOnceMoreIsSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	for language, said := range map[string]map[instruction.Kind][]string{
		"en":  {instruction.Again: {"again please", "could you repeat that?", "Once more!"}, instruction.Language: {"english again please", "back to english", "in french again"}, instruction.About: {"who are you"}},
		"fr":  {instruction.Again: {"encore une fois svp", "répète ça"}, instruction.Language: {"retour à l'anglais", "de nouveau en français", "revenons au français"}},
		"de":  {instruction.Again: {"nochmal bitte", "wiederhol das"}, instruction.Language: {"zurück zu Deutsch", "wieder auf Englisch", "bitte wieder Deutsch"}},
		"es":  {instruction.Again: {"otra vez", "repítelo por favor"}, instruction.Language: {"otra vez en español", "volvamos al inglés"}, instruction.About: {"¿quién eres?"}},
		"it":  {instruction.Again: {"ancora una volta", "puoi ripetere?"}, instruction.Language: {"torniamo all'inglese", "di nuovo in italiano"}},
		"pt":  {instruction.Again: {"de novo", "pode repetir?"}, instruction.Language: {"de novo em português", "volta para o inglês"}},
		"nl":  {instruction.Again: {"nog een keer", "herhaal dat"}, instruction.Language: {"terug naar het Nederlands", "weer in het Engels"}, instruction.About: {"wie ben jij?"}},
		"pl":  {instruction.Again: {"jeszcze raz", "powtórz to"}},
		"ru":  {instruction.Again: {"ещё раз", "еще раз пожалуйста", "повторите"}},
		"uk":  {instruction.Again: {"ще раз"}, instruction.Language: {"знову українською"}, instruction.About: {"хто ви?"}},
		"cs":  {instruction.Again: {"ještě jednou", "zopakujte"}, instruction.About: {"kdo jste?"}},
		"sk":  {instruction.Again: {"ešte raz"}, instruction.About: {"kto ste"}},
		"sv":  {instruction.Again: {"en gång till"}, instruction.Language: {"tillbaka till engelska", "svenska igen"}, instruction.About: {"vem är du?"}},
		"da":  {instruction.Again: {"en gang til"}, instruction.Language: {"tilbage til dansk"}, instruction.About: {"hvem er du"}},
		"nb":  {instruction.Again: {"en gang til"}, instruction.Language: {"tilbake til norsk"}, instruction.About: {"hvem er dere?"}},
		"fi":  {instruction.Again: {"uudelleen", "vielä kerran"}, instruction.About: {"kuka sinä olet?"}},
		"hu":  {instruction.Again: {"még egyszer", "ismételd meg"}, instruction.About: {"ki vagy te?"}},
		"ro":  {instruction.Again: {"încă o dată", "inca o data"}, instruction.Language: {"înapoi la română"}, instruction.About: {"cine ești?"}},
		"tr":  {instruction.Again: {"bir daha", "tekrar lütfen"}, instruction.Language: {"tekrar türkçe"}},
		"el":  {instruction.Again: {"άλλη μια φορά"}, instruction.About: {"ποιος είσαι;"}},
		"bg":  {instruction.Again: {"още веднъж"}, instruction.About: {"кои сте?"}},
		"hr":  {instruction.Again: {"još jednom"}, instruction.About: {"tko ste vi?"}},
		"ca":  {instruction.Again: {"un altre cop"}, instruction.Language: {"torna al català"}, instruction.About: {"qui ets?"}},
		"id":  {instruction.Again: {"sekali lagi", "tolong ulangi"}, instruction.Language: {"kembali ke bahasa inggris"}},
		"ar":  {instruction.Again: {"مرة أخرى"}},
		"fa":  {instruction.Again: {"یک بار دیگر"}, instruction.About: {"شما کی هستید؟"}},
		"he":  {instruction.Again: {"עוד פעם"}, instruction.About: {"מי אתם?"}},
		"hi":  {instruction.Again: {"फिर से", "dobara"}},
		"bn":  {instruction.Again: {"আরেকবার"}, instruction.About: {"আপনি কে?"}},
		"ur":  {instruction.Again: {"ایک بار پھر"}, instruction.About: {"آپ کون ہیں؟"}},
		"ta":  {instruction.Again: {"மீண்டும்"}, instruction.About: {"நீங்கள் யார்?"}},
		"te":  {instruction.Again: {"మరోసారి"}, instruction.About: {"మీరు ఎవరు?"}},
		"ja":  {instruction.Again: {"もう一度お願いします"}, instruction.Language: {"英語に戻して"}},
		"zh":  {instruction.Again: {"再说一遍"}, instruction.Language: {"切回英文"}},
		"ko":  {instruction.Again: {"다시 한 번"}, instruction.Language: {"다시 영어로"}, instruction.About: {"너는 누구야?"}},
		"vi":  {instruction.Again: {"một lần nữa"}, instruction.About: {"bạn là ai?"}},
		"th":  {instruction.Again: {"อีกครั้ง"}},
		"sw":  {instruction.Again: {"mara nyingine"}, instruction.About: {"wewe ni nani?"}},
		"fil": {instruction.Again: {"ulitin mo"}, instruction.About: {"sino ka?"}},
		"lt":  {instruction.Again: {"dar kartą"}, instruction.About: {"kas jūs?"}},
		"lv":  {instruction.Again: {"vēlreiz"}, instruction.About: {"kas tu esi?"}},
	} {
		for kind, texts := range said {
			for _, text := range texts {
				if got := read(text, language); len(got) == 0 || got[0].Kind != kind {
					t.Errorf("%s: %q is read as %+v, not %s", language, text, got, kind)
				}
			}
		}
	}
	for language, texts := range map[string][]string{
		"en": {"again tomorrow", "back to school", "the bus is late again", "repeat prescription"}, "fr": {"encore en retard", "retour de congé"}, "de": {"wieder Stau", "zurück zur Natur"},
		"es": {"otra vez tarde", "volver al futuro"}, "it": {"di nuovo in ritardo"}, "pt": {"volta para o trabalho"}, "nl": {"weer vertraging"}, "sv": {"regn igen"},
	} {
		for _, text := range texts {
			for _, in := range read(text, language) {
				if in.Kind == instruction.Again || in.Kind == instruction.Language || in.Kind == instruction.About {
					t.Errorf("%s: %q is read as %+v", language, text, in)
				}
			}
		}
	}
}
