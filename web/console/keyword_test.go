package console_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
)

func wordDoc(set doc) doc {
	d := doc{"id": "match", "source": "news", "phrases": doc{"en": []string{"match"}}}
	maps.Copy(d, set)
	return d
}

func TestAKeywordIsLiveOnceItIsSaved(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{"reply": []any{
		doc{"show": "title"}, doc{"show": "author", "label": doc{"en": "By"}}}})}))
	if at(t, out, "keyword", "reply", 1, "label", "en") != "By" || at(t, out, "keyword", "argument") != "none" || at(t, out, "keyword", "count") != float64(1) {
		t.Errorf("%v", out)
	}
	if findings, ok := out["findings"].([]any); !ok || len(findings) != 0 {
		t.Errorf("the findings are %v", out["findings"])
	}
	k, ok := d.Publisher("lecker").Keyword("match")
	if !ok || k.Count != 1 || k.Reply[1].Show != "author" {
		t.Errorf("%+v", k)
	}
	if act := d.last(t); act.Operation != "keyword.create" || act.Target != "keyword match" || !strings.Contains(string(act.After), "author") {
		t.Errorf("%+v", act)
	}

	// What is read can be sent back, is the same, and no other version.
	again := d.must(t, people.Editor, "keyword.update", of(doc{"id": "match", "version": out["version"], "keyword": out["keyword"]}))
	if got, want := fmt.Sprint(again["keyword"]), fmt.Sprint(out["keyword"]); got != want || again["version"] != out["version"] {
		t.Errorf("%v\nwas %v", again, out)
	}
	if act := d.last(t); act.Before == nil || string(act.Before) != string(act.After) {
		t.Errorf("%+v", act)
	}
	d.must(t, people.Editor, "keyword.delete", of(doc{"id": "match", "version": again["version"]}))
	if _, err := d.try(t, people.Viewer, "keyword.get", of(doc{"id": "match"})); console.KindOf(err) != pull.Unknown {
		t.Errorf("it is still there: %v", err)
	}
	if act := d.last(t); act.Target != "keyword match" || act.Before == nil || act.After != nil {
		t.Errorf("%+v", act)
	}
}

func TestAnAudienceThatNobodyCanTellIsRefused(t *testing.T) {
	d := newDesk(t)
	for field, audience := range map[string]doc{
		"keyword.audience.language[0]": {"language": []string{"xx"}}, "keyword.audience.group": {"group": []string{}}, "keyword.audience.region": {"region": []string{"Styria"}},
		"keyword.audience.channel[0]": {"channel": []string{"fax"}}, "keyword.audience.code[0]": {"code": []string{"club"}}, "keyword.audience.hours[0]": {"hours": []string{"at night"}},
	} {
		_, err := d.try(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{"audience": audience})}))
		refusedFields(t, err, field)
	}
	d.must(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{"audience": doc{}})}))
	out := d.must(t, people.Editor, "keyword.check", of(doc{"id": "match", "keyword": wordDoc(doc{"audience": doc{"language": []string{"xx"}}})}))
	if at(t, out, "findings", 0, "path") != "audience.language[0]" || at(t, out, "problems", 0, "field") != "keyword.audience.language[0]" {
		t.Errorf("%v", out)
	}
}

func TestAKeywordWithoutAnIDGetsThatOfItsFirstPhrase(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		phrases doc
		want    string
	}{
		{doc{"en": []string{"The Evening Match!"}}, "the-evening-match"},
		{doc{"fr": []string{"Crème brûlée"}}, "creme-brulee"},
		{doc{"fr": []string{"gâteau"}, "en": []string{"pie"}}, "pie"},
		{doc{"en": []string{"天気"}}, "keyword"},
		{doc{"en": []string{"天気予報"}}, "keyword-2"},
		{doc{"en": []string{"news of the day"}, "fr": []string{"x y z"}}, "news-of-the-day"},
		{doc{"en": []string{"a phrase of rather more than thirty-two letters"}}, "a-phrase-of-rather-more-than-thi"},
		{doc{"en": []string{"a phrase of rather more than thirty-two pages"}}, "a-phrase-of-rather-more-than-t-2"},
	} {
		out := d.must(t, people.Editor, "keyword.create", of(doc{"keyword": doc{"source": "news", "phrases": tt.phrases}}))
		if got := at(t, out, "keyword", "id"); got != tt.want {
			t.Errorf("%v: %v, want %s", tt.phrases, got, tt.want)
		}
	}
}

func TestAKeywordIsRefusedWithAllThatIsWrong(t *testing.T) {
	d := newDesk(t)
	long := make([]string, 501)
	for i := range long {
		long[i] = fmt.Sprintf("phrase %d", i)
	}
	for _, tt := range []struct {
		name    string
		keyword doc
		fields  string
		says    string
	}{
		{"nothing given", doc{}, "keyword.phrases keyword.source", "required"},
		{"an unknown source", wordDoc(doc{"source": "nwes"}), "keyword.source", `There is no source “nwes”; did you mean “news”?`},
		{"a phrase that is taken", wordDoc(doc{"phrases": doc{"en": []string{"match", "Headlines"}}}), "keyword.phrases.en[1]", `calls the keyword “news” too`},
		{"the word that stops", wordDoc(doc{"phrases": doc{"en": []string{"stop"}}}), "keyword.phrases.en[0]", "must always let readers stop"},
		{"a fact that the source lacks", wordDoc(doc{"reply": []any{doc{"show": "title"}, doc{"show": "authr"}}}),
			"keyword.reply[1].show", `Items of this source have no “authr”; did you mean “author”?`},
		{"a part that is like none", wordDoc(doc{"reply": []any{doc{"show": "quantity"}}}), "keyword.reply[0].show", "there are title, summary"},
		{"parts and a template", wordDoc(doc{"reply": []any{doc{"show": "title"}}, "template": "{{ item.title }}"}), "keyword.reply", "take one of them away"},
		{"a template with a wrong name", wordDoc(doc{"template": doc{"en": "a\n{{ item.titel }}", "fr": "{% if item %}"}}),
			"keyword.template.en keyword.template.fr", `in line 2, at character 4: item has no “titel”; did you mean “title”?`},
		{"a template for everybody", wordDoc(doc{"template": "{{ itm }}"}), "keyword.template", "in line 1"},
		{"a template that does not end", wordDoc(doc{"template": "x\n {{ item.title"}), "keyword.template", "in line 2, at character 2: {{ is not closed"},
		{"a template with a number that no machine has", wordDoc(doc{"template": "{{ 99999999999999999999 }}"}), "keyword.template", "the number 99999999999999999999 is too large"},
		{"a template that is too long", wordDoc(doc{"template": strings.Repeat("x", 4097)}), "keyword.template", "4097 bytes; a template has at most 4096"},
		{"a count beyond its limit", wordDoc(doc{"count": 11}), "keyword.count", "Write 10 or less"},
		{"too many phrases", wordDoc(doc{"phrases": doc{"en": long}}), "keyword.phrases", "at most 500 phrases; here are 501"},
		{"a phrase that is too long", wordDoc(doc{"phrases": doc{"en": []string{strings.Repeat("ä", 101)}}}), "keyword.phrases.en[0]", "at most 100 characters; this has 101"},
		{"hours that are none", wordDoc(doc{"hours": []string{"late"}}), "keyword.hours[0]", "hours"},
		{"an end before the beginning", wordDoc(doc{"from": "2026-12-02T00:00:00Z", "until": "2026-12-01T00:00:00Z"}), "keyword.until", "ends before it begins"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.try(t, people.Editor, "keyword.create", of(doc{"keyword": tt.keyword}))
			refusedFields(t, err, strings.Fields(tt.fields)...)
			foreignPages(t, err, pull.Invalid, tt.says)
			if act := d.last(t); act.Outcome != "invalid" || act.After != nil {
				t.Errorf("%+v", act)
			}
			checked := d.must(t, people.Viewer, "keyword.check", of(doc{"keyword": tt.keyword}))
			problems, _ := checked["problems"].([]any)
			if len(problems) != len(strings.Fields(tt.fields)) {
				t.Errorf("the check finds %v", problems)
			}
		})
	}
}

func TestAMistakeInATemplateTellsLineAndColumnToPrograms(t *testing.T) {
	out := newDesk(t).must(t, people.Viewer, "keyword.check", of(doc{"keyword": wordDoc(doc{"template": doc{"fr": "é\n {{ item.prise }}"}})}))
	if at(t, out, "problems", 0, "field") != "keyword.template.fr" ||
		at(t, out, "problems", 0, "args", "line") != "2" || at(t, out, "problems", 0, "args", "column") != "5" {
		t.Errorf("%v", out)
	}
}

func TestWarningsRefuseNothingAndAreTold(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{"phrases": doc{"en": []string{"headline"}, "de": []string{"spiel"}}})}))
	var codes []string
	findings, _ := out["findings"].([]any)
	for i := range findings {
		code, _ := at(t, findings, i, "code").(string)
		codes = append(codes, code)
	}
	if got := strings.Join(codes, " "); !strings.Contains(got, catalogue.CodeNeighbour) || !strings.Contains(got, catalogue.CodeWrongLanguage) {
		t.Errorf("%q", got)
	}
	// Its own phrases are in nobody's way.
	d.must(t, people.Editor, "keyword.update", of(doc{"id": "match", "version": "*", "keyword": out["keyword"]}))
}

func TestEmptyTemplatesAreNone(t *testing.T) {
	out := newDesk(t).must(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{
		"template": doc{"en": " ", "fr": ""}, "reply": []any{doc{"show": "link"}}})}))
	if templates, _ := at(t, out, "keyword", "template").(doc); len(templates) != 0 {
		t.Errorf("%v", templates)
	}
}

func TestASourceWhoseFactsAreUnknownShowsAnyPart(t *testing.T) {
	d := newDesk(t)
	keyword := wordDoc(doc{"source": "closed", "reply": []any{doc{"show": "whatever"}}})
	d.must(t, people.Editor, "keyword.create", of(doc{"keyword": keyword}))
}

func TestACheckTellsWhatAReplyCanShowAndWhatIsDoubtful(t *testing.T) {
	d := newDesk(t)
	out := d.must(t, people.Viewer, "keyword.check", of(doc{"keyword": wordDoc(doc{"id": "news", "phrases": doc{"en": []string{"cake"}}})}))
	if at(t, out, "parts", 7) != "author" || at(t, out, "parts", 6) != "stamp" {
		t.Errorf("%v", out["parts"])
	}
	if at(t, out, "findings", 0, "code") != catalogue.CodeDuplicate || at(t, out, "problems", 0, "field") != "keyword.id" ||
		at(t, out, "problems", 1, "field") != "keyword.phrases.en[0]" {
		t.Errorf("%v", out)
	}
	out = d.must(t, people.Viewer, "keyword.check", of(doc{"keyword": wordDoc(doc{"id": "news", "phrases": doc{"en": []string{"headlines"}}}), "id": "news"}))
	if findings, _ := out["findings"].([]any); len(findings) != 0 {
		t.Errorf("a keyword is in its own way: %v", findings)
	}
	out = d.must(t, people.Viewer, "keyword.check", of(doc{"keyword": doc{}}))
	if problems, _ := out["problems"].([]any); len(problems) != 2 {
		t.Errorf("%v", out)
	}
	if d.Publisher("lecker").Keywords[1].Phrases["en"][0] != "news" || len(d.acts.all) != 0 {
		t.Error("a check changed something")
	}
}
