package passage_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"keypull/sources/archive/passage"
)

func ask(question, language string, articles []passage.Article) passage.Found {
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC) // a Tuesday
	q := passage.Parse(question, at, []string{language})
	own, _ := q.Words()
	having := make([]int, len(own))
	for i := range having {
		having[i] = 1
	}
	return passage.Find(q, articles, passage.Corpus{Articles: 100, Having: having})
}

// TestWhenAnArticleCameOutCounts asks for one of three articles that say the same, by when
// they were told.
func TestWhenAnArticleCameOutCounts(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.Add(9 * time.Hour)
	}
	about := func(published string) passage.Article {
		return passage.Article{Title: "Flood in Merrow", Language: "en", Published: day(published), Paragraphs: []string{"The Tane flooded twelve houses in Merrow."}}
	}
	articles := []passage.Article{about("2019-08-05"), about("2026-04-20"), about("2026-06-29")}
	for question, want := range map[string]int{
		"how many houses did the Tane flood in Merrow in 2019": 0,
		"which houses did the Tane flood in Merrow in April":   1,
		"what did the Tane flood in Merrow yesterday":          2,
		"latest flood of the Tane in Merrow":                   2,
		"houses flooded by the Tane in Merrow since June":      2,
	} {
		if found := ask(question, "en", articles); len(found.Near) != 3 || found.Near[0] != want {
			t.Errorf("%q: nearest are %v, want %d first", question, found.Near, want)
		}
	}
	old := articles[:1]
	if found := ask("how many houses did the Tane flood in Merrow yesterday", "en", old); found.Answered || len(found.Near) != 1 {
		t.Errorf("what was told years ago answers for yesterday: %+v", found)
	}
	if found := ask("how many houses does the Tane flood in Merrow today", "en", old); !found.Answered {
		t.Errorf("what is asked of nowadays is not answered: %+v", found)
	}
}

// TestLanguagesWithoutListsOfTheirOwnAreAnswered asks in languages whose questions the
// package has no lists for, with and without a stemmer, and in a script without spaces.
func TestLanguagesWithoutListsOfTheirOwnAreAnswered(t *testing.T) {
	for language, c := range map[string]struct{ title, other, right, question string }{
		"fi": {"Vanha silta suljetaan", "Kaupunki maksaa korjauksen.", "Kosken silta suljetaan toukokuussa, koska sen kannattimissa on halkeamia.", "miksi Kosken silta suljetaan toukokuussa?"},
		"bg": {"Мостът затваря", "Общината плаща ремонта.", "Мостът в Крайна затваря през май заради пукнатини в гредите.", "защо мостът в Крайна затваря през май?"},
		"ja": {"古い橋が閉鎖", "市が費用を払う。", "川辺の鉄橋は亀裂のため五月から閉鎖される。", "川辺の鉄橋はいつから閉鎖されるか"},
		"th": {"ปิดสะพานเก่า", "เทศบาลจ่ายค่าซ่อม", "สะพานเหล็กริมแม่น้ำจะปิดในเดือนพฤษภาคมเพราะมีรอยร้าว", "สะพานเหล็กริมแม่น้ำจะปิดเมื่อไร"},
	} {
		articles := []passage.Article{
			{Title: c.title, Language: language, Paragraphs: []string{c.other, c.right}},
			{Title: c.other, Language: language, Paragraphs: []string{c.other}},
		}
		found := ask(c.question, language, articles)
		if len(found.Near) == 0 || found.Article != 0 || found.Paragraph != 1 || !found.Answered {
			t.Errorf("%s: %+v", language, found)
		}
	}
}

// TestNothingIsToldOfWhatIsNotThere asks of other things in the same words.
func TestNothingIsToldOfWhatIsNotThere(t *testing.T) {
	articles := []passage.Article{{Title: "Ferry to Orrin stops", Language: "en", Paragraphs: []string{"The ferry to Orrin will stop on 30 September.", "Its operator blames the price of diesel."}}}
	for _, question := range []string{"when does the library in Halden close", "what is the capital of Peru", "", "why?"} {
		if found := ask(question, "en", articles); found.Answered {
			t.Errorf("%q is answered by %+v", question, found)
		}
	}
}

// TestTextsThatWereReadBeforeAnswerAsNewOnes asks of more articles than are kept, with each text
// found anew, as it was found before, and of another language than before.
func TestTextsThatWereReadBeforeAnswerAsNewOnes(t *testing.T) {
	var articles []passage.Article
	for n := range 1500 {
		name := fmt.Sprintf("Merrow%d", n)
		articles = append(articles, passage.Article{Title: name, Language: []string{"en", "de"}[n%2], Paragraphs: []string{
			"The bridge of " + name + " opens in May. " + strings.Repeat("It has a railing of iron, and a lamp at each end. ", 20), "Its keeper is Ann Orrin, who is 61 years old.",
		}})
	}
	for _, question := range []string{"when does the bridge of Merrow1499 open", "how old is the keeper of Merrow2", "who keeps the lamp of Merrow700"} {
		passage.ForgetTexts()
		fresh := ask(question, "en", articles)
		for range 2 {
			if again := ask(question, "en", articles); !reflect.DeepEqual(again, fresh) || len(fresh.Near) == 0 {
				t.Errorf("%q: %+v, and before %+v", question, again.Evidence, fresh.Evidence)
			}
		}
		for i := range articles {
			articles[i].Language = "nl"
		}
		other := ask(question, "en", articles)
		passage.ForgetTexts()
		if anew := ask(question, "en", articles); !reflect.DeepEqual(anew, other) {
			t.Errorf("%q in another language: %+v, and anew %+v", question, other.Evidence, anew.Evidence)
		}
	}
}
