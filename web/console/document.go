package console

import (
	"fmt"
	"maps"

	"keypull/pull/settings"
)

// Doc is a thing of a publisher as every face sees it: the names and values
// that settings.Fill takes, with secrets masked. A secret that comes back as
// the mask means the one that is there.
type Doc map[string]any

// document takes the struct that v points to apart. Settings of a kind in it
// must have been masked before.
func document(v any) (Doc, error) {
	values, err := settings.Values(v)
	if err != nil {
		return nil, fmt.Errorf("take apart: %w", err)
	}
	return values, nil
}

// with returns a copy of the document in which a field is another.
func (d Doc) with(name string, value any) Doc {
	next := make(Doc, len(d)+1)
	maps.Copy(next, d)
	next[name] = value
	return next
}

// text returns a field that is a text, else "".
func (d Doc) text(name string) string {
	s, _ := d[name].(string)
	return s
}

// table returns a field that is a table, else nil.
func (d Doc) table(name string) map[string]any {
	t, _ := d[name].(map[string]any)
	return t
}

// masked returns the settings of a kind for showing. Nobody knows the secrets
// of a kind that is not there, so that all its texts are masked.
func masked(kinds []Kind, name string, values map[string]any) (map[string]any, error) {
	k, ok := find(kinds, name)
	if !ok {
		shown, _ := covered(values).(map[string]any)
		return shown, nil
	}
	shown, err := settings.MaskSecrets(k.New(), values)
	if err != nil {
		return nil, fmt.Errorf("kind %s: %w", name, err)
	}
	return shown, nil
}

// covered returns a copy of a value with every text in it masked.
func covered(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			out[name] = covered(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = covered(inner)
		}
		return out
	case bool, float64, int64, nil:
		return v
	case string:
		if v == "" {
			return v
		}
	}
	return settings.Mask
}
