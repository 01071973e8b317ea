package messengertest

import (
	"maps"
	"net/http"
	"net/http/httptest"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// account asks for what is said of the account before it is saved: a platform
// that is away refuses nobody, and what the kind leaves to be made will do.
func (c Case) account(t T, logs *record) {
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	m := c.open(t, away.URL, nil, logs)
	if a, ok := m.(messengers.Accountable); ok && !a.Whose().IsZero() {
		t.Errorf("it tells whose account it is before it has asked: %s", a.Whose())
	}
	if tries, ok := m.(messengers.Trier); ok && c.Base != "" {
		switch err := tries.Try(background(t)); {
		case err == nil:
			t.Errorf("nobody answers, and the account is good")
		case pull.KindOf(err) == pull.Denied:
			t.Errorf("nobody answers, and the account is refused: %v", err)
		default:
			c.silent(t, err.Error())
		}
	}
	c.begins(t)
}

// begins fills a channel in as the console would begin it: without what is made,
// and with what an installation begins with that nobody can call.
func (c Case) begins(t T) {
	const made = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST"
	opener := c.Kind.New()
	fields, err := settings.Fields(opener)
	if err != nil {
		t.Fatalf("%v", err)
	}
	values := maps.Clone(c.Settings)
	if c.Base != "" {
		values[c.Base] = baseAt(c, nowhere)
	}
	for _, f := range fields {
		if f.Is == settings.Made {
			values[f.Name] = made
		}
	}
	if err := settings.Fill(opener, values); err != nil {
		t.Errorf("with what is made it is refused: %v", err)
	}
	begun := c.Kind.New()
	u, ok := begun.(messengers.Unreached)
	if !ok {
		return
	}
	u.BeginUnreached()
	if err := settings.Fill(begun, values); err != nil {
		t.Errorf("as it begins where nobody can call, it is refused: %v", err)
	}
}
