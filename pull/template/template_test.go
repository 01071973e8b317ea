package template_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"keypull/pull/template"
)

func TestTemplatesOfTheSubsetRender(t *testing.T) {
	values := map[string]any{
		"item":  map[string]any{"title": "A <b> & c", "price": "1.50", "image": nil, "facts": map[string]any{"price": "1.50"}},
		"items": []any{map[string]any{"title": "one"}, map[string]any{"title": "two"}}, "argument": "x", "stamp": "now",
		"reader": map[string]any{"language": "en"}, "publisher": map[string]any{"name": "P"},
	}
	for text, want := range map[string]string{
		"{{ item.title }}: {{ item.price }}":                                 "A <b> & c: 1.50",
		"{% for i in items %}{{ forloop.index }} {{ i.title }};{% endfor %}": "1 one;2 two;",
		"{% if item.image %}x{% elsif argument == \"x\" %}y{% endif %}":      "y",
		"{{ item.title | downcase | append: \"!\" }}":                        "a <b> & c!",
		"{% assign a = item.price %}{{ a }}":                                 "1.50",
		"{{ items.size }} {{ items[0].title }} {{ publisher.name }}":         "2 one P",
		"{{ item.facts.price }} {{ reader.language }}":                       "1.50 en",
		"{{ '1234.50' | number: reader.language }} {{ '-1234.5' | number: 'de' }} {{ 12345 | number: 'fr' }} {{ item.title | number }}": "1,234.50 -1.234,5 12\u202f345 A <b> & c",
		"{{ item.nothing }}": "",
		"no template at all": "no template at all",
	} {
		tmpl, err := template.Parse(text, nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := tmpl.Render(t.Context(), values, time.Time{}); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestTemplatesOutsideTheSubsetAreRefusedWithTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"a\n{{ itm.title }}":                       `line 2: there is no “itm”; did you mean “item”?`,
		"{{ publisher.nme }}":                      `line 1: publisher has no “nme”; did you mean “name”?`,
		"{% for i in (1..3000000) %}x{% endfor %}": "line 1: ranges such as (1..10) cannot be used here",
		"{% include 'x' %}":                        `line 1: the tag “include” cannot be used here; use if, unless, case, for or assign`,
		"{% if a %}":                               `line 1: there is no “a”; there are argument, item, items, publisher, reader, stamp`,
		"{% if item %}":                            "{% if %} has no {% endif %}",
		"{% endif %}":                              "line 1: {% endif %} closes nothing that is open",
		"{% if item %}{% if item %}{% if item %}x": "line 1: blocks stand at most 2 deep",
		strings.Repeat("x", 4097):                  "4097 bytes; a template has at most 4096",
		"{% for x %}{% endfor %}":                  "line 1: write {% for item in items %}",
	} {
		if _, err := template.Parse(text, nil); err == nil || err.Error() != want {
			t.Errorf("%.40s: got %v, want %s", text, err, want)
		}
	}
}

func TestTheFactsOfAnItemAreKnownWhereTheKindTellsThem(t *testing.T) {
	facts := []string{"price", "currency"}
	for text, want := range map[string]string{
		"{{ item.price }} {{ item.facts.currency }} {{ item.title }}": "",
		"{{ item.prise }}":                  `line 1: item has no “prise”; did you mean “price”?`,
		"{{ item.facts.titel }}":            `line 1: item has no “titel”; there are price, currency`,
		"{{ item.titel }}":                  `line 1: item has no “titel”; did you mean “title”?`,
		`{{ item.titel | append: "x" }}`:    `line 1: item has no “titel”; did you mean “title”?`,
		`{{ item["price"] | append: "x" }}`: "",
	} {
		_, err := template.Parse(text, facts)
		if got := errorText(err); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestAMistakeInATemplateHasItsPlace(t *testing.T) {
	for text, want := range map[string][2]int{
		"{{ itm.title }}": {1, 4},
		"Über\n\tÄ {{ item.title }} {{ publisher.nme }}": {2, 24},
		"a\nb {% if 'x' == argument and reader.lang %}":  {2, 29},
		"{% for i in itms %}{% endfor %}":                {1, 13},
		"{% assign x = itm %}":                           {1, 15},
		"{{ item.title | append: 'a..b' | x: itm }}":     {1, 37},
		"{% for i in (1..3) %}":                          {1, 15},
		"\n  {% include 'x' %}":                          {2, 3},
		"x\n {% endif %}":                                {2, 2},
		"x\n{% if item %}\n":                             {2, 1},
		"x\n {{ item.title || }}":                        {2, 2},
		strings.Repeat("x", 4097):                        {0, 0},
	} {
		var wrong *template.Error
		_, err := template.Parse(text, []string{"price"})
		if !errors.As(err, &wrong) {
			t.Errorf("%.40s: %v", text, err)
			continue
		}
		if got := [2]int{wrong.Line, wrong.Column}; got != want || wrong.Message.IsZero() {
			t.Errorf("%.40s: %d, want %d: %s", text, got, want, wrong.Message)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestARenderingStopsAtItsLimit(t *testing.T) {
	tmpl, err := template.Parse("{% for i in items %}{% for j in items %}{{ i }}{% endfor %}{% endfor %}", nil)
	if err != nil {
		t.Fatal(err)
	}
	long := make([]any, 2000)
	for i := range long {
		long[i] = "0123456789"
	}
	if _, err := tmpl.Render(t.Context(), map[string]any{"items": long}, time.Time{}); err == nil {
		t.Fatal("40 MB were rendered")
	}
}
