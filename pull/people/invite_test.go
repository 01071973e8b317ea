package people_test

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"

	"keypull/pull/people"
)

func TestAnInviteCountsForItsTime(t *testing.T) {
	i, secret := people.NewInvite(rand.Reader, noon)
	if i.Hash != people.HashSecret(secret) || i.Expired(noon.Add(people.InviteLimit-1)) || !i.Expired(noon.Add(people.InviteLimit)) {
		t.Errorf("%+v", i)
	}
}

func TestAllThatIsWrongWithAnInviteIsToldAtOnce(t *testing.T) {
	i, _ := people.NewInvite(rand.Reader, noon)
	i.Email = "anna@lecker.example"
	wantRefused(t, i.Check(), "roles publisher_missing")
	reset, admin := i, i
	reset.Person, admin.Admin = "abcdefghijklmn27", true
	wantRefused(t, reset.Check())
	wantRefused(t, admin.Check())
	i.Email, i.Name, i.Expires = "anna", strings.Repeat("n", people.MaxName+1), noon
	i.Roles = map[string]people.Role{"lecker": "root"}
	wantRefused(t, i.Check(), "email email_at", "name name_length", "roles.lecker role_publisher", "expires expires_past")
}

func TestAnActLeavesOutWhatIsTooLong(t *testing.T) {
	fits := json.RawMessage(`"` + strings.Repeat("x", people.MaxChange-2) + `"`)
	for name, tt := range map[string]struct {
		change json.RawMessage
		want   json.RawMessage
	}{
		"nothing": {}, "what just fits": {fits, fits}, "one byte more": {append(json.RawMessage(" "), fits...), nil}, "no JSON": {json.RawMessage("{"), nil},
	} {
		a := people.Act{Before: tt.change, After: tt.change}.Fit()
		if string(a.Before) != string(tt.want) || string(a.After) != string(tt.want) {
			t.Errorf("%s: %d and %d bytes", name, len(a.Before), len(a.After))
		}
	}
}
