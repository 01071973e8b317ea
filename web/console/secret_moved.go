package console

import (
	"net/url"

	"keypull/pull/settings"
)

// unmoved notes every secret that was kept by its mask although an address
// among the settings has another host now: who may not see a secret must not
// have it sent to a place of his own either.
func (r *review) unmoved(at string, k Kind, given, was map[string]any) {
	fields, err := settings.Fields(k.New())
	if err != nil || was == nil || !moved(fields, given, was) {
		return
	}
	for _, f := range fields {
		if _, had := was[f.Name]; had && f.Secret && holdsMask(given[f.Name]) && !has(r.problems, at+f.Name) {
			r.wrong(at+f.Name, "document.again")
		}
	}
}

// moved says whether an address has another host, or came or went.
func moved(fields []settings.Field, given, was map[string]any) bool {
	for _, f := range fields {
		if f.Type == settings.URL && hostOf(given, f) != hostOf(was, f) {
			return true
		}
	}
	return false
}

// hostOf is that of an address, with its scheme; of the default where none is
// given.
func hostOf(values map[string]any, f settings.Field) string {
	text, ok := values[f.Name].(string)
	if !ok || text == "" {
		text, _ = f.Default.(string)
	}
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	return u.Scheme + "://" + u.Host
}

// holdsMask says whether a value is the mask, or holds it anywhere.
func holdsMask(v any) bool {
	switch v := v.(type) {
	case string:
		return v == settings.Mask
	case []any:
		for _, inner := range v {
			if holdsMask(inner) {
				return true
			}
		}
	case map[string]any:
		for _, inner := range v {
			if holdsMask(inner) {
				return true
			}
		}
	}
	return false
}
