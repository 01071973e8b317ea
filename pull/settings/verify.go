package settings

import (
	"fmt"
	"reflect"
)

// Verify is for the tests of kinds: it returns an error where the struct that
// v points to can't be described or its checks are known to nobody, where a
// field at any depth has no label or help, where a default fails its own
// check, where a required field has no example of its own or its row's, or
// where one that must be filled in is folded away as more.
func Verify(v any, checks Checks) error {
	s, value, err := describeStruct(v)
	if err != nil {
		return err
	}
	if checks == nil {
		checks = Checks{}
	}
	if err := s.checkRulesKnown(checks); err != nil {
		return err
	}
	f := filler{checks: checks}
	if err := f.verify(s, value, "", false); err != nil {
		return err
	}
	if len(f.problems) > 0 {
		return fmt.Errorf("settings: the defaults: %w", f.problems)
	}
	return nil
}

// verify looks at one struct; shown says that an example of the whole stands
// above its fields.
func (f *filler) verify(s *spec, v reflect.Value, path string, shown bool) error {
	for _, e := range s.fields {
		at, field := path+e.Name, v.FieldByIndex(e.index)
		if e.Label == "" || e.Help == "" {
			return fmt.Errorf("settings: %s needs a label and a help", at)
		}
		if !shown && e.lacksExample(field) {
			return fmt.Errorf("settings: %s is required and needs an example", at)
		}
		if e.More && e.Required && e.presetValue(field) == nil {
			return fmt.Errorf("settings: %s is required and can't be folded as more", at)
		}
		switch {
		case e.Type == Rows:
			field = e.inner.newStruct()
		case e.Type != Section && !field.IsZero():
			f.checkField(e, field, at)
		}
		if e.inner == nil {
			continue
		}
		if err := f.verify(e.inner, field, at+".", shown || e.Example != ""); err != nil {
			return err
		}
	}
	return nil
}

func (e entry) lacksExample(v reflect.Value) bool {
	return e.Required && e.Example == "" && !e.Secret && e.inner == nil && e.presetValue(v) == nil
}
