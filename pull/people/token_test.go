package people_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"keypull/pull/people"
)

func newToken(t *testing.T) (token people.Token, text, secret string) {
	t.Helper()
	token, text = people.NewToken(rand.Reader, noon)
	id, secret, err := people.ParseToken(text)
	if err != nil || id != token.ID {
		t.Fatalf("%q: %q, %v", text, id, err)
	}
	return token, text, secret
}

func TestATokenIsKnownByItsSecret(t *testing.T) {
	token, text, secret := newToken(t)
	if text != "kp_"+token.ID+"_"+secret || strings.Contains(token.Hash, secret) {
		t.Errorf("%q of %+v", text, token)
	}
	_, _, other := newToken(t)
	for try, want := range map[string]bool{secret: true, other: false, "": false, token.Hash: false, text: false} {
		if token.Is(try) != want {
			t.Errorf("%q: %v", try, !want)
		}
	}
	if (people.Token{}).Is("") || token.WithoutHash().Is(secret) {
		t.Error("a token without a hash has a secret")
	}
}

func TestATextThatIsNoTokenIsRefusedAndNotRepeated(t *testing.T) {
	_, text, secret := newToken(t)
	for _, bad := range []string{"", "kp_", "kp__", secret, strings.ToUpper(text), text + "a", text[:len(text)-1], " " + text, text + "\n",
		"kp_abcdefg1_" + secret, "kp_abc_" + secret, "kp_abcdefgh" + secret, "kp_abcdefgh_" + secret[:42] + "=", "kp_abcdefgh_" + strings.Repeat("/", 43)} {
		_, _, err := people.ParseToken(bad)
		wantRefused(t, err, "token token")
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%v repeats the secret", err)
		}
	}
}

func TestATokenEnds(t *testing.T) {
	if (people.Token{}).Expired(noon) {
		t.Error("a token without an end has ended")
	}
	token := people.Token{Expires: noon}
	if token.Expired(noon.Add(-1)) || !token.Expired(noon) {
		t.Error("it ends at another time")
	}
}

func TestATokenCountsWhereItIsMeantFor(t *testing.T) {
	for _, tt := range []struct {
		publisher string
		role      people.Role
		asked     string
		want      people.Role
	}{
		{"lecker", people.Editor, "lecker", people.Editor},
		{"lecker", people.Editor, "other", ""},
		{"lecker", people.Owner, "", ""},
		{"", people.Viewer, "lecker", people.Viewer},
		{"", people.Admin, "", people.Admin},
		{"lecker", "", "lecker", ""},
		{"", "root", "", ""},
	} {
		if got, ok := (people.Token{Publisher: tt.publisher, Role: tt.role}).RoleIn(tt.asked); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%+v: %q, %v", tt, got, ok)
		}
	}
}

func TestAllThatIsWrongWithATokenIsToldAtOnce(t *testing.T) {
	good, _ := people.NewToken(rand.Reader, noon)
	good.Name, good.Role, good.Publisher, good.Expires = "import", people.Editor, "lecker", noon.Add(time.Hour)
	wantRefused(t, good.Check())
	bad := good
	bad.Name, bad.Role, bad.Publisher, bad.Expires = " ", "root", "L", noon
	wantRefused(t, bad.Check(), "name name_missing", "role role", "publisher publisher", "expires expires_past")
	bad = good
	bad.Role = people.Admin
	wantRefused(t, bad.Check(), "role role_publisher")
	bad.Publisher = ""
	wantRefused(t, bad.Check())
}

func FuzzParseToken(f *testing.F) {
	_, text := people.NewToken(rand.Reader, noon)
	for _, seed := range []string{text, "", "kp_", "kp_abcdefgh_", "kp_abcdefgh_" + strings.Repeat("A", 43), "kp_abcdefgh_" + strings.Repeat("_", 43)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, secret, err := people.ParseToken(text)
		if err != nil {
			if id != "" || secret != "" || len(people.Refused(err)) != 1 {
				t.Errorf("%q: %q, %q, %v", text, id, secret, err)
			}
			return
		}
		if text != "kp_"+id+"_"+secret || len(id) != 8 || len(secret) != 43 {
			t.Errorf("%q became %q and %q", text, id, secret)
		}
	})
}
