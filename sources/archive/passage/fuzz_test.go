package passage_test

import (
	"testing"
	"time"

	"keypull/sources/archive/passage"
)

// FuzzAnyQuestionFindsAPassageThatIsThereOrNone asks anything of any article.
func FuzzAnyQuestionFindsAPassageThatIsThereOrNone(f *testing.F) {
	f.Add("when will the bridge open?", "The bridge", "It opens on 4 May.", "en")
	f.Add("wie viele Wohnungen auf dem Kasernengelände", "Kaserne", "Dort entstehen 1.200 Wohnungen.", "de")
	f.Add("combien ça coûte aujourd'hui", "Prix", "12,5 €", "fr")
	f.Add("为什么", "桥", "因为", "zh")
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, question, title, text, language string) {
		if len(text) > 1<<14 || len(question) > 1<<10 {
			return
		}
		articles := []passage.Article{
			{Title: title, Language: language, Published: at, Paragraphs: []string{text, title}},
			{Title: text, Language: "de", Published: at},
		}
		q := passage.Parse(question, at, []string{language, "en", "de", "fr", "es"})
		own, _ := q.Words()
		found := passage.Find(q, articles, passage.Corpus{Articles: 2, Having: make([]int, len(own))})
		if found.Answered && (q.Empty() || found.Article != 0 || found.Paragraph > 1) {
			t.Errorf("%q is answered by %+v", question, found)
		}
	})
}
