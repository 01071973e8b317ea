package site

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/messengers"
)

// previewPart is the part of a keyword's form that shows what would come.
type previewPart struct{ *request }

// The inputs of the preview: what the reader writes beside the phrase, and
// the reader's language.
const (
	askText     = "_ask_text"
	askLanguage = "_ask_language"
)

// askingView is who asks in the preview.
type askingView struct {
	Text      string
	Languages []pages.Option
}

func (r previewPart) askingView(values map[string][]string) askingView {
	a := askingView{Text: firstOf(values, askText)}
	chosen := firstOf(values, askLanguage)
	for _, l := range r.publisherLanguages() {
		a.Languages = append(a.Languages, pages.Option{Value: l, Label: r.languageName(l), Selected: l == chosen})
	}
	return a
}

// previewView is what readers would see.
type previewView struct {
	pages.Previews
	// Tells are the items that are told.
	Tells    []toldItem
	Findings []pages.Finding
	Age      pages.Age
}

// showPreview shows what readers would see.
func (r keywordPages) showPreview() error {
	f, v, err := r.workingForm()
	if err != nil {
		return err
	}
	preview, err := previewPart(r).previewForm(f, v.values)
	if err != nil {
		return err
	}
	if r.wantsPart() {
		return r.showPart("part_previews", *preview)
	}
	found, err := r.findingsIn(f, v)
	if err != nil {
		return err
	}
	return r.showWith(http.StatusOK, f, v, keywordNotes{preview: preview, findings: found})
}

// previewForm asks by the form as it is.
func (r previewPart) previewForm(f *form, values map[string][]string) (*previewView, error) {
	view := &previewView{}
	doc, language := f.typedDoc(values), firstOf(values, askLanguage)
	said := r.phraseIn(doc, language)
	if said == "" || doc.Text("source") == "" {
		view.Findings = []pages.Finding{{Level: "info", Text: r.t("preview.unfinished")}}
		return view, nil
	}
	in := console.KeywordPreview{Of: r.publisherInput(), Keyword: doc, ID: f.id, Text: strings.TrimSpace(firstOf(values, askText)), Language: language}
	shown, err := console.PreviewKeyword.Call(r.callContext(), in)
	if problems, refused := r.problemsOf(err, string(catalogue.ResourceKeyword)); refused {
		// What is wrong stands in full where the check tells it.
		field := rootField(problems[0].Field)
		view.Findings = []pages.Finding{{Level: "info", Text: r.t("preview.wrong"), Where: keywordPages(r).fieldLabel(field), Href: "#f-" + field}}
		return view, nil
	}
	if err != nil {
		if console.KindOf(err) == pull.Internal {
			return nil, err
		}
		view.Findings = []pages.Finding{{Level: "error", Text: r.hintText(err)}}
		return view, nil
	}
	if in.Text != "" && doc.Text("argument") != string(what.ArgumentNone) {
		said += " " + in.Text
	}
	view.Previews = r.previewsByKind(shown.Previews, said)
	view.Findings, view.Tells, view.Age = slices.Concat(r.audienceFindings(shown.Trace.What.Variants), r.outcomeFindings(shown)), r.toldItems(shown.Reply), ageThen(shown.Trace.When)
	return view, nil
}

// phraseIn returns the phrase that calls a keyword in a language, else in any.
func (r previewPart) phraseIn(doc console.Doc, language string) string {
	phrases := doc.Table("phrases")
	for _, l := range append([]string{language}, keywordPages(r).spokenFirst(phrases)...) {
		if list := linesOf(phrases, l); len(list) > 0 {
			return list[0]
		}
	}
	return ""
}

// outcomeFindings returns why the answer is not what the keyword is for.
func (r previewPart) outcomeFindings(shown console.KeywordPreviewed) []pages.Finding {
	switch {
	case shown.Trace.Error != "":
		return []pages.Finding{{Level: "warning", Text: r.t("preview.failed", "reason", shown.Trace.Error)}}
	case shown.Outcome == journal.Silent:
		return []pages.Finding{{Level: "info", Text: r.t("preview.silent")}}
	case shown.Outcome != journal.Answered:
		return []pages.Finding{{Level: "info", Text: r.t("preview.no_answer")}}
	}
	return nil
}

// previewsByKind returns the replies by kind of messenger, in the order of menus: the
// first channel of each. Where the publisher has no channel, the first of all stands for one.
func (r previewPart) previewsByKind(all []console.Preview, said string) (p pages.Previews) {
	rank := func(p console.Preview) int {
		i := slices.IndexFunc(r.Kinds.Messengers, func(k console.Kind) bool { return k.Name == p.Kind })
		if i < 0 {
			return len(r.Kinds.Messengers)
		}
		return i
	}
	slices.SortStableFunc(all, func(a, b console.Preview) int { return rank(a) - rank(b) })
	kinds := map[string]bool{}
	for _, one := range all {
		if kinds[one.Kind] {
			continue
		}
		kinds[one.Kind] = true
		if view := r.previewOf(one, said); one.Channel != "" {
			p.Own = append(p.Own, view)
		} else {
			p.Others = append(p.Others, view)
		}
	}
	if len(p.Own) == 0 && len(p.Others) > 0 {
		p.Own, p.Others = p.Others[:1], p.Others[1:]
	}
	return p
}

// previewTitle returns what the channel of a preview is called.
func (r *request) previewTitle(p console.Preview) string {
	if k, ok := r.Kinds.Messenger(p.Kind); ok {
		title, _ := k.In(r.language)
		return title
	}
	return p.Title
}

// previewOf returns the reply on one channel, behind what the reader said.
func (r previewPart) previewOf(p console.Preview, said string) pages.Preview {
	view := pages.Preview{Channel: p.Kind, Look: r.lookOf(p.Kind), Title: r.previewTitle(p), Note: p.Channel, Segments: p.Segments, Encoding: p.Encoding, Folded: p.Folded,
		Messages: []pages.Bubble{{Mine: true, Text: said}}}
	for _, m := range p.Messages {
		view.Messages = append(view.Messages, bubbleOf(m, view.Look))
		view.Characters += utf8.RuneCountInString(m.Text)
	}
	return view
}

// lookOf returns how a kind of messenger shows messages.
func (r *request) lookOf(kind string) string {
	k, _ := r.Kinds.Messenger(kind)
	return string(k.Look)
}

func bubbleOf(m console.WireMessage, look string) pages.Bubble {
	b := pages.Bubble{Text: cmp.Or(m.Plain, m.Text), Runs: runsOf(m, messengers.Look(look))}
	for _, medium := range m.Media {
		if medium.Type == what.Image && b.Image == "" {
			b.Image, b.Alt = webAddress(medium.URL), medium.Alt
		}
	}
	for _, button := range m.Buttons {
		b.Buttons = append(b.Buttons, button.Label)
	}
	for _, row := range m.Rows {
		b.Buttons = append(b.Buttons, row.Label)
	}
	return b
}

// findingsView is what a check found; Template holds what is wrong with the
// template, which stands at its field too.
type findingsView struct {
	Findings []pages.Finding
	Template []string
	// Live says that the part is fetched alone.
	Live bool
}

// workingForm returns the form of a keyword as it is at this moment, with who asks in the
// preview.
func (r keywordPages) workingForm() (*form, keywordView, error) {
	f, v, _, err := workingForm(r)
	if err != nil {
		return nil, v, err
	}
	for _, name := range []string{askText, askLanguage} {
		v.values[name] = r.PostForm[name]
	}
	return f, v, nil
}

// checkForm says what is wrong with the form, or doubtful.
func (r keywordPages) checkForm() error {
	f, v, err := r.workingForm()
	if err != nil {
		return err
	}
	found, err := r.findingsIn(f, v)
	if err != nil {
		return err
	}
	if r.wantsPart() {
		found.Live = true
		return r.showPart("part_findings", *found)
	}
	return r.showWith(http.StatusOK, f, v, keywordNotes{findings: found})
}

// findingsIn returns what a check finds in the form.
func (r keywordPages) findingsIn(f *form, v keywordView) (*findingsView, error) {
	checked, err := console.CheckKeyword.Call(r.callContext(), console.KeywordCheck{Of: r.publisherInput(), Keyword: f.typedDoc(v.values), ID: f.id})
	if err != nil {
		return nil, err
	}
	problems, _ := r.problemsOf(checked.Problems, string(catalogue.ResourceKeyword))
	return r.findingsOf(checked.Findings, checked.Failing, r.unfinished(v.values, problems)), nil
}

// unfinished leaves out what is only not yet typed: an empty form is no
// mistake.
func (r keywordPages) unfinished(values map[string][]string, problems settings.Problems) settings.Problems {
	return slices.DeleteFunc(slices.Clone(problems), func(p settings.Problem) bool {
		return p.Key == "required" && (p.Field == "phrases" || p.Field == "source" && firstOf(values, "source") == "")
	})
}

// findingsOf puts findings, why the source fails and problems into one list, the worst
// first; one that is both is told once.
func (r keywordPages) findingsOf(found []catalogue.Finding, failing string, problems settings.Problems) *findingsView {
	f := &findingsView{}
	told := map[string]bool{}
	add := func(level, text, path string) {
		if told[text] {
			return
		}
		told[text] = true
		finding := pages.Finding{Level: level, Text: text}
		if name := rootField(path); name != "" {
			finding.Where, finding.Href = r.fieldLabel(name), "#f-"+name
		}
		f.Findings = append(f.Findings, finding)
	}
	f.Template, _ = replyPart(r).replyProblems(problems)
	for _, p := range problems {
		add("error", p.Message, p.Field)
	}
	if failing != "" {
		add("error", r.t("keyword.notes_failing", "reason", failing), "source")
	}
	for _, severity := range []catalogue.Severity{catalogue.Error, catalogue.Warning} {
		for _, one := range found {
			if one.Severity == severity {
				add(string(severity), one.Labelled(r.fieldLabelOf).In(r.language), one.Path)
			}
		}
	}
	return f
}

// fieldLabel returns what a keyword's field is called on its form.
func (r keywordPages) fieldLabel(name string) string {
	f, err := r.newForm(r.resource(), &catalogue.Keyword{}, "keyword.", name)
	if err != nil {
		return name
	}
	return f.own.Fields[0].Label
}

// rootField returns the field that a path begins with.
func rootField(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}
