package settings

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Fill sets the struct that dst points to from values, as they come out of
// TOML or JSON. It is strict: unknown names, wrong types and failed checks are
// all reported at once as Problems, and then nothing of dst is changed. A
// value that is nil counts as not given. Any other error is a mistake in the
// struct. Checks that this package doesn't know are left to FillWith.
func Fill(dst any, values map[string]any) error {
	return FillWith(dst, values, nil)
}

// FillWith is Fill with checks that this package doesn't know. Where checks is
// not nil, a check tag that names none of either is an error.
func FillWith(dst any, values map[string]any, checks Checks) error {
	filled, problems, err := draft(dst, values, checks)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return problems
	}
	reflect.ValueOf(dst).Elem().Set(filled)
	return nil
}

// Draft is FillWith for those who want to look further in spite of problems: a
// form shown again, a file whose later parts are to be judged too. dst is set
// as far as values are good; rows keep their places.
func Draft(dst any, values map[string]any, checks Checks) error {
	filled, problems, err := draft(dst, values, checks)
	if err != nil {
		return err
	}
	reflect.ValueOf(dst).Elem().Set(filled)
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func draft(dst any, values map[string]any, checks Checks) (reflect.Value, Problems, error) {
	s, old, err := describeStruct(dst)
	if err != nil {
		return old, nil, err
	}
	if err := s.checkRulesKnown(checks); err != nil {
		return old, nil, err
	}
	filled := reflect.New(s.typ).Elem()
	filled.Set(old)
	f := filler{checks: checks, root: s}
	f.fillStruct(filled, s, values, "")
	return filled, f.problems, nil
}

// checkRulesKnown reports a check that neither this package nor checks knows.
func (s *spec) checkRulesKnown(checks Checks) error {
	for _, e := range s.fields {
		for _, r := range e.rules {
			mine := r.name == "min" || r.name == "max" || textCheck(r.name) != nil
			if checks != nil && !mine && checks[r.name] == nil {
				return fmt.Errorf("settings: %s: nobody knows the check %q", e.Name, r.name)
			}
		}
		if e.inner == nil {
			continue
		}
		if err := e.inner.checkRulesKnown(checks); err != nil {
			return err
		}
	}
	return nil
}

// filler collects the problems of one fill.
type filler struct {
	checks   Checks
	root     *spec
	problems Problems
}

func (f *filler) reportProblem(path, key string, args ...any) {
	f.problems = append(f.problems, NewProblem(path, key, args...))
}

// fillStruct sets v, which holds defaults; path ends in a point or is empty.
func (f *filler) fillStruct(v reflect.Value, s *spec, values map[string]any, path string) {
	before := len(f.problems)
	f.reportUnknown(s, values, path)
	for _, e := range s.fields {
		target, raw := v.FieldByIndex(e.index), values[e.Name]
		if raw == nil {
			f.absent(e, target, path)
			continue
		}
		at := path + e.Name
		filled, ok := f.convertField(e, raw, target, at)
		if filled.IsValid() {
			target.Set(filled)
		}
		if ok {
			f.checkField(e, target, at)
		}
	}
	if c, ok := v.Addr().Interface().(Checker); ok {
		known := f.problems[before:]
		for _, p := range c.Check() {
			if p.Field = path + p.Field; !known.coverField(p.Field) {
				f.problems = append(f.problems, p)
			}
		}
	}
}

func (f *filler) reportUnknown(s *spec, values map[string]any, path string) {
	var unknown []string
	for name := range values {
		if _, ok := s.byName[name]; !ok {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		if nearest := Nearest(name, s.fieldNames()); nearest != "" {
			f.reportProblem(path+name, "unknown_nearest", "nearest", nearest)
			continue
		}
		if places := f.root.placesOf(name, ""); len(places) == 1 {
			f.reportProblem(path+name, "unknown_nearest", "nearest", places[0])
			continue
		}
		f.reportProblem(path+name, "unknown", "known", strings.Join(s.fieldNames(), ", "))
	}
}

// placesOf returns the paths of the fields of a name, here and in what is nested.
func (s *spec) placesOf(name, path string) (places []string) {
	if _, ok := s.byName[name]; ok {
		places = append(places, path+name)
	}
	for _, e := range s.fields {
		if e.inner != nil {
			places = append(places, e.inner.placesOf(name, path+e.Name+".")...)
		}
	}
	return places
}

// absent looks after a field that was not given: a required one must have a
// default, and a section may hold required fields of its own.
func (f *filler) absent(e entry, target reflect.Value, path string) {
	if e.Type == Section {
		f.fillStruct(target, e.inner, nil, path+e.Name+".")
		return
	}
	if e.Required && empty(target) {
		f.reportProblem(path+e.Name, "required")
	}
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

// checkField applies the field's rules to a value of the right type.
func (f *filler) checkField(e entry, v reflect.Value, at string) {
	if empty(v) && !slices.Contains([]Type{Number, Toggle, Duration, Size}, e.Type) {
		if e.Required {
			f.reportProblem(at, "required")
		}
		return
	}
	for _, r := range e.rules {
		if c := r.checkBounds(e, v); c != nil {
			f.reportProblem(at, c.key, c.args...)
		}
		for _, t := range texts(e.Type, v, r.keys) {
			if c := r.checkText(t.text, f.checks, e.Secret && !r.keys); c != nil {
				f.reportProblem(at+t.path, c.key, c.args...)
			}
		}
	}
}

// placed is one text within a value, with its path from there.
type placed struct {
	path string
	text string
}

// texts lists the texts that a check of single texts applies to: the names of
// a map where keys is set, else its values. Empty ones are left out.
func texts(t Type, v reflect.Value, keys bool) []placed {
	var all []placed
	add := func(path, text string) {
		if text != "" {
			all = append(all, placed{path, text})
		}
	}
	switch t {
	case Text, URL, Hidden:
		add("", v.String())
	case Lines:
		for i := range v.Len() {
			add(indexPath(i), v.Index(i).String())
		}
	case Pairs, Localised, Lists:
		for _, name := range sortedKeys(v) {
			value := v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
			switch {
			case keys:
				add("."+name, name)
			case t == Lists:
				for i := range value.Len() {
					add("."+name+indexPath(i), value.Index(i).String())
				}
			default:
				add("."+name, value.String())
			}
		}
	}
	return all
}

func indexPath(i int) string { return "[" + strconv.Itoa(i) + "]" }

func sortedKeys(m reflect.Value) []string {
	keys := make([]string, 0, m.Len())
	for _, k := range m.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.Sort(keys)
	return keys
}
