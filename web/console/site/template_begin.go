package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/console"
)

// templateForAll is the input of the one text that is for everybody.
const templateForAll = "template.all"

// beginTemplate fills in an empty template with what the source's own reply says at this
// moment, its values replaced by their names. Where the source fails it stays empty.
func (r replyPart) beginTemplate(f *form, values map[string][]string) {
	for name := range values {
		if strings.HasPrefix(name, "template.") && hasValue(values)(name) {
			return
		}
	}
	doc := f.typedDoc(values)
	delete(doc, "template")
	delete(doc, "reply")
	several := doc["count"] != nil && doc["count"] != int64(1)
	doc["count"] = int64(1)
	if len(doc.Table("phrases")) == 0 {
		doc["phrases"] = map[string]any{keywordPages(r).firstLanguage(): []any{replyMode}}
	}
	in := console.KeywordPreview{Of: r.publisherInput(), Keyword: doc, ID: f.id, Text: strings.TrimSpace(firstOf(values, askText)), Language: firstOf(values, askLanguage)}
	shown, err := console.PreviewKeyword.Call(r.callContext(), in)
	if err != nil || shown.Reply == nil || shown.Trace.Error != "" {
		return // the preview tells why there is no answer
	}
	source, err := sourcePages(r).get(doc.Text("source"))
	if err != nil {
		return // the preview tells why there is no answer
	}
	tried, err := console.TrySource.Call(r.callContext(), console.SourceTry{Of: r.publisherInput(), Source: source.Source, ID: doc.Text("source"), Argument: argumentOf(values), Count: 1})
	if err != nil || len(tried.Items) == 0 {
		return // the preview tells why there is no answer
	}
	if text := templateOf(*shown.Reply, tried.Items[0], several); text != "" {
		values[templateForAll] = []string{text}
	}
}

// named is a value that an item has, as a reply may write it, and what a template writes
// for it.
type named struct{ text, code string }

// templateOf returns a reply about an item as a template: the values in it by their names.
// A line that has other figures in it is left out, since these would stand there for ever.
// several has it written for each of several items.
func templateOf(reply pull.Reply, it what.Item, several bool) string {
	names, lists := itemNames(it, reply.Language)
	var lines []string
	heading, stamped := "", false
	for i, b := range reply.Blocks {
		var told []string
		switch {
		case b.Kind == pull.Stamp:
			stamped = true
		case len(b.Lines) > 0:
			if name := lists[strings.Join(b.Lines, "\n")]; name != "" {
				told = append(told, heading, "{% for line in "+name+" %}• {{ line }}\n{% endfor %}")
			}
		default:
			told = codedLines(b, names)
		}
		told = slices.DeleteFunc(told, func(line string) bool { return line == "" })
		if heading = ""; len(told) == 0 && b.Text != "" && len(b.Lines) == 0 && !strings.ContainsFunc(b.Text, unicode.IsDigit) {
			heading = b.Text
		}
		if len(told) > 0 && len(lines) > 0 && !b.Tight && i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, told...)
	}
	text := strings.TrimSpace(strings.Join(lines, "\n"))
	if text == "" {
		return ""
	}
	if several {
		text = "{% for item in items %}" + text + "\n\n{% endfor %}"
	}
	if stamped {
		text += "\n\n{{ stamp }}"
	}
	return text
}

// itemNames returns the values of an item, the longest first, and its lists.
func itemNames(it what.Item, language string) (names []named, lists map[string]string) {
	lists = map[string]string{}
	add := func(text, name string) {
		if text = strings.TrimSpace(text); len(text) > 1 || len(text) == 1 && unicode.IsDigit(rune(text[0])) {
			names = append(names, named{text, "{{ " + name + " }}"})
		}
	}
	for _, part := range []named{{it.Title, "item.title"}, {it.Summary, "item.summary"}, {it.Body, "item.body"}, {it.Link, "item.link"}, {it.ID, "item.id"}} {
		add(part.text, part.code)
	}
	for _, f := range it.Facts {
		name := "item." + f.Name
		if f.Kind == what.List {
			lists[strings.Join(f.List, "\n")] = name
			continue
		}
		if told := words.Number(language, f.Text); told != f.Text {
			add("+"+told, name+" | number: reader.language")
			add(told, name+" | number: reader.language")
		}
		add("+"+f.Text, name)
		add(f.Text, name)
	}
	slices.SortStableFunc(names, func(a, b named) int { return cmp.Compare(len(b.text), len(a.text)) })
	return names, lists
}

// codedLines returns the lines of a block with names for its values; those that name
// nothing, or hold a figure beside the names, are left out.
func codedLines(b pull.Block, names []named) []string {
	all := strings.Split(b.Text, "\n")
	for _, f := range b.Facts {
		all = append(all, f.Label+": "+f.Value)
	}
	if b.URL != "" {
		all = append(all, b.URL)
	}
	var told []string
	for _, line := range all {
		coded, rest := nameValues(line, names)
		if coded != line && !strings.ContainsFunc(rest, unicode.IsDigit) {
			told = append(told, coded)
		}
	}
	return told
}

// inWord reports whether a sign is part of a word, out of which no value is cut.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// nameValues puts names in the place of values; rest is what stands beside these.
func nameValues(line string, names []named) (coded, rest string) {
	for at := 0; at < len(line); {
		i := slices.IndexFunc(names, func(n named) bool { return standsAt(line, at, n.text) })
		if i < 0 {
			_, size := utf8.DecodeRuneInString(line[at:])
			coded, rest, at = coded+line[at:at+size], rest+line[at:at+size], at+size
			continue
		}
		coded, at = coded+names[i].code, at+len(names[i].text)
	}
	return coded, rest
}

// standsAt reports whether a text stands there as words of its own.
func standsAt(line string, at int, text string) bool {
	if !strings.HasPrefix(line[at:], text) {
		return false
	}
	before, after := line[:at], line[at+len(text):]
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	begins, _ := utf8.DecodeRuneInString(text)
	ends, _ := utf8.DecodeLastRuneInString(text)
	return (!inWord(last) || !inWord(begins)) && (!inWord(ends) || !inWord(first))
}
