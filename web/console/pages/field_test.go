package pages_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/settings"
	"keypull/web/console/pages"
)

func fieldNamed(t *testing.T, list pages.FieldList, name string) pages.Field {
	t.Helper()
	i := slices.IndexFunc(list, func(f pages.Field) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no field %s", name)
	}
	return list[i]
}

func TestFieldsTakeTheirValuesByTheNamesOfTheForm(t *testing.T) {
	list := pages.Inputs{Fields: specs(), Prefix: "settings", Values: posted(), Languages: []string{"en", "fr"}, Language: "en"}.List()
	if slices.ContainsFunc(list, func(f pages.Field) bool { return f.Type == settings.Raw }) {
		t.Error("a raw field is on the form")
	}
	title := fieldNamed(t, list, "title")
	if title.Path != "settings.title" || title.ID != "f-settings-title" || title.Value != "Ask Lecker" || title.Wrong() {
		t.Errorf("the title is %+v", title)
	}
	if token := fieldNamed(t, list, "token"); !token.Stored() {
		t.Error("a stored secret is not known as one")
	}
	if pairs := fieldNamed(t, list, "headers").Pairs; len(pairs) != 2 || pairs[1].Path != "settings.headers[4]" || pairs[1].Key != "X-Edition" {
		t.Errorf("the pairs are %+v", pairs)
	}
	var tags []string
	for _, text := range fieldNamed(t, list, "phrases").Texts {
		tags = append(tags, text.Language+"="+text.Value)
	}
	if got := strings.Join(tags, ";"); got != "en=news\nheadlines;fr=actus;pt-BR=notícias" {
		t.Errorf("the phrases are %q", got)
	}
	if label := fieldNamed(t, list, "label").Texts; label[0].Path != "settings.label.all" || label[0].Value != "Price" || len(label) != 3 {
		t.Errorf("the label is %+v", label)
	}
	symbols := fieldNamed(t, list, "symbols")
	if len(symbols.Rows) != 2 || symbols.Rows[0].Title != "WIPRO" || symbols.Blank.Path != "settings.symbols[new]" || symbols.Blank.Title != "" {
		t.Errorf("the rows are %+v, the blank one %+v", symbols.Rows, symbols.Blank)
	}
	if len(list.Shown())+len(list.More()) != len(list) || len(list.More()) != 2 {
		t.Errorf("%d fields are shown and %d folded of %d", len(list.Shown()), len(list.More()), len(list))
	}
}

func TestProblemsStandAtTheirFields(t *testing.T) {
	in := pages.Inputs{Fields: specs(), Prefix: "settings", Values: posted(), Languages: []string{"en", "fr"}, Language: "fr", Problems: settings.Problems{
		{Field: "url", Message: "A"}, {Field: "urls[1]", Message: "B"}, {Field: "phrases.fr[0]", Message: "C"}, {Field: "headers.Accept", Message: "D"},
		{Field: "symbols", Message: "E"}, {Field: "symbols[1]", Message: "F"}, {Field: "symbols[1].symbol", Message: "G"}, {Field: "hours.zone", Message: "H"}, {Field: "deadline", Message: "I"},
	}}
	list := in.List()
	var said []string
	for _, c := range list.Complaints() {
		said = append(said, c.ID+": "+c.Text)
	}
	want := []string{
		"f-settings-url: A", "f-settings-urls: Entrée 2\u00a0: B", "f-settings-headers: Accept\u00a0: D", "f-settings-phrases: français 1\u00a0: C", "f-settings-symbols: E",
		"f-settings-symbols-1: F", "f-settings-symbols-1-symbol: G", "f-settings-hours-zone: H", "f-settings-deadline: I",
	}
	if !slices.Equal(said, want) {
		t.Errorf("the problems are\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	if !list.More().Wrong() || fieldNamed(t, list, "title").Wrong() {
		t.Error("a fold with a problem must open, and a field without one is not wrong")
	}
	if got := fieldNamed(t, list, "url").DescribedBy(); got != "f-settings-url-problem f-settings-url-help" {
		t.Errorf("the address is described by %q", got)
	}
}

func TestAChoiceCanBeTakenBackUnlessOneIsNeeded(t *testing.T) {
	choices := []string{"a", "b"}
	for _, tt := range []struct {
		name  string
		spec  settings.Field
		value string
		want  string
	}{
		{"optional, open", settings.Field{Choices: choices}, "", "[] a b"},
		{"optional, chosen", settings.Field{Choices: choices}, "b", " a [b]"},
		{"required, open", settings.Field{Choices: choices, Required: true}, "", "[] a b"},
		{"required, chosen", settings.Field{Choices: choices, Required: true}, "a", "[a] b"},
		{"with a default", settings.Field{Choices: choices, Default: "a"}, "a", "[a] b"},
		{"nothing is a choice", settings.Field{Choices: []string{"", "a"}}, "", "[] a"},
	} {
		tt.spec.Name, tt.spec.Type = "x", settings.Choice
		f := pages.Inputs{Fields: []settings.Field{tt.spec}, Values: map[string][]string{"x": {tt.value}}}.List()[0]
		var got []string
		for _, o := range f.Options() {
			if o.Label == "" {
				t.Errorf("%s: an option has no label", tt.name)
			}
			if o.Selected {
				o.Value = "[" + o.Value + "]"
			}
			got = append(got, o.Value)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, strings.Join(got, " "), tt.want)
		}
	}
}

func TestTheButtonsOfRowsWorkWithoutScript(t *testing.T) {
	form := func(more ...string) map[string][]string {
		values := map[string][]string{"rows[0].a": {"1"}, "rows[1].a": {"2"}, "rows[10].a": {"3"}, "order": {"x", "y", "z"}}
		for i := 0; i+1 < len(more); i += 2 {
			values[more[i]] = []string{more[i+1]}
		}
		return values
	}
	for _, tt := range []struct {
		name, button, value string
		asked               bool
		rows, order, add    string
	}{
		{"saving", "", "", false, "rows[0].a rows[10].a rows[1].a", "x y z", ""},
		{"adding", "_add", "rows", true, "rows[0].a rows[10].a rows[1].a", "x y z", "rows"},
		{"removing", "_remove", "rows[1]", true, "rows[0].a rows[10].a", "x y z", ""},
		{"removing what is not there", "_remove", "rows[7]", true, "rows[0].a rows[10].a rows[1].a", "x y z", ""},
		{"up", "_up", "order=y", true, "rows[0].a rows[10].a rows[1].a", "y x z", ""},
		{"up from the top", "_up", "order=x", true, "rows[0].a rows[10].a rows[1].a", "x y z", ""},
		{"down", "_down", "order=y", true, "rows[0].a rows[10].a rows[1].a", "x z y", ""},
		{"down from the end", "_down", "order=z", true, "rows[0].a rows[10].a rows[1].a", "x y z", ""},
		{"moving what is not there", "_down", "order=w", true, "rows[0].a rows[10].a rows[1].a", "x y z", ""},
	} {
		posted := form()
		if tt.button != "" {
			posted = form(tt.button, tt.value)
		}
		before := len(posted)
		values, add, asked := pages.ApplyButtons(posted)
		rows := slices.DeleteFunc(slices.Sorted(maps.Keys(values)), func(n string) bool { return n == "order" })
		if asked != tt.asked || add != tt.add || strings.Join(rows, " ") != tt.rows || strings.Join(values["order"], " ") != tt.order {
			t.Errorf("%s: asked %v, add %q, rows %v, order %v", tt.name, asked, add, rows, values["order"])
		}
		if len(posted) != before || strings.Join(posted["order"], " ") != "x y z" {
			t.Errorf("%s: what was posted has changed", tt.name)
		}
	}
}

func TestAnAddedRowIsEmptyAndTheLast(t *testing.T) {
	in := pages.Inputs{Fields: specs(), Prefix: "settings", Values: posted(), Add: "settings.symbols"}
	rows := fieldNamed(t, in.List(), "symbols").Rows
	if len(rows) != 3 || rows[2].Path != "settings.symbols[2]" || rows[2].Title != "" {
		t.Errorf("the rows are %+v", rows)
	}
	in.Add = "settings.headers"
	if pairs := fieldNamed(t, in.List(), "headers").Pairs; len(pairs) != 3 || pairs[2].Path != "settings.headers[5]" {
		t.Errorf("the pairs are %+v", pairs)
	}
}

func FuzzAFormOfAnyNamesIsShown(f *testing.F) {
	for _, seed := range []string{"settings.symbols[0].symbol", "settings.symbols[9999999999].symbol", "settings.symbols[-1].a", "settings.headers[", "settings.phrases.<b>", "settings.label.a b"} {
		f.Add(seed, "x")
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		posted, _, _ := pages.ApplyButtons(map[string][]string{name: {value}, "_remove": {value}, "_up": {name}})
		list := pages.Inputs{Fields: specs(), Prefix: "settings", Values: posted, Add: name, Problems: settings.Problems{{Field: name, Message: value}}}.List()
		if len(list) != len(specs())-1 {
			t.Errorf("the form has %d fields", len(list))
		}
		for _, row := range fieldNamed(t, list, "symbols").Rows {
			if strings.ContainsAny(row.ID, " []\"") || strings.HasSuffix(row.ID, "--1") {
				t.Errorf("a row has the id %q", row.ID)
			}
		}
	})
}

func TestTheDifferenceHoldsBothVersions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 12)
		before, after := lines.Draw(t, "before"), lines.Draw(t, "after")
		diff := pages.NewDiff("", strings.Join(before, "\n"), "", strings.Join(after, "\n"))
		var left, right []string
		for _, l := range diff.Lines {
			same := !l.Gone && !l.New
			if same && l.Before != l.After {
				t.Fatalf("%+v counts as the same", l)
			}
			if same || l.Gone {
				left = append(left, l.Before)
			}
			if same || l.New {
				right = append(right, l.After)
			}
		}
		if !slices.Equal(left, before) || !slices.Equal(right, after) {
			t.Fatalf("%v and %v became %v and %v", before, after, left, right)
		}
		if slices.Equal(before, after) && slices.ContainsFunc(diff.Lines, func(l pages.DiffLine) bool { return l.Gone || l.New }) {
			t.Fatal("two equal versions differ")
		}
	})
}
