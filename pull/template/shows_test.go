package template_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/template"
)

// TestATemplateShowsWhatItWritesUnasked tells what stands in a text whether items have it
// or not from what is asked for before.
func TestATemplateShowsWhatItWritesUnasked(t *testing.T) {
	for text, want := range map[string][]string{
		"{{ item.title }}: {{ item.facts.price }} {{ item['facts']['unit'] | upcase }}": {"price", "title", "unit"},
		"{% for it in items %}{{ it.link }}{{ forloop.index }}{% endfor %}":             {"link"},
		"{{ items[0].facts.price }} {{ items.first.summary }} {{ items.size }}":         {"price", "summary"},
		"{{ item.facts.tags.size }}": {"tags"},
		"{% if argument %}{{ item.body }}{% else %}{{ item.title }}{% endif %}":                                 {"body", "title"},
		"{% if item.summary %}{{ item.summary }}{% endif %}":                                                    nil,
		"{% unless item.facts.price == nil %}{{ item.facts.price }}{% endunless %}":                             nil,
		"{% case item.facts.kind %}{% when 'a' %}{{ item.body }}{% endcase %}":                                  nil,
		"{{ item.facts.price | default: '–' }} {{ item.summary | strip | default: '' }}":                        nil,
		"{% for tag in item.facts.tags %}{{ tag }}{% endfor %}":                                                 nil,
		"{{ stamp }} {{ items.size }} {{ publisher.name }} {{ item.facts[argument] }}":                          nil,
		"{% assign p = item.facts.price %}{% if p %}{{ item.facts.price }}{% endif %}":                          nil,
		"{% assign p = item.facts.price %}{% if p %}{{ p }}{% endif %}":                                         nil,
		"{% for argument in items %}{{ argument.link }}{% endfor %}{% if argument %}{{ item.body }}{% endif %}": {"body", "link"},
	} {
		parsed, err := template.Parse(text, nil)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, parsed.Shows()); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}
