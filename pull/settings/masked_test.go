package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/settings"
)

func TestMaskSecretsHidesThemAtAnyDepth(t *testing.T) {
	values := map[string]any{
		"id": "a", "token": "hunter2", "dsn": settings.Secret("hunter2"), "headers": map[string]any{"A": "hunter2", "B": "", "C": 5},
		"answers": []any{map[string]any{"text": "x", "pin": "hunter2"}, "hunter2", map[string]any{"pin": ""}, nil},
		"server":  map[string]any{"listen": "l"}, "other": "o", "zone": nil,
	}
	got, err := settings.MaskSecrets(newSample(), values)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"id": "a", "token": "••••", "dsn": "••••", "headers": map[string]any{"A": "••••", "B": "", "C": "••••"},
		"answers": []any{map[string]any{"text": "x", "pin": "••••"}, "••••", map[string]any{"pin": ""}, nil},
		"server":  map[string]any{"listen": "l"}, "other": "o", "zone": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if values["token"] != "hunter2" {
		t.Error("the values that were given have changed")
	}
	odd := map[string]any{"token": 12345, "headers": "12345", "answers": map[string]any{"pin": "12345"}}
	if got, err := settings.MaskSecrets(newSample(), odd); err != nil || strings.Contains(fmt.Sprint(got), "12345") {
		t.Errorf("of values of wrong types got %v, %v", got, err)
	}
}

func TestKeepSecretsTakesTheOldOnesWhereNobodyTypedAnother(t *testing.T) {
	old := map[string]any{
		"token": "old", "dsn": "old", "headers": map[string]any{"A": "old A", "B": "old B"},
		"answers": []any{map[string]any{"text": "x", "pin": "old pin"}, "bad"},
	}
	tests := []struct {
		name         string
		values, want map[string]any
	}{
		{"the mask", map[string]any{"token": "••••", "dsn": settings.Secret("••••")}, map[string]any{"token": "old", "dsn": "old"}},
		{"another secret", map[string]any{"token": "new"}, map[string]any{"token": "new"}},
		{"one that was emptied", map[string]any{"token": "", "dsn": nil}, map[string]any{"token": "", "dsn": nil}},
		{"one that is not there", map[string]any{"id": "a"}, map[string]any{"id": "a"}},
		{"pairs, a renamed one dropped", map[string]any{"headers": map[string]any{"A": "••••", "B": "new", "C": "••••"}},
			map[string]any{"headers": map[string]any{"A": "old A", "B": "new"}}},
		{"rows by position", map[string]any{"answers": []any{map[string]any{"text": "y", "pin": "••••"}, map[string]any{"pin": "••••"}, map[string]any{"pin": "new"}, map[string]any{"pin": "••••"}}},
			map[string]any{"answers": []any{map[string]any{"text": "y", "pin": "old pin"}, map[string]any{}, map[string]any{"pin": "new"}, map[string]any{}}}},
		{"what is no secret", map[string]any{"zone": "••••", "names": []any{"••••"}}, map[string]any{"zone": "••••", "names": []any{"••••"}}},
		{"wrong types", map[string]any{"token": 5, "answers": "••••"}, map[string]any{"token": 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := settings.KeepSecrets(newSample(), tt.values, old)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	got, err := settings.KeepSecrets(newSample(), map[string]any{"token": "••••", "headers": map[string]any{"A": "••••"}}, map[string]any{"token": "••••"})
	if diff := cmp.Diff(map[string]any{"headers": map[string]any{}}, got); diff != "" || err != nil {
		t.Errorf("with nothing old: %v\n%s", err, diff)
	}
}
