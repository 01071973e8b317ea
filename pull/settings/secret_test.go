package settings_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/settings"
)

func TestSecretIsNeverSeen(t *testing.T) {
	secret := settings.Secret("hunter2")
	holder := struct{ Token settings.Secret }{secret}
	var seen bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s", "%T"} {
		fmt.Fprintf(&seen, verb, secret)
		fmt.Fprintf(&seen, verb, holder)
		fmt.Fprintf(&seen, verb, &holder)
		fmt.Fprintf(&seen, verb, map[settings.Secret]int{secret: 1})
	}
	for _, v := range []any{secret, holder, &holder, []settings.Secret{secret}} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		seen.Write(text)
	}
	slog.New(slog.NewJSONHandler(&seen, nil)).Info("x", "secret", secret, "holder", holder)
	slog.New(slog.NewTextHandler(&seen, nil)).Info("x", "secret", secret, "holder", holder)
	for _, part := range []string{"hunter", fmt.Sprintf("%x", "hunter"), fmt.Sprintf("%X", "hunter")} {
		if strings.Contains(seen.String(), part) {
			t.Errorf("%q is to be seen in\n%s", part, seen.String())
		}
	}
	if got := secret.Reveal(); got != "hunter2" {
		t.Errorf("Reveal gave %q", got)
	}
	if got := fmt.Sprintf("%v|%q", settings.Secret(""), settings.Secret("")); got != `|""` {
		t.Errorf("an empty secret shows as %s", got)
	}
}

func TestSecretsSealsAtAnyDepthAndLeavesTheRest(t *testing.T) {
	values := map[string]any{
		"id": "a", "token": "t", "dsn": settings.Secret("d"), "headers": map[string]any{"A": "h", "B": ""},
		"fields": map[string]any{"A": "f"}, "answers": []any{map[string]any{"text": "x", "pin": "p"}, "bad"},
		"server": map[string]any{"listen": "l"}, "other": "o",
	}
	seal := func(_, s string) (string, error) { return "sealed:" + s, nil }
	sealed, err := settings.Secrets(newSample(), values, seal)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"id": "a", "token": "sealed:t", "dsn": "sealed:d", "headers": map[string]any{"A": "sealed:h", "B": ""},
		"fields": map[string]any{"A": "f"}, "answers": []any{map[string]any{"text": "x", "pin": "sealed:p"}, "bad"},
		"server": map[string]any{"listen": "l"}, "other": "o",
	}
	if diff := cmp.Diff(want, sealed); diff != "" {
		t.Error(diff)
	}
	if values["token"] != "t" {
		t.Error("the values that were given have changed")
	}
	opened, err := settings.Secrets(newSample(), sealed, func(_, s string) (string, error) { return strings.TrimPrefix(s, "sealed:"), nil })
	if err != nil || opened["token"] != "t" {
		t.Errorf("opened to %v, %v", opened["token"], err)
	}
	_, err = settings.Secrets(newSample(), values, func(string, string) (string, error) { return "", errors.New("no key") })
	if err == nil || strings.Contains(err.Error(), `"t"`) {
		t.Errorf("got %v, want an error that names a field only", err)
	}
}
