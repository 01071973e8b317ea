package console

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what/textform"
)

// Doc is a thing of a publisher as every face sees it: the names and values
// that settings.Fill takes, with secrets masked. A secret that comes back as
// the mask means the one that is there.
type Doc map[string]any

// docOf takes the struct that v points to apart. Settings of a kind in it
// must have been masked before.
func docOf(v any) (Doc, error) {
	values, err := settings.Values(v)
	if err != nil {
		return nil, fmt.Errorf("take apart: %w", err)
	}
	return values, nil
}

// withField returns a copy of the document in which a field is another.
func (d Doc) withField(name string, value any) Doc {
	next := make(Doc, len(d)+1)
	maps.Copy(next, d)
	next[name] = value
	return next
}

// Text returns a field that is a text, else "".
func (d Doc) Text(name string) string {
	s, _ := d[name].(string)
	return s
}

// Table returns a field that is a table, else nil.
func (d Doc) Table(name string) Doc {
	t, _ := d[name].(map[string]any)
	return t
}

// maskSettings returns the settings of a kind for showing. Nobody knows the secrets
// of a kind that is not there, so that all its texts are masked.
func maskSettings(kinds []Kind, name string, values map[string]any) (map[string]any, error) {
	k, ok := findKind(kinds, name)
	if !ok {
		shown, _ := maskTexts(values).(map[string]any)
		return shown, nil
	}
	shown, err := settings.MaskSecrets(k.New(), values)
	if err != nil {
		return nil, fmt.Errorf("kind %s: %w", name, err)
	}
	return shown, nil
}

// maskTexts returns a copy of a value with every text in it masked.
func maskTexts(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			out[name] = maskTexts(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = maskTexts(inner)
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

// Standing is what an entry tells beside the thing itself.
type Standing struct {
	Version string    `json:"version" doc:"Changes with every change; 0 for what stands in the configuration file."`
	Changed time.Time `json:"changed,omitzero" doc:"When it was last changed."`
	By      string    `json:"by,omitempty" doc:"Who changed it last."`
	// Provisioned things stand in the configuration file and are changed there
	// alone.
	Provisioned bool `json:"provisioned,omitempty" doc:"It stands in the configuration file and is changed there alone."`
}

// ETag returns the version.
func (s Standing) ETag() string { return s.Version }

func standingOf(pub *catalogue.Setup, m catalogue.Meta) Standing {
	return Standing{Version: m.ETag(), Changed: m.Changed, By: m.By, Provisioned: pub.Provisioned}
}

// State says in one word how a source or channel is doing.
type State string

// The states.
const (
	// Idle: nobody has asked it since the server began.
	Idle State = "idle"
	// OK: it did what was last asked of it.
	OK State = "ok"
	// Doubtful: it works, with something odd.
	Doubtful State = "warning"
	// Bad: it did not do what was last asked of it, or cannot be opened.
	Bad State = "bad"
)

// checkSecretsUnmoved notes every secret that was kept by its mask although an address
// among the settings has another host now: who may not see a secret must not be able
// to send it elsewhere.
func (r *review) checkSecretsUnmoved(at string, k Kind, given, was map[string]any) {
	fields, err := settings.Fields(k.New())
	if err != nil || was == nil || !hostMoved(fields, given, was) {
		return
	}
	for _, f := range fields {
		if _, had := was[f.Name]; had && f.Secret && holdsMask(given[f.Name]) && !hasProblem(r.problems, at+f.Name) {
			r.addDocProblem(at+f.Name, "document.again")
		}
	}
}

// hostMoved reports whether an address has another host, or came or went.
func hostMoved(fields []settings.Field, given, was map[string]any) bool {
	for _, f := range fields {
		if f.Type == settings.URL && hostOf(given, f) != hostOf(was, f) {
			return true
		}
	}
	return false
}

// hostOf returns that of an address, with its scheme; of the default where none is
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

// holdsMask reports whether a value is the mask, or holds it anywhere.
func holdsMask(v any) bool {
	switch v := v.(type) {
	case string:
		return v == settings.Mask
	case []any:
		return slices.ContainsFunc(v, holdsMask)
	case map[string]any:
		for _, inner := range v {
			if holdsMask(inner) {
				return true
			}
		}
	}
	return false
}

// maxID is the length of an id; settings' check "id" holds it.
const maxID = 32

// slug writes a name in the letters that ids are made of; "" where none is
// left, as of a name in another script.
func slug(name string) string {
	var b strings.Builder
	for _, r := range textform.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxID {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// makeID makes an id of what a thing is called, of otherwise where that
// gives none, with a number where somebody else has it.
func makeID(name, otherwise string, taken func(id string) bool) string {
	base := slug(name)
	if base == "" {
		base = otherwise
	}
	id := base
	for n := 2; taken(id); n++ {
		number := "-" + strconv.Itoa(n)
		id = strings.TrimRight(base[:min(len(base), maxID-len(number))], "-") + number
	}
	return id
}
