package template_test

import (
	"testing"
	"time"

	"github.com/osteele/liquid"

	"keypull/pull/template"
)

// sample returns what templates of tests see.
func sample() map[string]any {
	facts := map[string]any{"price": "1234.50", "change": "-3", "ingredients": []string{"egg", "Butter", "egg", "almond"}, "total": 7}
	item := map[string]any{
		"id": "1", "title": "A <b>long</b> & Winding \"title\"", "summary": "one two three four five", "body": "first line\n\nsecond & <i>third</i> line",
		"link": "https://example.org/a?b=c&d=é", "image": nil, "facts": facts, "published": "2026-11-20T09:30:00Z",
		"media": []any{map[string]any{"type": "image", "url": "https://example.org/i.png", "alt": ""}},
		"price": "1234.50", "change": "-3", "ingredients": facts["ingredients"], "total": 7,
	}
	other := map[string]any{"id": "2", "title": "été", "price": "7", "link": "https://example.org/z"}
	third := map[string]any{"id": "3", "title": "Zoo", "price": "7", "link": nil}
	return map[string]any{
		"item": item, "items": []any{item, other, third}, "argument": "INFY", "stamp": "12 s ago",
		"reader": map[string]any{"language": "en"}, "publisher": map[string]any{"name": "The Paper"},
	}
}

// asked are templates that mean the same to the library whose language this is
// the bounded subset of.
var asked = []string{
	"{{ item.title }} {{ item.price }} {{ item['price'] }} {{ items.size }} {{ items[1].title }} {{ items[-1].id }} {{ items.first.id }} {{ items.last.id }}",
	"{{ item.title | upcase }}{{ item.title | downcase }}{{ 'abc' | capitalize }}{{ item.title | escape }}{{ 'a &amp; <' | escape_once }}",
	"{{ item.body | newline_to_br }}{{ item.body | strip_newlines }}{{ item.title | strip_html }}{{ '<a <b>x< y' | strip_html }}",
	"[{{ '  x ' | strip }}][{{ '  x ' | lstrip }}][{{ '  x ' | rstrip }}]",
	"{{ item.summary | split: ' ' | join: '-' }} {{ ' a  b ' | split: ' ' | size }} {{ 'a,b,,' | split: ',' | size }} {{ 'éa' | split: '' | join: '|' }}",
	"{{ item.ingredients | join: ', ' }} {{ item.ingredients | sort | join }} {{ item.ingredients | sort_natural | join }} {{ item.ingredients | uniq | join }} {{ item.ingredients | reverse | join }}",
	"{{ items | map: 'title' | join: '; ' }} {{ items | map: 'link' | compact | size }} {{ items | sort: 'title' | map: 'id' | join }}",
	"{{ item.ingredients | concat: item.ingredients | size }} {{ item.ingredients | first }} {{ item.ingredients | last }}",
	"{{ 'abcdef' | slice: 2 }} {{ 'abcdef' | slice: -3, 2 }} {{ 'äöü' | slice: 1, 9 }}",
	"{{ 'abcdefghij' | truncate: 5 }} {{ 'abc' | truncate: 5 }} {{ 'abcdefghij' | truncate: 7, '…' }} {{ item.body | truncate: 5 }}{{ item.body | strip_html }} {{ item.summary | truncatewords: 2 }} {{ item.summary | truncatewords: 5 }}",
	"{{ 'a-b-a' | replace: 'a', 'xx' }} {{ 'a-b-a' | replace_first: 'a', 'xx' }} {{ 'a-b-a' | remove: 'a' }} {{ 'a-b-a' | remove_first: 'a' }} {{ 'ab' | replace: '', '.' }}",
	"{{ item.link | url_encode }} {{ 'a%20b+c' | url_decode }} {{ 'x' | append: item.price | prepend: '<' }}",
	"{{ 3 | plus: 4 }} {{ '3.5' | minus: 1 }} {{ 3 | times: 2.5 }} {{ 7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }} {{ 7 | modulo: 4 }} {{ -3.2 | abs }} {{ 3.2 | ceil }} {{ 3.8 | floor }} {{ 3.14159 | round: 2 }} {{ 2.5 | round }} {{ item.total | plus: item.change }}",
	"{{ item.image | default: 'none' }} {{ '' | default: 'x' }} {{ item.title | size }} {{ 'é' | size }} {{ 5 | size }} {{ item.title.size }}",
	"{{ item.published | date: '%d %b %Y %H:%M' }} {{ item.published | date }} {{ '2026-11-20' | date: '%e.%-m.%y %j %A' }}",
	"{{ item.ingredients | json }} {{ item.facts | json }} {{ items | map: 'id' | inspect }} {{ 3 | json }}",
	"{{ items | map: 'id' }} {{ item.ingredients }} {{ item.facts }} {{ true }} {{ nil }} {{ 1.50 }} {{ -3 }} {{ item.media[0].url }}",
	"{% for i in items %}{{ forloop.index }}/{{ forloop.length }} {{ i.title }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
	"{% for i in items reversed %}{{ i.id }}{{ forloop.rindex }}{{ forloop.first }}{% endfor %} {% for i in items limit: 2 offset: 1 %}{{ i.id }}{{ forloop.index0 }}{% endfor %} {% for i in item.nothing %}x{% else %}y{% endfor %}",
	"{% for i in item.ingredients %}{% if i == 'Butter' %}{% continue %}{% endif %}{{ i }}{% if forloop.index == 3 %}{% break %}{% endif %}{% else %}none{% endfor %}",
	"{% assign none = '' | split: ',' %}{% for i in none %}x{% else %}y{% endfor %}",
	"{% assign x = item.price | plus: 1 %}{{ x }}{% assign x = x | times: 2 %} {{ x }} {% for x in items %}{{ x.id }}{% endfor %} {{ x }}",
	"{% if item.image %}a{% elsif item.price == '1234.50' and item.total > 3 %}b{% else %}c{% endif %}{% unless item.image or item.title %}d{% else %}e{% endunless %}",
	"{% if item.title contains 'long' %}1{% endif %}{% if item.ingredients contains 'egg' %}2{% endif %}{% if item.facts contains 'price' %}3{% endif %}{% if 3 >= 3.0 %}4{% endif %}{% if 'a' < 'b' %}5{% endif %}{% if nil == item.image %}6{% endif %}{% if item.title != empty %}7{% endif %}{% if 1 <= 2 %}8{% endif %}{% if 'a' < 1 %}9{% endif %}",
	"{% case item.total %}{% when 1, 2 %}low{% when 7 %}seven{% else %}other{% endcase %} {% case argument %}{% when 'x' %}x{% else %}other{% endcase %}",
	"{% comment %}{{ nothing }} {% if %}{% endcomment %}{% raw %}{{ item.title }}{% endraw %}.",
	"a  {{- item.id -}}  b \n {%- if item.title -%}  c  {%- endif -%}  d {%- assign x = 1 -%} e",
	"{{ (item.total) }} {{ items[item.nothing].id }} {{ item.facts.price }} {{ item.facts['change'] }} {{ reader.language }} {{ publisher.name }}",
}

// What a template says does not depend on who fills it in.
func TestTheSubsetSaysWhatTheLibraryOfItsLanguageSays(t *testing.T) {
	engine := liquid.NewEngine()
	for _, text := range asked {
		want, wrong := engine.ParseAndRenderString(text, sample())
		if wrong != nil {
			t.Fatalf("%s: the library: %v", text, wrong)
		}
		tmpl, err := template.Parse(text, nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := tmpl.Render(t.Context(), sample(), time.Now()); err != nil || got != want {
			t.Errorf("%s\n got %q, %v\nwant %q", text, got, err, want)
		}
	}
}
