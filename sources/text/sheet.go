package text

import (
	"errors"
	"regexp"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/sheet"
	"keypull/pull/words"
	"keypull/sources"
)

// Bounds of a table or a text of answers.
const (
	maxAnswers  = 2000
	maxProblems = 20
)

// readFile reads a file of answers, and names what was guessed of its encoding. The
// error is about the setting.
func readFile(path string, languages []string) (text, guessed string, err error) {
	body, _, err := sources.ReadFile(path, sheet.MaxBytes, "")
	if err != nil {
		return "", "", &pull.Error{Kind: pull.Invalid, Op: "read answers", Field: "file", Hint: own.Text("file_unreadable", nil), Err: err}
	}
	body, guessed = sources.Encoded{Languages: languages}.UTF8(body)
	return string(body), guessed, nil
}

// readSheet reads answers: as Markdown where a line is a heading, else as a
// table. wrong says of each line at fault what is.
func readSheet(text string) (all []Answer, wrong []words.Text) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if heading.MatchString(text) {
		all, wrong = readMarkdown(text)
	} else {
		all, wrong = readTable(text)
	}
	return all, wrong[:min(len(wrong), maxProblems)]
}

func atLine(line int, reason words.Text) words.Text {
	return words.Text{Key: "sheet.line", Args: words.Args{"line": line, "reason": reason}}
}

// heads are other words for columns, as people write them.
var heads = map[string]string{
	"question": "questions", "frage": "questions", "fragen": "questions", "pregunta": "questions", "preguntas": "questions", "q": "questions",
	"answer": "text", "antwort": "text", "réponse": "text", "respuesta": "text", "risposta": "text", "a": "text", "domanda": "questions",
	"titel": "title", "titre": "title", "título": "title", "url": "link", "sprache": "language", "langue": "language", "idioma": "language", "lang": "language",
}

// readTable reads a table whose first line names the columns.
func readTable(text string) (all []Answer, wrong []words.Text) {
	fields, err := settings.Fields(&Answer{})
	if err != nil {
		return nil, []words.Text{words.Said(err)}
	}
	read := sheet.Read(named(text), fields, maxAnswers, nil)
	for _, p := range read.Problems {
		wrong = append(wrong, atLine(p.Line, p.Said))
	}
	for _, row := range read.Rows {
		values := map[string]any{}
		for name, v := range row.Values {
			if v != nil {
				values[name] = v
			}
		}
		var a Answer
		var problems settings.Problems
		switch err := settings.Fill(&a, values); {
		case err == nil:
			all = append(all, a)
		case errors.As(err, &problems):
			for _, p := range problems {
				wrong = append(wrong, atLine(row.Line, own.Text("column", words.Args{"column": p.Field, "reason": p.Said()})))
			}
		default:
			wrong = append(wrong, atLine(row.Line, words.Said(err)))
		}
	}
	return all, wrong
}

// named returns a table with the names of its columns as they are known here.
func named(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	head, rest, _ := strings.Cut(text, "\n")
	head = word.ReplaceAllStringFunc(head, func(name string) string {
		if known := heads[strings.ToLower(name)]; known != "" {
			return known
		}
		return strings.ToLower(name)
	})
	return head + "\n" + rest
}

var (
	word    = regexp.MustCompile(`[\pL\pM]+`)
	heading = regexp.MustCompile(`(?m)^(#{1,6})[ \t]+(\S.*)$`)
	closing = regexp.MustCompile(`[ \t]#+[ \t]*$`)
	linked  = regexp.MustCompile(`!?\[([^\]\n]*)\]\((https?://[^)\s]+)\)`)
	strong  = regexp.MustCompile("\\*\\*|__|`")
	bullet  = regexp.MustCompile(`(?m)^[ \t]*[-*+][ \t]+`)
	alone   = regexp.MustCompile(`^(?:\[[^\]\n]*\]\((https?://[^)\s]+)\)|<?(https?://[^>\s]+)>?)$`)
)

// readMarkdown reads a text whose headings are the questions: those of one
// level that follow each other are wordings of one, and so are the parts of one
// that a bar parts. A heading above others of a lower level is no question.
func readMarkdown(text string) (all []Answer, wrong []words.Text) {
	var asked []string
	var body []string
	level, line, from := 0, 0, 0
	end := func() {
		switch answer := strings.TrimSpace(strings.Join(body, "\n")); {
		case len(asked) == 0:
		case answer == "":
			wrong = append(wrong, atLine(from, own.Text("no_text", nil)))
		case len(all) == maxAnswers:
		default:
			all = append(all, written(asked, answer))
		}
		asked, body = nil, nil
	}
	for text := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line++
		m := heading.FindStringSubmatch(text)
		if m == nil {
			body = append(body, text)
			continue
		}
		empty := strings.TrimSpace(strings.Join(body, "")) == ""
		switch {
		case !empty || len(m[1]) < level:
			end()
		case len(m[1]) > level:
			asked = nil // what stood above was the name of a part
		}
		if len(asked) == 0 {
			from = line
		}
		level, body = len(m[1]), nil
		for q := range strings.SplitSeq(closing.ReplaceAllString(m[2], ""), "|") {
			if q = sources.Line(strong.ReplaceAllString(linked.ReplaceAllString(q, "$1"), "")); q != "" {
				asked = append(asked, q)
			}
		}
	}
	end()
	return all, wrong
}

// written returns an answer without the marks of Markdown; a last line that is
// nothing but a link is the answer's own.
func written(asked []string, text string) Answer {
	a := Answer{Questions: asked}
	before, last := "", text
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		before, last = text[:i], text[i+1:]
	}
	if m := alone.FindStringSubmatch(strings.TrimSpace(last)); m != nil && strings.TrimSpace(before) != "" {
		a.Link, text = m[1]+m[2], before
	}
	text = linked.ReplaceAllString(text, "$1 ($2)")
	a.Text = sources.Shorten(strings.TrimSpace(bullet.ReplaceAllString(strong.ReplaceAllString(text, ""), "• ")), maxText)
	return a
}

// maxText is how long an answer may be, in characters.
const maxText = 8000
