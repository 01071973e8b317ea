package what_test

import (
	"testing"

	"keypull/pull/what"
)

// openedOn are questions about a day in every language: the phrase, a message with
// the day on either side of it, and the day.
func openedOn() map[string][][3]string {
	return map[string][][3]string{
		"en": {{"opening hours", "tomorrow's opening hours", "tomorrow's"}, {"opening hours", "What are your opening hours tomorrow?", "tomorrow"}, {"opening hours", "opening hours on 25 December", "25 December"}},
		"de": {{"Öffnungszeiten", "morgen Öffnungszeiten?", "morgen"}, {"wann öffnet ihr", "Wann öffnet ihr am Montag?", "Montag"}},
		"fr": {{"quand ouvrez-vous", "demain quand ouvrez-vous", "demain"}, {"horaires", "les horaires de dimanche s'il vous plaît", "dimanche"}},
		"es": {{"horario", "mañana horario", "mañana"}, {"horario", "horario del lunes", "lunes"}},
		"it": {{"quando aprite", "domani quando aprite?", "domani"}, {"orari", "orari di domenica per favore", "domenica"}},
		"pt": {{"horário", "amanhã horário", "amanhã"}, {"horário", "horário de segunda-feira", "segunda-feira"}},
		"nl": {{"openingstijden", "morgen openingstijden", "morgen"}, {"openingstijden", "wat zijn de openingstijden zondag", "zondag"}},
		"pl": {{"godziny otwarcia", "jutro godziny otwarcia", "jutro"}, {"godziny otwarcia", "godziny otwarcia w niedzielę", "niedzielę"}},
		"tr": {{"çalışma saatleri", "yarın çalışma saatleri", "yarın"}, {"çalışma saatleri", "çalışma saatleri yarın", "yarın"}},
		"id": {{"jam buka", "besok jam buka", "besok"}, {"jam buka", "jam buka hari senin", "hari senin"}},
		"ru": {{"часы работы", "завтра часы работы", "завтра"}, {"часы работы", "часы работы в понедельник", "понедельник"}},
		"ar": {{"ساعات العمل", "غدا ساعات العمل", "غدا"}, {"ساعات العمل", "ساعات العمل يوم الأحد", "الأحد"}},
		"hi": {{"खुलने का समय", "कल खुलने का समय", "कल"}, {"खुलने का समय", "सोमवार को खुलने का समय", "सोमवार"}},
		"ja": {{"営業時間", "明日の営業時間は？", "明日"}, {"いつ開きますか", "日曜日はいつ開きますか", "日曜日"}},
		"zh": {{"营业时间", "明天营业时间", "明天"}, {"几点开门", "请问明天几点开门？", "明天"}},
		"th": {{"เปิดกี่โมง", "พรุ่งนี้เปิดกี่โมง", "พรุ่งนี้"}, {"เวลาเปิด", "เวลาเปิดวันจันทร์", "วันจันทร์"}},
	}
}

func TestADayIsAnArgumentOnEitherSideOfItsPhrase(t *testing.T) {
	for language, all := range openedOn() {
		for _, c := range all {
			keyword := what.Keyword{ID: "hours", Argument: what.ArgumentOptional, Dated: true, Phrases: phrases(language, c[0])}
			m := what.NewIndex([]what.Keyword{keyword}, what.Options{}).Match(c[1], language)
			if m.Decision != what.Run || len(m.Candidates) != 1 || m.Candidates[0].Argument != c[2] {
				t.Errorf("%s %q: %+v, want the argument %q", language, c[1], m, c[2])
			}
		}
	}
}

func TestADayIsPartOfALongerArgumentOfWhatAnswersForDays(t *testing.T) {
	for _, c := range []struct {
		dated         bool
		message, want string
	}{
		{true, "events jazz tomorrow", "jazz tomorrow"},
		{false, "events jazz tomorrow", "jazz"},
		{false, "tomorrow's events", ""},
		{true, "tomorrow's events", "tomorrow's"},
		{true, "what events are there", ""},
		{true, "events", ""},
		{true, "events tomorrow evening", "tomorrow evening"},
		{true, "events tomorrow at noon", "tomorrow at noon"},
		{true, "tonight's events", "tonight's"},
		{true, "events in the afternoon", "in the afternoon"},
		{true, "events jazz in the evening", "jazz in the evening"},
		{true, "events jazz saturday evening", "jazz saturday evening"},
		{true, "events this weekend in the evening", "this weekend in the evening"},
		{true, "events late tonight", "late tonight"},
	} {
		ix := what.NewIndex([]what.Keyword{{ID: "events", Argument: what.ArgumentOptional, Dated: c.dated, Phrases: phrases("en", "events")}}, what.Options{})
		m := ix.Match(c.message, "en")
		if m.Decision != what.Run || m.Candidates[0].Argument != c.want {
			t.Errorf("%q, of days %v: %+v", c.message, c.dated, m)
		}
	}
}

func TestADayIsNoArgumentWhereAnotherKeywordStands(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "hours", Argument: what.ArgumentOptional, Dated: true, Phrases: phrases("en", "opening hours")},
		{ID: "plan", Phrases: phrases("en", "weather")},
	}, what.Options{})
	if m := ix.Match("weather tomorrow and opening hours", "en"); m.Decision == what.Run && len(m.Candidates) == 1 && m.Candidates[0].Keyword == "hours" {
		t.Errorf("%+v", m)
	}
}
