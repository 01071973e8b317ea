package people_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/people"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func person() people.Person {
	return people.Person{ID: "abcdefghijklmn27", Email: "anna@lecker.example", Name: "Anna Ü.", Language: "de", Zone: "Europe/Berlin",
		Roles: map[string]people.Role{"lecker": people.Editor}, Hash: "h", Created: noon, Changed: noon}
}

// wantRefused compares the fields and keys of what is wrong.
func wantRefused(t *testing.T, err error, want ...string) {
	t.Helper()
	var got []string
	for _, r := range people.Refused(err) {
		got = append(got, r.Field+" "+r.Key)
		if r.Message == "" || strings.ContainsAny(r.Message, "{}") || strings.ContainsFunc(r.Message, func(r rune) bool { return r < ' ' }) {
			t.Errorf("%s %s says %q", r.Field, r.Key, r.Message)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestARoleCountsInItsPublisherAlone(t *testing.T) {
	p := person()
	p.Roles["odd"] = "root"
	p.Roles[""] = people.Owner
	for publisher, want := range map[string]people.Role{"lecker": people.Editor, "other": "", "": "", "odd": ""} {
		if got, ok := p.Role(publisher); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", publisher, got, ok)
		}
	}
	p.Admin = true
	for _, publisher := range []string{"lecker", "other", ""} {
		if got, ok := p.Role(publisher); !ok || got != people.Admin {
			t.Errorf("admin in %q: %q, %v", publisher, got, ok)
		}
	}
}

func TestAllThatIsWrongWithAPersonIsToldAtOnce(t *testing.T) {
	wantRefused(t, person().Check())
	wantRefused(t, people.Person{ID: person().ID, Email: "a@b"}.Check())
	wantRefused(t, people.Person{
		ID: "short", Email: "nobody", Name: strings.Repeat("ä", people.MaxName+1), Language: "es\n", Zone: "Mars/Olympus",
		Roles: map[string]people.Role{"lecker": people.Admin, "Bad One": people.Viewer, "ok-1": people.Owner},
	}.Check(), "id id", "email email_at", "language language", "zone zone", "name name_length", "roles publisher", "roles.lecker role_publisher")
	for _, zone := range []string{"Local", "../etc/passwd"} {
		p := person()
		p.Zone, p.Name = zone, "two\nlines"
		wantRefused(t, p.Check(), "zone zone", "name characters")
	}
}

func TestAPersonIsShownWithoutTheHash(t *testing.T) {
	p := person()
	bare := p.WithoutHash()
	bare.Roles["other"] = people.Viewer
	if bare.Hash != "" || p.Hash != "h" || len(p.Roles) != 1 || bare.Email != p.Email {
		t.Errorf("%+v of %+v", bare, p)
	}
}

func TestWhatCannotBeAnEmailIsRefused(t *testing.T) {
	for email, want := range map[string]string{
		"a@b": "", "anna+news@lecker.example": "", "äöü@müller.example": "",
		strings.Repeat("a", people.MaxEmail-2) + "@b": "",
		"": "email_length", "@b": "email_length", "a@b" + strings.Repeat("c", people.MaxEmail): "email_length",
		"anna": "email_at", "@lecker": "email_at", "anna@": "email_at", "a@b@c": "email_at",
		"a b@c": "email_characters", "a@b\r\nBcc: x": "email_characters", "a\u200b@b": "email_characters", "a\xff@b": "email_characters",
	} {
		if want == "" {
			wantRefused(t, people.CheckEmail(email))
		} else {
			wantRefused(t, people.CheckEmail(email), "email "+want)
		}
	}
}

func TestANormalEmailStaysAsItIs(t *testing.T) {
	if got := people.NormalEmail("  Anna@LECKER.example\n"); got != "anna@lecker.example" {
		t.Errorf("got %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		once := people.NormalEmail(rapid.String().Draw(t, "email"))
		if twice := people.NormalEmail(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}
