package settings

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// maxDepth ends the descent into rows and sections, so that a struct that
// holds itself is an error.
const maxDepth = 6

// Defaulter is the option of a struct used as a row: it sets the defaults of a
// new one before it is filled.
type Defaulter interface {
	Defaults()
}

// Checker is the option of a struct whose fields depend on each other, or on
// more than a tag can say. Check is called on what could be filled, so that
// all problems are found at once; those of a field that has one already are
// dropped. The problems' fields are the names of the struct's own.
type Checker interface {
	Check() Problems
}

// spec is a struct type, read once.
type spec struct {
	typ    reflect.Type
	fields []entry
	byName map[string]int
}

// entry is one field of a spec.
type entry struct {
	Field
	index []int
	typ   reflect.Type
	rules []rule
	inner *spec
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	timeType     = reflect.TypeFor[time.Time]()
	sizeType     = reflect.TypeFor[Bytes]()
	secretType   = reflect.TypeFor[Secret]()
)

// describeStruct reads the struct type that v points to; the value is the struct.
func describeStruct(v any) (*spec, reflect.Value, error) {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Struct {
		return nil, reflect.Value{}, fmt.Errorf("settings: %T is not a pointer to a struct", v)
	}
	s, err := specOf(p.Elem().Type())
	if err != nil {
		return nil, reflect.Value{}, fmt.Errorf("settings: %w", err)
	}
	return s, p.Elem(), nil
}

// specs holds what has been read, by type: the tags of a struct never change,
// and a page that shows many of its kind would read them each time.
var specs sync.Map

func specOf(t reflect.Type) (*spec, error) {
	if s, ok := specs.Load(t); ok {
		if known, ok := s.(*spec); ok {
			return known, nil
		}
	}
	s, err := read(t, 0)
	if err != nil {
		return nil, err
	}
	specs.Store(t, s)
	return s, nil
}

func read(t reflect.Type, depth int) (*spec, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: rows within rows go deeper than %d", t, maxDepth)
	}
	s := &spec{typ: t, byName: map[string]int{}}
	if err := s.add(t, nil, depth); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *spec) add(t reflect.Type, index []int, depth int) error {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int{}, index...), i)
		if f.Tag.Get("settings") == "inline" && f.Type.Kind() == reflect.Struct {
			if err := s.add(f.Type, at, depth); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() || f.Tag.Get("name") == "-" {
			continue
		}
		e, err := readEntry(f, depth)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		e.index = at
		if _, twice := s.byName[e.Name]; twice {
			return fmt.Errorf("%s.%s: a second field is named %q", t, f.Name, e.Name)
		}
		s.byName[e.Name] = len(s.fields)
		s.fields = append(s.fields, e)
	}
	return nil
}

func readEntry(f reflect.StructField, depth int) (entry, error) {
	tag := f.Tag
	e := entry{typ: f.Type, Field: Field{
		Name: tag.Get("name"), Label: tag.Get("label"), Help: tag.Get("help"), Example: tag.Get("example"),
		Secret: tag.Get("secret") == "true", More: tag.Get("more") == "true", Group: tag.Get("group"), Local: tag.Get("local") == "true",
	}}
	if e.Name == "" {
		return e, fmt.Errorf("an exported field needs a name tag (name:\"-\" leaves it out)")
	}
	if choices, ok := tag.Lookup("choices"); ok {
		e.Choices = strings.Split(choices, ",")
	}
	var err error
	if e.Is, err = readRole(tag.Get("is")); err != nil {
		return e, err
	}
	if err := e.readType(tag.Get("settings"), depth); err != nil {
		return e, err
	}
	if names, ok := tag.Lookup("names"); ok {
		e.Names = strings.Split(names, ",")
	}
	if (e.Is == Spots) != (e.Names != nil) || e.Is == Spots && e.Type != Pairs {
		return e, fmt.Errorf("names are those of pairs that say where values stand")
	}
	if e.Type == Hidden {
		e.Secret = true
	}
	if e.Secret && e.Type != Hidden && e.Type != Text && e.Type != Pairs {
		return e, fmt.Errorf("type %s can't be secret", e.Type)
	}
	return e, e.readChecks(tag.Get("check"))
}

func (e *entry) readType(option string, depth int) (err error) {
	t := e.typ
	switch {
	case t == secretType:
		e.Type = Hidden
	case t == durationType || t == reflect.PointerTo(durationType):
		e.Type = Duration
	case t == sizeType || t == reflect.PointerTo(sizeType):
		e.Type = Size
	case t == timeType || t == reflect.PointerTo(timeType):
		e.Type = Time
	case option == "localised" && isMapOf(t, reflect.String):
		e.Type = Localised
	case t.Kind() == reflect.Struct:
		e.Type = Section
		e.inner, err = read(t, depth+1)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && t.Elem() != timeType:
		e.Type = Rows
		e.inner, err = read(t.Elem(), depth+1)
	default:
		e.Type = e.plainType()
	}
	if e.Type == "" {
		return fmt.Errorf("%s is none of the types of settings", t)
	}
	return err
}

func (e *entry) plainType() Type {
	t := e.typ
	switch {
	case t.Kind() == reflect.String && e.Choices != nil:
		return Choice
	case t.Kind() == reflect.String:
		return Text
	case t.Kind() == reflect.Bool:
		return Toggle
	case reflect.Int <= t.Kind() && t.Kind() <= reflect.Uint64:
		return Number
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return Lines
	case isMapOf(t, reflect.String):
		return Pairs
	case isMapOf(t, reflect.Slice) && t.Elem().Elem().Kind() == reflect.String:
		return Lists
	case isMapOf(t, reflect.Interface):
		return Raw
	}
	return ""
}

func isMapOf(t reflect.Type, elem reflect.Kind) bool {
	return t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && t.Elem().Kind() == elem
}

// readChecks parts the tag into the rules that follow from it.
func (e *entry) readChecks(tag string) error {
	var rest []string
	for _, check := range strings.Split(tag, ",") {
		switch check {
		case "":
		case "required":
			e.Required = true
		default:
			r, err := readRule(check, e.Type)
			if err != nil {
				return err
			}
			if r.name == "url" && e.Type == Text {
				e.Type = URL
			}
			e.rules = append(e.rules, r)
			rest = append(rest, check)
		}
	}
	e.Check = strings.Join(rest, ",")
	return nil
}

func (s *spec) fieldNames() []string {
	names := make([]string, len(s.fields))
	for i, e := range s.fields {
		names[i] = e.Name
	}
	return names
}

// newStruct returns a new struct of the spec's type with its defaults.
func (s *spec) newStruct() reflect.Value {
	p := reflect.New(s.typ)
	if d, ok := p.Interface().(Defaulter); ok {
		d.Defaults()
	}
	return p.Elem()
}

// publicFields describes the fields for outside, v giving the defaults.
func (s *spec) publicFields(v reflect.Value) []Field {
	fields := make([]Field, len(s.fields))
	for i, e := range s.fields {
		f, value := e.Field, v.FieldByIndex(e.index)
		switch {
		case e.Type == Rows:
			f.Fields = e.inner.publicFields(e.inner.newStruct())
		case e.Type == Section:
			f.Fields = e.inner.publicFields(value)
		case !e.Secret:
			f.Default = e.presetValue(value)
		}
		fields[i] = f
	}
	return fields
}

// presetValue returns a field's default: nil where it is empty or, as a number, outside
// of its own bounds, which is how "not set" looks.
func (e entry) presetValue(v reflect.Value) any {
	if v.IsZero() && e.Type != Toggle && (e.Type != Number || !e.allowsValue(v)) {
		return nil
	}
	return e.plainValue(v)
}

func (e entry) allowsValue(v reflect.Value) bool {
	for _, r := range e.rules {
		if r.checkBounds(e, v) != nil {
			return false
		}
	}
	return true
}
