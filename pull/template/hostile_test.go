package template_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull/template"
)

// hostile are templates that would take all there is: what doubles, nests,
// ranges, splits, counts, sorts and formats without end.
func hostile() []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	// What grows by itself, n times over.
	for _, n := range []int{5, 15, 19, 40, 80} {
		for _, grow := range []string{
			"{%% assign x = x | append: x | append: x %%}", "{%% assign x = x | replace: 'a', 'aaaaaaaaaaaaaaaa' %%}", "{%% assign x = x | prepend: x %%}",
			"{%% assign x = x | replace: '', x %%}", "{%% assign x = x | split: '' | join: 'aaaaaaaa' %%}", "{%% assign x = x | escape | url_encode | append: '&&&&' %%}",
			"{%% assign x = x | json | inspect %%}", "{%% assign x = x | split: 'b' | concat: items | join: x %%}", "{%% assign x = x | append: item.body | newline_to_br %%}",
			"{%% assign x = x | upcase | append: x | downcase | append: x %%}", "{%% assign x = x | append: x | truncate: 99999999, x %%}",
		} {
			text := "{% assign x = 'a&<' %}" + strings.Repeat(strings.ReplaceAll(grow, "%%", "%"), n) + "{{ x | size }}"
			if len(text) <= template.MaxSource {
				all = append(all, text)
			}
		}
		// Lists that grow, and what is done with long ones.
		for _, use := range []string{"sort", "sort_natural", "uniq | size", "reverse | join", "map: 'size' | join", "compact | json", "sort: 'a' | size", "join | split: '' | uniq", "join: item.body"} {
			text := "{% assign x = 'b,a,c' | split: ',' %}" + strings.Repeat("{% assign x = x | concat: x %}", n) + "{{ x | " + use + " }}"
			if len(text) <= template.MaxSource {
				all = append(all, text)
			}
		}
		add("{%% assign l = items %%}%s{%% for a in l %%}{%% for b in l %%}{%% assign y = a.title | append: b.title | sort %%}{%% endfor %%}{%% endfor %%}", strings.Repeat("{% assign l = l | concat: l %}", n))
		add("{%% assign l = items %%}%s{%% for a in l %%}{%% for b in l %%}{%% if a == b or l contains b or l == l %%}{%% endif %%}{%% endfor %%}{%% endfor %%}", strings.Repeat("{% assign l = l | concat: l %}", n))
		add("{%% assign x = item.body %%}%s{%% for a in items %%}{%% for b in items %%}{%% if x contains 'zzzz' %%}{%% endif %%}{%% endfor %%}{%% endfor %%}", strings.Repeat("{% assign x = x | append: x %}", min(n, 80)))
		add("%s{{ item.title }}%s", strings.Repeat("{% if item %}", n), strings.Repeat("{% endif %}", n))
		add("{{ %sitem.title%s }}", strings.Repeat("(", n), strings.Repeat(")", n))
		add("{{ items%s }}", strings.Repeat("[0]", n))
		add("{{ items%s0%s }}", strings.Repeat("[items", n), strings.Repeat("]", n+1))
		add("{{ item.title%s }}", strings.Repeat(" | append: item.body | escape", n))
		add("{%% if %sitem %%}x{%% endif %%}", strings.Repeat("item.body contains item.body and ", n))
	}
	for _, number := range []string{"99999999999999999999", "1e99", "9223372036854775807", "-9223372036854775808", "0", "-1", "999999999", "0.0000001"} {
		for _, with := range []string{
			"{{ 7 | times: %s | times: %[1]s | times: %[1]s }}", "{{ 7 | divided_by: %s }}", "{{ 7 | modulo: %s }}", "{{ 3.3 | round: %s }}", "{{ %s | ceil | floor | abs }}",
			"{{ item.body | slice: %s, %[1]s }}", "{{ item.body | truncate: %s }}", "{{ item.body | truncatewords: %s }}", "{{ items[%s].title }}",
			"{%% for i in items limit: %s offset: %[1]s %%}{{ i.id }}{%% endfor %%}", "{%% for i in (1..%s) %%}x{%% endfor %%}", "{{ 'now' | date: '%%%[1]sd' }}", "{{ %s | date: '%%Y' }}",
		} {
			add(with, number)
		}
	}
	all = append(all,
		"{{", "{%", "{{ item.title", "{% if item", "{{ }}", "{{}}", "{% %}", "{%%}", "{{ 'a }}", "{{ | }}", "{{ item | }}", "{{ item..title }}", "{% raw %}", "{% comment %}{{", "{%-", "{{-}}", "{{--}}",
		"{% assign = 1 %}", "{% assign item.title = 1 %}", "{% for %}", "{% for i in %}{% endfor %}", "{% else %}", "{% when 1 %}", "{% case %}{% endcase %}", "{% break %}", "{% capture x %}{% endcapture %}",
		"{% include 'x' %}", "{% cycle 'a' %}", "{% tablerow i in items %}{% endtablerow %}", "{{ item.title | nofilter }}", "{{ item.title | append: 1, 2 }}", "{% endfor %}", "{% if item %}{% endfor %}",
		"{{ 'now' | date: '%99999999d' }}", "{{ 'now' | date: '%-0999999999N' }}", "{% for i in items %}{% for j in item.body %}{{ j }}{% endfor %}{% endfor %}",
		"{{ item | json | json | json | json | json }}", "{{ items }}", "{{ item | sort | uniq | json }}", "{% assign f = forloop %}{{ f }}", "{% for i in items %}{{ forloop | json }}{{ forloop }}{% endfor %}",
		"{{ 'now' | date: item.body }}", "{{ item.body | date }}", "{{ item.body | split: '' | sort | reverse | uniq | join: item.body }}", "{{ item.body | strip_html | strip_html }}",
		"{% for i in items %}{% for j in items %}{% assign x = item.body | split: '' | sort %}{% endfor %}{% endfor %}",
		"{% for i in items %}{% for j in items %}{{ 'now' | date: '%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c' | size }}{% endfor %}{% endfor %}",
		"\xff\xfe{{ item.title | \xff }}", "{{ item.\x00 }}", "{{ \u202eitem.title }}", strings.Repeat("{{ item.body }}", 200), strings.Repeat("{", 4096), strings.Repeat("{{", 2048), strings.Repeat("{%", 2048),
		"{{ item"+strings.Repeat(".facts", 600)+" }}", "{{ 1"+strings.Repeat(" | plus: 1", 400)+" }}", "{% if 1"+strings.Repeat(" or 1", 800)+" %}{% endif %}",
	)
	return all
}

// plenty returns what hostile templates get: long texts and long lists.
func plenty() map[string]any {
	values := sample()
	body := strings.Repeat("<a & b> 'c' < ü ", 4<<10)
	values["item"].(map[string]any)["body"] = body
	var items []any
	for range 100 {
		items = append(items, values["items"].([]any)...)
	}
	values["items"] = items
	return values
}

// made returns how many bytes have been allocated, whatever was given back since.
func made() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Bytes and steps decide: what is made on the whole way, given back or not,
// stays below what may be there at a time.
func TestNoTemplateTakesMoreThanItsShare(t *testing.T) {
	values, refused, ended, filled := plenty(), 0, 0, 0
	all := hostile()
	for _, text := range all {
		before := made()
		tmpl, err := template.Parse(text, nil)
		if err != nil {
			refused++
			continue
		}
		out, steps, held, err := tmpl.Cost(t.Context(), values, time.Time{})
		if err == nil {
			filled++
		} else {
			ended++
		}
		if len(out) > template.MaxWritten || held > template.MaxHeld || steps > template.MaxSteps+2*(template.MaxHeld/64) {
			t.Errorf("%.80q wrote %d bytes, held %d, took %d steps: %v", text, len(out), held, steps, err)
		}
		if bytes := made() - before; bytes > mayMake {
			t.Errorf("%.80q made %d KiB in %d steps: %v", text, bytes>>10, steps, err)
		}
	}
	t.Logf("%d templates: %d refused when saved, %d ended at a limit, %d filled in", len(all), refused, ended, filled)
	if len(all) < 200 || refused < 50 || ended < 50 || filled < 50 {
		t.Errorf("%d templates: %d refused, %d ended, %d filled in", len(all), refused, ended, filled)
	}
}

// What a template comes to is the same however busy the machine is.
func TestATemplateEndsAtTheSameStepEveryTime(t *testing.T) {
	values := plenty()
	for _, text := range hostile() {
		tmpl, err := template.Parse(text, nil)
		if err != nil {
			continue
		}
		text1, steps1, _, err1 := tmpl.Cost(t.Context(), values, time.Time{})
		text2, steps2, _, err2 := tmpl.Cost(t.Context(), values, time.Time{})
		if text1 != text2 || steps1 != steps2 || errorText(err1) != errorText(err2) {
			t.Errorf("%.80q: %d steps, %v; then %d, %v", text, steps1, err1, steps2, err2)
		}
	}
}

func TestARenderingEndsWithItsContextAndItsTime(t *testing.T) {
	tmpl, err := template.Parse("{% for i in items %}{% for j in items %}{% assign x = i.title | append: j.title %}{% endfor %}{% endfor %}", nil)
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tmpl.Render(gone, plenty(), time.Time{}); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever waited is gone: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		late, cancel := context.WithDeadline(t.Context(), time.Now())
		defer cancel()
		if _, err := tmpl.Render(late, plenty(), time.Time{}); err == nil || err.Error() != "template: it takes longer than 2 seconds" {
			t.Errorf("its time is over: %v", err)
		}
	})
}

func TestWhatCanNeverBeFilledInIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"a\n {{ item.title":                   `2:2 {{ is not closed; write }} behind it, or {% raw %}{{{% endraw %} for the signs themselves`,
		"{% if item":                          `1:1 {% is not closed; write %} behind it, or {% raw %}{%{% endraw %} for the signs themselves`,
		"{{ 99999999999999999999 }}":          `1:1 not understood: the number 99999999999999999999 is too large`,
		"x {{ item.title | upcas }}":          `1:19 there is no filter “upcas”; did you mean “upcase”?`,
		"{{ item.title | upcase: 1, 2 }}":     `1:17 the filter “upcase” takes at most 1 values`,
		"{% break %}":                         `1:1 {% break %} stands outside a {% for %}`,
		"{% else %}":                          `1:1 {% else %} stands in no block that has it`,
		"{% unless item %}{% elsif item %}":   `1:18 {% elsif %} stands in no block that has it`,
		"{% raw %} {{ x }}":                   `1:1 {% raw %} has no {% endraw %}`,
		"{{ 'abc }}":                          `1:1 not understood: a text that begins with ' does not end`,
		"{{ items[foo].title }}":              `1:10 there is no “foo”; there are argument, item, items, publisher, reader, stamp`,
		"{{ " + strings.Repeat("(", 40) + "1": `1:1 {{ is not closed; write }} behind it, or {% raw %}{{{% endraw %} for the signs themselves`,
		"{{ " + strings.Repeat("(", 40) + "1" + strings.Repeat(")", 40) + " }}": `1:1 not understood: brackets stand at most 32 deep`,
	} {
		_, err := template.Parse(text, nil)
		var wrong *template.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%.40s: %v", text, err)
			continue
		}
		if got := fmt.Sprintf("%d:%d %s", wrong.Line, wrong.Column, wrong.Message); got != want {
			t.Errorf("%.40s\n got %s\nwant %s", text, got, want)
		}
	}
}

// FuzzTemplate holds any text, with any text in it, to the limits.
func FuzzTemplate(f *testing.F) {
	for _, text := range append(hostile(), asked...) {
		f.Add(text, "a <b> & c")
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		tmpl, err := template.Parse(text, []string{"price"})
		if err != nil {
			var wrong *template.Error
			if !errors.As(err, &wrong) || wrong.Message.IsZero() {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		values := sample()
		values["item"].(map[string]any)["body"] = body
		out, steps, held, _ := tmpl.Cost(t.Context(), values, time.Time{})
		if len(out) > template.MaxWritten || held > template.MaxHeld {
			t.Fatalf("%d bytes written, %d held, %d steps", len(out), held, steps)
		}
	})
}
