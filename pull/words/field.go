package words

import "maps"

// Field is a setting that a sentence speaks of, as an argument of a Text: it is
// told as files and programs write it, "tie = true", unless whoever shows the
// sentence knows what its form calls it; see Labelled.
type Field struct {
	// Name is the setting's, Value what it is to be, as a file writes it; "" where
	// the sentence says that itself.
	Name, Value string
}

// String returns the setting as files write it.
func (f Field) String() string {
	if f.Value == "" {
		return f.Name
	}
	return f.Name + " = " + f.Value
}

// Labelled returns the text with settings called as label calls them; one of which it
// does not know stays as it is.
func (t Text) Labelled(label func(Field) (Text, bool)) Text {
	if len(t.Args) == 0 {
		return t
	}
	t.Args = maps.Clone(t.Args)
	for name, value := range t.Args {
		switch v := value.(type) {
		case Field:
			if called, ok := label(v); ok {
				t.Args[name] = called
			}
		case Text:
			t.Args[name] = v.Labelled(label)
		case []Text:
			all := make([]Text, 0, len(v))
			for _, one := range v {
				if one = one.Labelled(label); !one.isUnnamed() {
					all = append(all, one)
				}
			}
			t.Args[name] = all
		}
	}
	return t
}

// listed is the sentence, and the place in it, of a setting in a list.
const listed = "said"

// isUnnamed reports whether the text is a setting of a list that its form calls nothing.
func (t Text) isUnnamed() bool {
	name, ok := t.Args[listed].(Text)
	return t.Key == listed && ok && name.IsZero()
}

// Fields returns a list of settings; one that label calls nothing is left out.
func Fields(names ...string) []Text {
	all := make([]Text, len(names))
	for i, name := range names {
		all[i] = Text{Key: listed, Args: Args{listed: Field{Name: name}}}
	}
	return all
}
