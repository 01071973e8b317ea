package console

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// maxText is how long one text within a document may be, in bytes, whatever
// the field itself allows.
const maxText = 64 << 10

// review collects what is wrong with a document, all of it at once.
type review struct {
	problems settings.Problems
	// mistake is this program's, not that of the document's author.
	mistake error
}

// addProblem notes a problem of those that package settings knows.
func (r *review) addProblem(field, key string, args ...any) {
	r.problems = append(r.problems, settings.NewProblem(field, key, args...))
}

// addDocProblem notes a problem that only documents have; args are pairs of name and
// value.
func (r *review) addDocProblem(field, key string, args ...any) {
	filled := make(words.Args, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i].(string)] = args[i+1]
	}
	r.problems = append(r.problems, settings.Wrong(field, words.Text{Key: key, Args: filled}))
}

// resourceOf returns the name of a resource within a sentence.
func resourceOf(resource string) words.Text { return words.Text{Key: "noun." + resource} }

// addFillErrors notes what a fill found, below prefix. A field with a problem needs no
// second one.
func (r *review) addFillErrors(prefix string, err error) {
	var found settings.Problems
	switch {
	case err == nil:
		return
	case !errors.As(err, &found):
		r.mistake = errors.Join(r.mistake, err)
		return
	}
	known := len(r.problems)
	for _, p := range found {
		if p.Field = prefix + p.Field; !hasProblem(r.problems[:known], p.Field) {
			r.problems = append(r.problems, p)
		}
	}
}

// hasProblem reports whether one of the problems is about that very field.
func hasProblem(problems settings.Problems, field string) bool {
	return slices.ContainsFunc(problems, func(p settings.Problem) bool { return p.Field == field })
}

// problemAbout reports whether one of the problems is about the field, a part of it, or
// what it is a part of.
func (r *review) problemAbout(field string) bool {
	return slices.ContainsFunc(r.problems, func(p settings.Problem) bool {
		return pathWithin(p.Field, field) || pathWithin(field, p.Field)
	})
}

// pathWithin reports whether a path is another or leads below it.
func pathWithin(path, whole string) bool {
	rest, ok := strings.CutPrefix(path, whole)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// plainDoc returns what was given for a resource with values as JSON has them, whichever
// face it came by, and notes every text that is too long, wherever it stands.
func (r *review) plainDoc(n catalogue.Resource, d Doc) Doc {
	all, _ := r.plainValue(string(n), map[string]any(d)).(map[string]any)
	return all
}

func (r *review) plainValue(at string, v any) any {
	switch v := v.(type) {
	case string:
		if len(v) > maxText {
			r.addDocProblem(at, "document.too_long", "got", strconv.Itoa(len(v)))
		}
		return strings.ToValidUTF8(v, "\uFFFD")
	case []any:
		all := make([]any, len(v))
		for i, inner := range v {
			all[i] = r.plainValue(at+"["+strconv.Itoa(i)+"]", inner)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all[strings.ToValidUTF8(name, "\uFFFD")] = r.plainValue(at+"."+name, v[name])
		}
		return all
	case Doc:
		return r.plainValue(at, map[string]any(v))
	case []string:
		all := make([]any, len(v))
		for i, text := range v {
			all[i] = text
		}
		return r.plainValue(at, all)
	}
	return v
}

// fillDraft fills the struct that v points to from a document as far as it is good.
func (r *review) fillDraft(n catalogue.Resource, v any, d Doc, checks settings.Checks) {
	r.addFillErrors(string(n)+".", settings.Draft(v, d, checks))
}

// addUnknownName notes an unknown name, with the nearest known one.
func (r *review) addUnknownName(field, resource, name string, known []string) {
	switch nearest := settings.Nearest(name, known); {
	case nearest != "":
		r.addDocProblem(field, "document.unknown_near", "noun", resourceOf(resource), "got", name, "nearest", nearest)
	case len(known) == 0:
		r.addDocProblem(field, "document.none", "noun", resourceOf(resource), "got", name)
	default:
		r.addDocProblem(field, "document.unknown", "noun", resourceOf(resource), "got", name, "known", strings.Join(known, ", "))
	}
}

// err returns what the review came to.
func (r *review) err() error {
	switch {
	case r.mistake != nil:
		return r.mistake
	case len(r.problems) > 0:
		return r.problems
	}
	return nil
}

// kept is what a draft replaces: where its secrets come from.
type kept struct {
	kind     string
	settings map[string]any
}

// kindSettings judges what is given to a kind, at resource.kind and resource.settings,
// and returns it with the secrets that its masks stand for.
func (r *review) kindSettings(resource string, kinds []Kind, name string, given map[string]any, was kept, checks settings.Checks) map[string]any {
	k, ok := findKind(kinds, name)
	if !ok {
		if name != "" && !r.problemAbout(resource+".kind") {
			r.addUnknownName(resource+".kind", "kind", name, kindNames(kinds))
		}
		return given
	}
	if was.kind != name {
		was.settings = nil
	}
	values, err := settings.KeepSecrets(k.New(), given, was.settings)
	if err != nil {
		r.mistake = errors.Join(r.mistake, err)
		return given
	}
	r.checkSecretsUnmoved(resource+".settings.", k, given, was.settings)
	if !hasProblem(r.problems, resource+".settings") {
		r.addFillErrors(resource+".settings.", settings.FillWith(k.New(), values, checks))
	}
	return values
}

func kindNames(kinds []Kind) []string {
	all := make([]string, len(kinds))
	for i, k := range kinds {
		all[i] = k.Name
	}
	return all
}
