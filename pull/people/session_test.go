package people_test

import (
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"keypull/pull/people"
)

func TestSecretsAreLongAndTheirOwn(t *testing.T) {
	form := regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	seen := map[string]bool{}
	for range 100 {
		secret, hash := people.NewSecret(rand.Reader)
		if !form.MatchString(secret) || seen[secret] || hash != people.HashSecret(secret) || len(hash) != 64 {
			t.Fatalf("%q, %q", secret, hash)
		}
		seen[secret] = true
	}
}

func TestASecretIsDrawnThoughTheReaderFails(t *testing.T) {
	broken := iotest.ErrReader(errors.New("no entropy"))
	one, _ := people.NewSecret(broken)
	two, _ := people.NewSecret(broken)
	short, _ := people.NewSecret(strings.NewReader("few"))
	if one == two || one == short || len(one) != 43 || len(people.NewID(broken)) != 16 {
		t.Errorf("%q, %q, %q", one, two, short)
	}
}

func TestIDsAreSmallLettersAndDigits(t *testing.T) {
	form := regexp.MustCompile(`^[a-z2-7]{16}$`)
	seen := map[string]bool{}
	for range 100 {
		id := people.NewID(rand.Reader)
		if !form.MatchString(id) || seen[id] {
			t.Fatalf("%q", id)
		}
		seen[id] = true
	}
}

func TestASessionEnds(t *testing.T) {
	s, _ := people.NewSession(rand.Reader, "anna", noon, "192.0.2.1", "Browser")
	for name, tt := range map[string]struct {
		seen, now time.Duration
		want      bool
	}{
		"at once":                      {0, 0, false},
		"just before it is idle":       {0, people.IdleLimit - 1, false},
		"idle":                         {0, people.IdleLimit, true},
		"used meanwhile":               {people.IdleLimit - 1, people.IdleLimit, false},
		"used until just before":       {people.AbsoluteLimit - 1, people.AbsoluteLimit - 1, false},
		"too old, though used":         {people.AbsoluteLimit - 1, people.AbsoluteLimit, true},
		"begun after the clock's time": {0, -time.Hour, false},
	} {
		s.Seen = noon.Add(tt.seen)
		if got := s.Expired(noon.Add(tt.now)); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestASessionIsKnownByItsSecretAndItsForms(t *testing.T) {
	s, secret := people.NewSession(rand.Reader, "anna", noon, "192.0.2.1", strings.Repeat("é", 500)+"\xff")
	if s.ID != people.HashSecret(secret) || s.CSRF == "" || strings.Contains(s.CSRF, secret) {
		t.Errorf("%+v", s)
	}
	if utf8.RuneCountInString(s.Agent) != people.MaxAgent || !utf8.ValidString(s.Agent) {
		t.Errorf("agent %q", s.Agent)
	}
	for csrf, want := range map[string]bool{s.CSRF: true, "": false, s.CSRF + "x": false, secret: false} {
		if s.HasToken(csrf) != want {
			t.Errorf("%q: %v", csrf, !want)
		}
	}
	if (people.Session{}).HasToken("") {
		t.Error("a session without a secret takes any form")
	}
}

func TestNotEveryUseOfASessionIsAWrite(t *testing.T) {
	s, _ := people.NewSession(rand.Reader, "anna", noon, "", "")
	if same, write := s.See(noon.Add(people.SeenStep - 1)); write || !same.Seen.Equal(noon) {
		t.Error("written within the step")
	}
	if later, write := s.See(noon.Add(people.SeenStep)); !write || !later.Seen.Equal(noon.Add(people.SeenStep)) {
		t.Error("not written after the step")
	}
}
